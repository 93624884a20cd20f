"""Make the word lists that come with the package, from sources that are named on the command line.

``wordlists.toml`` holds what each list demands of a word, and what the lists in use were made from. Sources are text
files, one line after the other, or JSON lines (``.jsonl``), of which the fields `FIELDS` are read; both may be gzipped.
"""

from __future__ import annotations

import gzip
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from eval.data import look_up, parse_object
from summarizer.errors import InputError, reason_of
from summarizer.storage.atomic import write_whole
from summarizer.text.words import common_words, fold

FIELDS = ("title", "text", "summary")
"""Fields of JSON lines that hold text."""

_ROOT = Path(__file__).parent.parent
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
# What a word comes after if it doesn't begin a sentence, a quotation or a list.
_INSIDE = re.compile(r"[\w,;]\s*\Z")
_NAME = re.compile(r"[A-Z].*(?<!'s)")
_SHORTEST_NAME = 3

Settings = dict[str, Any]


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a source.

    Raises:
        InputError: it can't be read, or is not what its name says.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if ".jsonl" in path.suffixes:
                    yield from _texts_of(line, f"{path}, line {number}")
                else:
                    yield line.rstrip("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {reason_of(error)}") from error


def _texts_of(line: str, place: str) -> Iterator[str]:
    """Yield the fields of a JSON object that hold text."""
    row = parse_object(line, place)
    for name in FIELDS:
        if row.get(name):
            yield look_up(row, name, place)


def count_cases(lines: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Count words of Latin letters in lower case, and those with a capital that no beginning of a sentence explains."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for line in lines:
        for match in _WORD.finditer(line):
            word = match.group().replace("’", "'")
            if word.islower():
                lower[word] += 1
            elif _INSIDE.search(line[max(0, match.start() - 3) : match.start()]):
                capital[word.lower()] += 1
    return lower, capital


def find_common(lines: Iterable[str], dictionary: Iterable[str], settings: Settings) -> set[str]:
    """Return the words that are hardly ever names.

    Args:
        lines: text to count words in.
        dictionary: words that count as common however rare they are, unless they have a capital too often.
        settings: ``least``, ``ratio`` and ``added`` of ``wordlists.toml``.
    """
    lower, capital = count_cases(lines)
    words: set[str] = set()
    for word, count in lower.items():
        if count >= settings["least"]:
            words.add(word)
    for word in dictionary:
        if word.islower() and word.isascii() and "'" not in word:
            words.add(word)
    common = set(settings["added"])
    for word in words:
        is_seldom_a_name = lower[word] >= settings["ratio"] * capital[word]
        if len(word) > 1 and is_seldom_a_name:
            common.add(word)
    return common


def find_names(words: Iterable[str]) -> set[str]:
    """Return those words of dictionaries that are written with a capital, folded, without common English words."""
    names: set[str] = set()
    for word in words:
        name = fold(word)
        if _NAME.fullmatch(word) and name.isalpha() and len(name) >= _SHORTEST_NAME:
            names.add(name)
    return names - common_words("en")


def find_rows(lines: Iterable[str], settings: Settings) -> list[int]:
    """Return the ids of the tokens that the embedded model keeps (see `summarizer.models.embedded.tokenizer`)."""
    from gguf import GGUFReader

    from eval.vocabulary import choose
    from summarizer.models.embedded import gguf_source, tokenizer

    with TemporaryDirectory() as scratch, gguf_source.open_weights(Path(scratch)) as path:
        full = tokenizer.FullVocabulary.read(GGUFReader(path))
    return choose(full, lines, settings["least"])


@click.command()
@click.argument("name", metavar="LIST", type=click.Choice(["common_id", "common_en", "names_en", "vocabulary"]))
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--dictionary",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="For common words: a file of words that count as common, one per line. Repeatable.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; without it, only compare.")
def wordlists(name: str, sources: Sequence[Path], dictionary: Sequence[Path], output: Path | None) -> None:
    """Make a word list of the package again, and compare it with the one in use.

    LIST is common_id, common_en, names_en or vocabulary. SOURCE is a text file or a file of JSON lines;
    eval/wordlists.toml names the sources of the lists in use.
    """
    wordlist_settings = files(__package__).joinpath("wordlists.toml").read_text(encoding="utf-8")
    settings: Settings = tomllib.loads(wordlist_settings)[name]
    lines = chain.from_iterable(map(read_lines, sources))
    if name == "vocabulary":
        from eval.vocabulary import write_kept
        from summarizer.models.embedded.tokenizer import read_kept

        rows = find_rows(lines, settings)
        if output is not None:
            write_kept(rows, output)
        _tell_difference(name, set(rows), set(read_kept()))
        return
    if name == "names_en":
        words = find_names(lines)
    else:
        words = find_common(lines, chain.from_iterable(map(read_lines, dictionary)), settings)
    if output is not None:
        write_whole(output, "".join(f"{word}\n" for word in sorted(words)))
    _tell_difference(name, words, set((_ROOT / settings["path"]).read_text(encoding="utf-8").split()))


def _tell_difference(name: str, made: set[Any], used: set[Any]) -> None:
    click.echo(
        f"{name}: {len(made):,} entries; of the {len(used):,} in use, {len(used & made):,} are among them, "
        f"{len(used - made):,} are not, and {len(made - used):,} are new"
    )
