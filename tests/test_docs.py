"""What the documents show is really there: commands, options, help texts, files, modules, links, presets."""

import ast
import doctest
import pkgutil
import re
import shlex
import textwrap
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import summarizer
from eval.__main__ import main as eval_main
from summarizer.cli.commands import main
from summarizer.extraction.rules import RuleKind, make_rule
from summarizer.models.catalogue import DEFAULT, load_catalogue
from summarizer.models.seq2seq.engine import Seq2SeqEngine
from summarizer.output.formats import FORMATS
from summarizer.output.table import COLUMNS, SENTENCE_COLUMNS
from summarizer.summarizer import Summarizer
from tests.conftest import ROOT
from tests.output.test_schema import WHOLE
from training.__main__ import main as training_main

PAGES = sorted(
    [
        *(ROOT / "README.md", ROOT / "README.id.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")),
        ROOT / "eval" / "data" / "news" / "README.md",
        ROOT / "training" / "NOTES.md",
        ROOT / "training" / "corpus" / "README.md",
        ROOT / "summarizer" / "models" / "embedded" / "adapter" / "README.md",
    ]
)
MODULES: dict[str, click.Command] = {"eval": eval_main, "training": training_main}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
TOP = tuple(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))

# In a list, a block is indented.
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_OPTION = re.compile(r"--[a-z][\w-]+")
_VARIABLE = re.compile(r"\bRINGKAS_[A-Z_]+\b")
# Long options of pip, and variables that are no option's.
_FOREIGN = {"--editable", "--prefix", "--upgrade", "RINGKAS_CACHE", "RINGKAS_CONFIG", "RINGKAS_TEST_CACHE"}
_FOREIGN |= {"RINGKAS_FIREFOX_SOURCES"}
# Of curl and of docker.
_FOREIGN |= {"--data", "--header", "--json", "--user"}


def blocks(text: str, *languages: str) -> list[str]:
    return [textwrap.dedent(body) for _, language, body in _BLOCK.findall(text) if language in languages]


def prose(text: str) -> str:
    return _BLOCK.sub("", text)


def shell_lines(text: str) -> Iterator[list[str]]:
    """The commands of a document, cut into words, without comments; one for each part of a pipe."""
    for block in blocks(text, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars="|;")
            lexer.whitespace_split = True
            words = list(lexer)
            while words:
                command = list(takewhile(lambda word: word not in ("|", ";"), words))
                words = words[len(command) + 1 :]
                if command:
                    yield command


def check_click(command: click.Command, arguments: list[str], parent: click.Context | None = None) -> None:
    """Raise `click.UsageError` unless the command takes the arguments."""
    with suppress(click.exceptions.Exit):  # of --help and --version
        context = command.make_context(command.name, list(arguments), parent)
        if isinstance(command, click.Group) and (words := [*context._protected_args, *context.args]):
            _, found, rest = command.resolve_command(context, words)
            assert found
            check_click(found, rest, context)


def check_command(words: list[str]) -> None:
    """Hold a command of the package's own against its parser; of others, make's targets and the programs' names."""
    words = [words[0].removeprefix(".venv/bin/"), *words[1:]]
    match words:
        case ["ringkas", *rest]:
            check_click(main, rest)
        case ["docker", "run", *rest]:
            # What stands behind the image's name is for the entry point.
            check_click(main, rest[rest.index("ringkas") + 1 :])
        case ["python" | "python3", "-m", name, *rest] if name in MODULES:
            check_click(MODULES[name], rest)
        case ["python" | "python3", "-m", name, *_]:
            is_own = (ROOT / f"{name.replace('.', '/')}.py").exists()
            assert is_own or name in ("venv", "pip", "pytest", "twine"), words
        case ["make", *targets]:
            known = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
            assert set(targets) <= set(known)
        case [program, *_]:
            others = (".", "cp", "curl", "docker", "export", "find", "git", "mkdir", "pbpaste", "pip", "ssh")
            assert program in others, words


@each_page
def test_commands_are_taken(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (click.Path, click.File):
        # What is named need not exist.
        monkeypatch.setattr(kind, "convert", lambda self, value, *_: value)
    for words in shell_lines(page.read_text(encoding="utf-8")):
        try:
            check_command(words)
        except click.UsageError as error:
            pytest.fail(f"{shlex.join(words)}: {error.format_message()}")


def names_of(command: click.Command) -> set[str]:
    """The options of a command and of those below it, and their variables."""
    own = {"--help"}
    for parameter in command.params:
        own |= {*parameter.opts, *parameter.secondary_opts, str(parameter.envvar)}
    children = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(names_of, children))


@each_page
def test_options_and_variables_in_the_text_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = _FOREIGN.union(*map(names_of, (main, *MODULES.values())))
    named = {option for code in _CODE.findall(prose(text)) for option in _OPTION.findall(code)}
    assert named | {*_VARIABLE.findall(text)} <= known


def test_help_is_the_real_one() -> None:
    shown = [block for page in PAGES for block in blocks(page.read_text(encoding="utf-8"), "text") if "Usage:" in block]
    assert shown
    for block in shown:
        usage = re.match(r"Usage: ringkas((?: [a-z]+)*)", block)
        assert usage, block
        result = CliRunner().invoke(main, [*usage.group(1).split(), "--help"], prog_name="ringkas", terminal_width=78)
        assert block == result.output


def slugs(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page.read_text(encoding="utf-8"))):
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in slugs(target), link


@each_page
def test_paths_and_modules_exist(page: Path) -> None:
    for code in _CODE.findall(prose(page.read_text(encoding="utf-8"))):
        path, _, function = code.partition(":")
        if " " in code or "\\" in code:
            continue
        if "/" in path and path.split("/")[0] in TOP:
            assert (ROOT / path).exists(), code
            assert not function or re.search(rf"(?:def|class) {function}\b", (ROOT / path).read_text("utf-8")), code
        elif re.fullmatch(r"(?:summarizer|training|eval)(?:\.\w+)+", code):
            pkgutil.resolve_name(code)


def test_names_in_python_exist() -> None:
    found = [block for page in PAGES for block in blocks(page.read_text(encoding="utf-8"), "python")]
    assert found
    for block in found:
        if ">>>" in block:
            result = doctest.DocTestRunner().run(doctest.DocTestParser().get_doctest(block, {}, "docs", "docs", 0))
            assert result.failed == 0
            assert result.attempted > 0
            continue
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    pkgutil.resolve_name(f"{node.module}:{alias.name}")
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ringkas":
                assert hasattr(Summarizer, node.attr), node.attr


def table(page: Path, heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading: name in backticks in the first column to the other columns."""
    text = page.read_text(encoding="utf-8").split(f"# {heading}\n", 1)[1]
    rows = takewhile(lambda line: line.startswith("|"), text[text.index("\n|") + 1 :].splitlines())
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows][2:]
    return {name: row[1:] for row in cells for name in _CODE.findall(row[0])}


def test_presets_are_those_of_the_catalogue() -> None:
    page = ROOT / "docs" / "models.md"
    shown = table(page, "Presets for translation") | table(page, "Presets for abstracts")
    infos = {info.name: info for info in load_catalogue() if isinstance(info.engine, Seq2SeqEngine)}
    assert shown.keys() == infos.keys()
    for name, (licence, *_) in shown.items():
        assert licence.strip("*") == infos[name].licence
        assert licence.startswith("**") == infos[name].noncommercial


def test_fields_are_those_of_results() -> None:
    shown = set(table(ROOT / "docs" / "results.md", "Fields of a result"))
    assert shown == set(WHOLE.to_dict())
    assert set(WHOLE.to_record()) - shown == {"paragraphs", "lines", "removed"}


def test_columns_are_those_of_the_tables() -> None:
    page = ROOT / "docs" / "newspaper.md"
    assert table(page, "Use the table").keys() == set(COLUMNS)
    of_sentences = page.read_text(encoding="utf-8").partition("a table of sentences")[2].partition("```")[0]
    assert set(SENTENCE_COLUMNS) <= set(_CODE.findall(of_sentences))


def test_formats_are_those_of_the_option() -> None:
    shown = table(ROOT / "docs" / "commands.md", "Formats")
    assert {name: columns[0].strip("`") for name, columns in shown.items()} == {
        name: form.ending for name, form in FORMATS.items()
    }


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[(.*?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == summarizer.__version__


def test_the_changelog_has_its_sections_in_order_and_nothing_twice() -> None:
    for version in re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        sections = re.findall(r"^### (.*)$", version, re.MULTILINE)
        order = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
        assert sections == [name for name in order if name in sections]
        entries = re.findall(r"^- .*$", version, re.MULTILINE)
        assert len(set(entries)) == len(entries)


def test_the_rule_that_is_shown_does_what_it_says() -> None:
    page = (ROOT / "docs" / "cleaning.md").read_text(encoding="utf-8")
    [entry] = tomllib.loads(next(block for block in blocks(page, "toml")))["rule"]
    rule = make_rule(entry)
    assert rule.finds(rule.hit)
    assert not rule.finds(rule.miss)
    assert set(table(ROOT / "docs" / "cleaning.md", "The rules")) >= set(get_args(RuleKind))


def test_the_readme_shows_what_the_program_writes(checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "text")[0].splitlines()
    result = CliRunner().invoke(main, ["summarize", "tests/samples/jembatan.txt", "--model", DEFAULT, "--quiet"])
    assert result.exit_code == 0, result.output
    written = result.stdout.splitlines()
    assert len(written) == len(shown)
    # The Indonesian lines are the article's own; the English may differ in a word between processors.
    assert [written[at] for at in (0, 2, 4, 5, 7)] == [shown[at] for at in (0, 2, 4, 5, 7)]
    assert all(SequenceMatcher(None, *pair, autojunk=False).ratio() > 0.8 for pair in zip(written, shown, strict=True))
