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
        return [sentence for paragraph in self.paragraphs for sentence in split_sentences(paragraph)]

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
    elif files := sorted(path.glob("[0-9]*.json"), key=lambda file: (len(file.stem), file.stem)):
        form, items = _from_objects((str(file), parse_object(read_text_file(file), str(file))) for file in files)
    else:
        pages = sorted(file for file in path.iterdir() if file.suffix in _PAGES and not REFERENCE.search(file.name))
        form, items = "pages", [_read_page(page) for page in pages]
    return _data_set(path, form, items, limit)


def load_translations(path: Path, references: Sequence[Path] = (), limit: int | None = None) -> DataSet:
    """Read Indonesian texts with English reference translations, or the first of them.

    From a text file, one item per line, with others of as many lines (``NAME.en`` goes with ``NAME.id``); from JSON
    lines (``.jsonl``) with ``id`` and ``en``; or from a folder of ``NAME.ref.txt`` with ``NAME.en.txt``.

    Raises:
        InputError: as for `load_summaries`; also where the files have different numbers of lines.
    """
    if path.is_dir():
        form, items = "abstracts", [_read_abstract(file) for file in sorted(path.glob("*.ref.txt"))]
    elif path.suffix == ".jsonl":
        rows = parse_lines(read_text_file(path), path)
        form, items = "json", [_from_fields(place.split()[-1], place, row, "id", "en") for place, row in rows]
    else:
        form, items = "parallel", _read_parallel(path, references)
    return _data_set(path, form, items, limit)


def _data_set(path: Path, form: str, items: Sequence[Sample], limit: int | None) -> DataSet:
    if not items:
        raise InputError(f"{path} holds no items")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path} holds two items with the id {item.id!r}")
        seen.add(item.id)
    name = path.resolve().name.removesuffix(".jsonl").removesuffix(".id")
    digest = digest_values([astuple(item) for item in items])
    return DataSet(name, form, str(path), digest, len(items), tuple(items[:limit]))


def _read_page(page: Path) -> Sample:
    references = _read_targets(page, page.stem, "ref")
    article = Summarizer(force=True).clean(page)
    return _sample(page.stem, str(page), article.title, article.paragraphs, references)


def _read_abstract(file: Path) -> Sample:
    name = file.name.removesuffix(".ref.txt")
    return _sample(name, str(file), None, [read_text_file(file)], _read_targets(file, name, "en"))


def _read_targets(file: Path, name: str, kind: str) -> list[str]:
    """Read the files ``NAME.KIND.txt``, ``NAME.KIND2.txt`` and so on."""
    found = sorted(file.parent.glob(f"{glob.escape(name)}.{kind}*.txt"))
    texts = [read_text_file(other) for other in found if REFERENCE.sub("", other.name) == name]
    if not texts:
        raise InputError(f"{file} has no reference: {name}.{kind}.txt is missing")
    return texts


def _read_parallel(path: Path, references: Sequence[Path]) -> list[Sample]:
    if not references and path.suffix != ".id":
        raise InputError(f"{path}: use --reference to say which file holds its translations")
    files = [path, *(references or [path.with_suffix(".en")])]
    columns = [read_lines(file) for file in files]
    for file, column in zip(files, columns, strict=True):
        if len(column) != len(columns[0]):
            raise InputError(f"{path} has {len(columns[0])} lines, but {file} has {len(column)}")
    return [
        _sample(str(number), f"{path}, line {number}", None, [source], targets)
        for number, (source, *targets) in enumerate(zip(*columns, strict=True), 1)
    ]


def _from_objects(rows: Iterable[Row]) -> tuple[str, list[Sample]]:
    """Return the format, which the first object tells, and the items."""
    form = "json"
    items: list[Sample] = []
    for place, row in rows:
        if not items:
            form = "indosum" if "paragraphs" in row else "liputan6" if "clean_article" in row else "json"
        name = place.split()[-1] if row.get("id") is None else str(row["id"])
        if form == "json":
            items.append(_from_fields(name, place, row, "text", "summary"))
        else:
            items.append(_from_tokens(name, place, row, form))
    return form, items


def _from_tokens(name: str, place: str, row: dict[str, Any], form: str) -> Sample:
    """Read an object of IndoSum (Kurniawan and Louvan 2018) or Liputan6 (Koto et al. 2020).

    IndoSum has paragraphs of sentences of tokens, Liputan6 sentences without paragraphs.
    """
    text, summary = ("paragraphs", "summary") if form == "indosum" else ("clean_article", "clean_summary")
    paragraphs = [part if form == "indosum" else [part] for part in look_up(row, text, place, list)]
    references = [_join(look_up(row, summary, place, list), place, summary)]
    return _sample(name, place, None, [_join(sentences, place, text) for sentences in paragraphs], references)


def _from_fields(name: str, place: str, row: dict[str, Any], text: str, reference: str) -> Sample:
    # A title that is no text is none.
    title = row.get("title") if isinstance(row.get("title"), str) else None
    return _sample(name, place, title, look_up(row, text, place).split("\n"), [look_up(row, reference, place)])


def _sample(name: str, place: str, title: str | None, paragraphs: Iterable[str], references: Iterable[str]) -> Sample:
    """Make an item, and require that it has texts, which come to stand on one line each.

    Source texts are repaired as Ringkas repairs what it reads: FLORES-200 dev as it is passed on has "SÃ£o Paulo".
    """
    tidy = tuple(repair(" ".join(paragraph.split())) for paragraph in paragraphs if paragraph.strip())
    targets = tuple(" ".join(reference.split()) for reference in references)
    if not tidy:
        raise InputError(f"{place}: the text is empty")
    if not all(targets):
        raise InputError(f"{place}: the reference is empty")
    return Sample(name, title and repair(title), tidy, targets)


def look_up(row: dict[str, Any], name: str, place: str, kind: type = str) -> Any:
    """Return a field of the object at a place, or raise an `InputError` where it is missing, or of another kind."""
    value = row.get(name)
    if value is None:
        raise InputError(f"{place} has nothing in the field {name!r}; it has {', '.join(row) or 'no fields at all'}")
    if not isinstance(value, kind):
        raise InputError(f"{place}: {name} is not a {'string' if kind is str else 'list'}")
    return value


def _join(value: Any, place: str, name: str) -> str:
    """Return sentences of tokens as text."""
    if not isinstance(value, list) or not all(
        isinstance(tokens, list) and all(isinstance(token, str) for token in tokens) for tokens in value
    ):
        raise InputError(f"{place}: {name} does not hold sentences as lists of tokens")
    # What somebody says can run over several sentences: its marks are paired within the whole paragraph, unless one
    # of them is missing there.
    if sum(tokens.count('"') for tokens in value) % 2 == 0:
        value = [list(chain.from_iterable(value))]
    return " ".join(detokenize(" ".join(" ".join(tokens).split())) for tokens in value)


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
    """Return the lines of a file in UTF-8; a blank file has none."""
    # Not splitlines(): a line may hold U+2028, which that takes for its end.
    text = read_text_file(path)
    return text.removesuffix("\n").split("\n") if text else []


def parse_lines(text: str, path: Path) -> Iterator[Row]:
    """Yield the JSON objects of a file's text with one per line, with the place of each; blank lines are skipped."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}, line {number}", parse_object(line, f"{path}, line {number}")


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
