"""Read data sets: articles with reference summaries, and texts with reference translations."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from eval.detokenization import detokenize
from summarizer import Article, InputError, Summarizer
from summarizer.errors import reason_of
from summarizer.extraction.decoding import repair
from summarizer.storage.fingerprint import digest_values
from summarizer.text.sentences import split_sentences

Benchmark = Literal["summaries", "translations"]
"""What systems are to write."""

Row = tuple[str, dict[str, Any]]
"""File and line of a JSON object, for messages, and the object."""

_PAGES = (".txt", ".html", ".htm")
REFERENCE = re.compile(r"\.(?:ref\d*|en\d*)\.txt$")
"""How the name of a text ends that goes with another."""


@dataclass(frozen=True)
class Sample:
    """A source text with what it should become: one reference or more, Indonesian for summaries, else English."""

    id: str
    title: str | None
    paragraphs: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def text(self) -> str:
        """The source text, one paragraph per line."""
        return "\n".join(self.paragraphs)

    @property
    def sentences(self) -> list[str]:
        """The sentences of the source text."""
        sentences: list[str] = []
        for paragraph in self.paragraphs:
            sentences += split_sentences(paragraph)
        return sentences

    @property
    def article(self) -> Article:
        """The source text as the package takes it: as it is, neither cleaned nor judged."""
        return Article(source=self.id, title=self.title, paragraphs=self.paragraphs)


@dataclass(frozen=True)
class DataSet:
    """Items, and where they are from: at least one, perhaps only the first of ``total``; the digest is of all."""

    name: str
    form: str
    path: str
    sha256: str
    total: int
    items: tuple[Sample, ...]


def load_summaries(path: Path, limit: int | None = None) -> DataSet:
    """Read articles with reference summaries, or the first of them.

    A file holds JSON lines: objects as XL-Sum has them (``text``, ``summary``, ``title`` where there is one), or as
    IndoSum or Liputan6. A folder holds Liputan6's ``NUMBER.json``, or pages ``NAME.txt`` or ``NAME.html``
    with ``NAME.ref.txt`` (and ``NAME.ref2.txt``...), which are cleaned.

    Raises:
        InputError: something there is not as it should be; the message names the file and the line.
    """
    if not path.is_dir():
        form, items = _from_objects(parse_lines(read_text_file(path), path))
        return _data_set(path, form, items, limit)
    # By their numbers: 9.json is before 10.json.
    objects = sorted(path.glob("[0-9]*.json"), key=lambda file: (len(file.stem), file.stem))
    if objects:
        form, items = _from_objects(_read_objects(objects))
        return _data_set(path, form, items, limit)
    items = []
    for file in sorted(path.iterdir()):
        if file.suffix in _PAGES and not REFERENCE.search(file.name):
            items.append(_read_page(file))
    return _data_set(path, "pages", items, limit)


def load_translations(path: Path, references: Sequence[Path] = (), limit: int | None = None) -> DataSet:
    """Read Indonesian texts with English reference translations, or the first of them.

    From a text file, one item per line, with others of as many lines (``NAME.en`` goes with ``NAME.id``); from JSON
    lines (``.jsonl``) with ``id`` and ``en``; or from a folder of ``NAME.ref.txt`` with ``NAME.en.txt``.

    Raises:
        InputError: as for `load_summaries`; also where the files have different numbers of lines.
    """
    if path.is_dir():
        abstracts = [_read_abstract(file) for file in sorted(path.glob("*.ref.txt"))]
        return _data_set(path, "abstracts", abstracts, limit)
    if path.suffix == ".jsonl":
        items: list[Sample] = []
        for place, row in parse_lines(read_text_file(path), path):
            items.append(_from_fields(_number_of(place), place, row, "id", "en"))
        return _data_set(path, "json", items, limit)
    return _data_set(path, "parallel", _read_parallel(path, references), limit)


def _data_set(path: Path, form: str, items: Sequence[Sample], limit: int | None) -> DataSet:
    """Require that there are items, each with an id of its own, and keep the first of them."""
    if not items:
        raise InputError(f"{path} holds no items")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path} holds two items with the id {item.id!r}")
        seen.add(item.id)
    name = path.resolve().name.removesuffix(".jsonl").removesuffix(".id")
    digest = digest_values([astuple(item) for item in items])
    return DataSet(name=name, form=form, path=str(path), sha256=digest, total=len(items), items=tuple(items[:limit]))


def _read_objects(files: Iterable[Path]) -> Iterator[Row]:
    """Yield the JSON object of each file; its place is the file."""
    for file in files:
        yield str(file), parse_object(read_text_file(file), str(file))


def _number_of(place: str) -> str:
    """Return what ends the name of a place: the number of the line, or else the file."""
    return place.split()[-1]


def _read_page(page: Path) -> Sample:
    references = _read_targets(page, page.stem, "ref")
    article = Summarizer(force=True).clean(page)
    return _sample(page.stem, str(page), article.title, article.paragraphs, references)


def _read_abstract(file: Path) -> Sample:
    name = file.name.removesuffix(".ref.txt")
    return _sample(name, str(file), None, [read_text_file(file)], _read_targets(file, name, "en"))


def _read_targets(file: Path, name: str, kind: str) -> list[str]:
    """Read the files ``NAME.KIND.txt``, ``NAME.KIND2.txt`` and so on."""
    texts: list[str] = []
    for target in sorted(file.parent.glob(f"{glob.escape(name)}.{kind}*.txt")):
        # "banjir.reff.txt" is no reference of "banjir", nor is "banjir.ref.b.ref.txt".
        if REFERENCE.sub("", target.name) == name:
            texts.append(read_text_file(target))
    if not texts:
        raise InputError(f"{file} has no reference: {name}.{kind}.txt is missing")
    return texts


def _read_parallel(path: Path, references: Sequence[Path]) -> list[Sample]:
    """Read texts from a file of lines, with references from others, or from ``NAME.en``.

    Raises:
        InputError: the files have different numbers of lines, or none is named.
    """
    if not references and path.suffix != ".id":
        raise InputError(f"{path}: use --reference to say which file holds its translations")
    sources = read_lines(path)
    columns: list[list[str]] = []
    for file in references or [path.with_suffix(".en")]:
        column = read_lines(file)
        if len(column) != len(sources):
            raise InputError(f"{path} has {len(sources)} lines, but {file} has {len(column)}")
        columns.append(column)
    items: list[Sample] = []
    for number, source in enumerate(sources, 1):
        targets = [column[number - 1] for column in columns]
        items.append(_sample(str(number), f"{path}, line {number}", None, [source], targets))
    return items


def _from_objects(rows: Iterable[Row]) -> tuple[str, list[Sample]]:
    """Return the format, which the first object tells, and the items."""
    form = "json"
    items: list[Sample] = []
    for place, row in rows:
        if not items:
            form = _form_of(row)
        name = _number_of(place)
        if row.get("id") is not None:
            name = str(row["id"])
        if form == "indosum":
            items.append(_from_indosum(name, place, row))
        elif form == "liputan6":
            items.append(_from_liputan6(name, place, row))
        else:
            items.append(_from_fields(name, place, row, "text", "summary"))
    return form, items


def _form_of(row: dict[str, Any]) -> str:
    """Tell the format of an object by a field that only it has."""
    if "paragraphs" in row:
        return "indosum"
    if "clean_article" in row:
        return "liputan6"
    return "json"


def _from_indosum(name: str, place: str, row: dict[str, Any]) -> Sample:
    """Read an object of IndoSum (Kurniawan and Louvan 2018): paragraphs of sentences of tokens."""
    paragraphs: list[str] = []
    for sentences in look_up(row, "paragraphs", place, list):
        paragraphs.append(_join(sentences, place, "paragraphs"))
    reference = _join(look_up(row, "summary", place, list), place, "summary")
    return _sample(name, place, None, paragraphs, [reference])


def _from_liputan6(name: str, place: str, row: dict[str, Any]) -> Sample:
    """Read an object of Liputan6 (Koto et al. 2020): sentences of tokens, each of which is taken for a paragraph."""
    paragraphs: list[str] = []
    for sentence in look_up(row, "clean_article", place, list):
        paragraphs.append(_join([sentence], place, "clean_article"))
    reference = _join(look_up(row, "clean_summary", place, list), place, "clean_summary")
    return _sample(name, place, None, paragraphs, [reference])


def _from_fields(name: str, place: str, row: dict[str, Any], text: str, reference: str) -> Sample:
    """Read an object with two fields of text, and maybe a title."""
    title = row.get("title")
    if not isinstance(title, str):
        title = None
    return _sample(name, place, title, look_up(row, text, place).split("\n"), [look_up(row, reference, place)])


def _sample(name: str, place: str, title: str | None, paragraphs: Iterable[str], references: Iterable[str]) -> Sample:
    """Make an item, and require that it has texts, which come to stand on one line each.

    Source texts are repaired as Ringkas repairs what it reads: FLORES-200 dev as it is passed on has "SÃ£o Paulo".
    """
    tidy: list[str] = []
    for paragraph in paragraphs:
        line = _on_one_line(paragraph)
        if line:
            tidy.append(repair(line))
    if not tidy:
        raise InputError(f"{place}: the text is empty")
    targets = tuple(map(_on_one_line, references))
    if "" in targets:
        raise InputError(f"{place}: the reference is empty")
    if title is not None:
        title = repair(title)
    return Sample(name, title, tuple(tidy), targets)


def _on_one_line(text: str) -> str:
    """Return text with one space for each run of white space."""
    return " ".join(text.split())


def look_up(row: dict[str, Any], name: str, place: str, kind: type = str) -> Any:
    """Return a field of the object at a place.

    Raises:
        InputError: it is missing, or of another kind.
    """
    value = row.get(name)
    if value is None:
        raise InputError(f"{place} has nothing in the field {name!r}; it has {', '.join(row) or 'no fields at all'}")
    if not isinstance(value, kind):
        raise InputError(f"{place}: {name} is not a {'string' if kind is str else 'list'}")
    return value


def _join(value: Any, place: str, name: str) -> str:
    """Return sentences of tokens as text.

    Raises:
        InputError: the value is something else.
    """
    if not _is_tokens(value):
        raise InputError(f"{place}: {name} does not hold sentences as lists of tokens")
    sentences: list[list[str]] = value
    marks = 0
    for tokens in sentences:
        marks += tokens.count('"')
    # What somebody says can run over several sentences: its marks are paired within the whole paragraph, unless one
    # of them is missing there.
    if marks % 2 == 0:
        sentences = [list(chain.from_iterable(sentences))]
    texts: list[str] = []
    for tokens in sentences:
        texts.append(detokenize(_on_one_line(" ".join(tokens))))
    return " ".join(texts)


def _is_tokens(value: Any) -> bool:
    """Tell whether a value is a list of sentences, each of them a list of strings."""
    if not isinstance(value, list):
        return False
    for tokens in value:
        if not isinstance(tokens, list):
            return False
        if not all(isinstance(token, str) for token in tokens):
            return False
    return True


def read_text_file(path: Path) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark, its lines ended by line feeds.

    Raises:
        InputError: it can't be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(f"cannot read {path}: {reason_of(error)}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start})") from error


def read_lines(path: Path) -> list[str]:
    """Return the lines of a file in UTF-8; a blank file has none.

    Raises:
        InputError: it can't be read, or is not UTF-8.
    """
    # Not splitlines(): a line may hold U+2028, which that takes for its end.
    text = read_text_file(path)
    if not text:
        return []
    return text.removesuffix("\n").split("\n")


def parse_lines(text: str, path: Path) -> Iterator[Row]:
    """Yield the JSON objects of a file's text with one per line, with the place of each; blank lines are skipped.

    Raises:
        InputError: a line is something else than a JSON object, or a string in it is not Unicode text.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = f"{path}, line {number}"
            yield place, parse_object(line, place)


def parse_object(text: str, place: str) -> dict[str, Any]:
    """Parse the JSON object at a place that messages name.

    Raises:
        InputError: it is something else, or a string in it is not Unicode text.
    """
    try:
        row = json.loads(text)
        # JSON can hold half of a surrogate pair, which nothing after this can print or count.
        json.dumps(row, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{place} holds half of a surrogate pair: {error.object[error.start]!a}") from error
    except RecursionError as error:
        raise InputError(f"{place} is nested too deep") from error
    except ValueError as error:
        raise InputError(f"{place} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise InputError(f"{place} is not a JSON object")
    return row
