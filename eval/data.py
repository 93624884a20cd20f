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
from summarizer.storage.fingerprint import digest_values
from summarizer.text.sentences import split_sentences

Benchmark = Literal["summaries", "translations"]
"""What systems are to write."""

Row = tuple[str, dict[str, Any]]
"""File and line of a JSON object, for messages, and the object."""

_PAGES = (".txt", ".html", ".htm")
_REFERENCE = re.compile(r"\.(?:ref\d*|en\d*)\.txt$")


@dataclass(frozen=True)
class Sample:
    """A source text with what it should become.

    Attributes:
        id: names it within its data set.
        title: the headline, where there is one.
        paragraphs: the source text.
        references: one or more; in Indonesian for summaries, in English for translations.
    """

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
    """Items, and where they are from.

    Attributes:
        name: the file's or folder's name without its extension.
        form: the format that was read.
        path: where it was read.
        sha256: of all items, as they were read.
        total: number of items there; `items` may be only the first of them.
        items: at least one.
    """

    name: str
    form: str
    path: str
    sha256: str
    total: int
    items: tuple[Sample, ...]


@dataclass(frozen=True)
class Fields:
    """What the fields of a JSON object are called; a dot leads into an object within (``translation.id``).

    Attributes:
        text: the source text: a string, or a list of paragraphs.
        references: one name or more; a field may hold a list of references too.
        title: the headline; it may be missing.
    """

    text: str = "text"
    references: tuple[str, ...] = ("summary",)
    title: str = "title"


def load_summaries(path: Path, fields: Fields | None = None, limit: int | None = None) -> DataSet:
    """Read articles with reference summaries.

    Args:
        path: a file of JSON lines: objects with fields of one's own choice (XL-Sum's are the default), or those of
            IndoSum or Liputan6, which are recognised; or a folder: of Liputan6's ``NUMBER.json``, or of pages
            ``NAME.txt`` or ``NAME.html`` with ``NAME.ref.txt`` (and ``NAME.ref2.txt``...), which are cleaned.
        fields: names of the fields; not for IndoSum, Liputan6 and folders.
        limit: read no more than this many items, the first ones.

    Raises:
        InputError: something there is not as it should be; the message names the file and the line.
    """
    if not path.is_dir():
        form, items = _from_objects(parse_lines(read_text_file(path), path), fields)
    elif files := sorted(path.glob("[0-9]*.json"), key=lambda file: (len(file.stem), file.stem)):
        form, items = _from_objects((str(file), parse_object(read_text_file(file), str(file))) for file in files)
    else:
        pages = sorted(file for file in path.iterdir() if file.suffix in _PAGES and not _REFERENCE.search(file.name))
        form, items = "pages", [_read_page(page) for page in pages]
    return _data_set(path, form, items, limit)


def load_translations(
    path: Path, references: Sequence[Path] = (), fields: Fields | None = None, limit: int | None = None
) -> DataSet:
    """Read Indonesian texts with English reference translations.

    Args:
        path: a text file, one item per line; a file of JSON lines (``.jsonl``); or a folder of ``NAME.ref.txt`` with
            ``NAME.en.txt``.
        references: for a text file: files with as many lines. If there are none, ``NAME.en`` goes with ``NAME.id``.
        fields: names of the fields of JSON lines.
        limit: read no more than this many items, the first ones.

    Raises:
        InputError: as for `load_summaries`; also where the files have different numbers of lines.
    """
    if path.is_dir():
        form, items = "abstracts", [_read_abstract(file) for file in sorted(path.glob("*.ref.txt"))]
    elif path.suffix == ".jsonl":
        form, items = _from_objects(parse_lines(read_text_file(path), path), fields or Fields("id", ("en",)))
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
    texts = [read_text_file(other) for other in found if _REFERENCE.sub("", other.name) == name]
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


def _from_objects(rows: Iterable[Row], fields: Fields | None = None) -> tuple[str, list[Sample]]:
    """Return the format, which the first object tells, and the items."""
    form = "json"
    items: list[Sample] = []
    for place, row in rows:
        if not items and fields is None:
            form = "indosum" if "paragraphs" in row else "liputan6" if "clean_article" in row else "json"
        name = place.split()[-1] if row.get("id") is None else str(row["id"])
        if form == "json":
            items.append(_from_fields(name, place, row, fields or Fields()))
        else:
            items.append(_from_tokens(name, place, row, form))
    return form, items


def _from_tokens(name: str, place: str, row: dict[str, Any], form: str) -> Sample:
    """Read an object of IndoSum (Kurniawan and Louvan 2018) or Liputan6 (Koto et al. 2020).

    IndoSum has paragraphs of sentences of tokens, Liputan6 sentences without paragraphs.
    """
    text, summary = ("paragraphs", "summary") if form == "indosum" else ("clean_article", "clean_summary")
    paragraphs = [part if form == "indosum" else [part] for part in _list(row, text, place)]
    references = [_join(_list(row, summary, place), place, summary)]
    return _sample(name, place, None, [_join(sentences, place, text) for sentences in paragraphs], references)


def _from_fields(name: str, place: str, row: dict[str, Any], fields: Fields) -> Sample:
    paragraphs = [line for text in _strings(row, fields.text, place) for line in text.split("\n")]
    references = [text for field in fields.references for text in _strings(row, field, place)]
    title = _find(row, fields.title)
    return _sample(name, place, title if isinstance(title, str) else None, paragraphs, references)


def _sample(name: str, place: str, title: str | None, paragraphs: Iterable[str], references: Iterable[str]) -> Sample:
    """Make an item, and require that it has texts, which come to stand on one line each."""
    tidy = tuple(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    targets = tuple(" ".join(reference.split()) for reference in references)
    if not tidy:
        raise InputError(f"{place}: the text is empty")
    if not targets or not all(targets):
        raise InputError(f"{place}: the reference is empty")
    return Sample(name, title, tidy, targets)


def _strings(row: dict[str, Any], name: str, place: str) -> list[str]:
    value = _look_up(row, name, place)
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise InputError(f"{place}: {name} is neither a string nor a list of strings")
    return texts


def _look_up(row: dict[str, Any], name: str, place: str) -> Any:
    value = _find(row, name)
    if value is None:
        raise InputError(f"{place} has nothing in the field {name!r}; it has {', '.join(row) or 'no fields at all'}")
    return value


def _find(row: dict[str, Any], name: str) -> Any:
    """Return the field with a name as `Fields` has them, or None."""
    value: Any = row
    for part in [name] if name in row else name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _list(row: dict[str, Any], name: str, place: str) -> list[Any]:
    value = _look_up(row, name, place)
    if not isinstance(value, list):
        raise InputError(f"{place}: {name} is not a list")
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
    """Return the lines of a file in UTF-8; a blank file has none.

    Raises:
        InputError: as for `read_text_file`.
    """
    # Not splitlines(): a line may hold U+2028, which that takes for its end.
    text = read_text_file(path)
    return text.removesuffix("\n").split("\n") if text else []


def parse_lines(text: str, path: Path) -> Iterator[Row]:
    """Yield the JSON objects of a text with one per line, with the place of each; blank lines are skipped.

    Args:
        text: the text.
        path: of its file, for messages.

    Raises:
        InputError: as for `parse_object`.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"{path}, line {number}", parse_object(line, f"{path}, line {number}")


def parse_object(text: str, place: str) -> dict[str, Any]:
    """Parse a JSON object.

    Args:
        text: the object.
        place: file and line, for messages.

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
