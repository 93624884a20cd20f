"""Read data sets: articles with reference summaries, and texts with reference translations."""

from __future__ import annotations

import glob
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from summarizer import Article, InputError, Summarizer
from summarizer.text.detokenization import detokenize
from summarizer.text.sentences import split_sentences

Benchmark = Literal["summaries", "translations"]
"""What systems are to write."""

_PAGES = (".txt", ".html", ".htm")
_MISSING = object()
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
class Output:
    """What a system wrote for an item.

    Attributes:
        text: on one line.
        tokens: its length in the system's own tokens; None where it has none.
        warnings: what the package says about it, in plain words.
        repairs: how the package repaired what the model wrote, in the words of `summarizer.writing.repair`.
    """

    text: str
    tokens: int | None = None
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """Items, and where they are from.

    Attributes:
        name: for people: the file's or folder's name without its extension.
        form: the format that was read.
        path: where it was read.
        sha256: of the bytes of all files that were read, one after the other.
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
        title: the headline; left out where the object has none.
    """

    text: str = "text"
    references: tuple[str, ...] = ("summary",)
    title: str = "title"


@dataclass
class _Reader:
    """Reads files, and remembers what it has read."""

    digest: Any = field(default_factory=hashlib.sha256)

    def text(self, path: Path) -> str:
        return read_text_file(path, self.digest.update)

    def lines(self, path: Path) -> list[str]:
        # Not splitlines(): a line may hold U+2028, which that takes for its end.
        return self.text(path).removesuffix("\n").split("\n")

    def objects(self, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
        return parse_lines(self.text(path), path)


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
    reader = _Reader()
    if path.is_dir():
        pages = _pages(path)
        if not pages and any(path.glob("*.json")):
            found = sorted(path.glob("*.json"), key=lambda file: (len(file.stem), file.stem))
            rows = [(str(file), parse_object(reader.text(file), str(file))) for file in found]
            form, items = _from_objects(rows, fields)
        else:
            form, items = "pages", [_page_item(page, reader) for page in pages]
    else:
        form, items = _from_objects(reader.objects(path), fields)
    return _data_set(path, form, reader, items, limit)


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
    reader = _Reader()
    if path.is_dir():
        form, items = "abstracts", [_abstract_item(file, reader) for file in sorted(path.glob("*.ref.txt"))]
    elif path.suffix == ".jsonl":
        form = "json"
        items = [_json_item(row, place, fields or Fields("id", ("en",))) for place, row in reader.objects(path)]
    else:
        form, items = "parallel", _parallel(path, references, reader)
    return _data_set(path, form, reader, items, limit)


def _data_set(path: Path, form: str, reader: _Reader, items: Sequence[Sample], limit: int | None) -> DataSet:
    if not items:
        raise InputError(f"{path} holds no items")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(f"{path} holds two items with the id {item.id!r}")
        seen.add(item.id)
    name = path.resolve().name.removesuffix(".jsonl").removesuffix(".id")
    kept = tuple(items[:limit])
    return DataSet(name, form, str(path), reader.digest.hexdigest(), len(items), kept)


def _pages(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in _PAGES and not _REFERENCE.search(file.name))


def _page_item(page: Path, reader: _Reader) -> Sample:
    files = _targets(page.parent, page.stem, "ref")
    if not files:
        raise InputError(f"{page} has no reference: {page.stem}.ref.txt is missing")
    references = [_whole(file, reader) for file in files]
    reader.text(page)
    article = Summarizer(force=True).clean(page)
    if not article.paragraphs:
        raise InputError(f"{page} holds no text")
    return Sample(page.stem, article.title, article.paragraphs, tuple(references))


def _abstract_item(file: Path, reader: _Reader) -> Sample:
    name = file.name.removesuffix(".ref.txt")
    references = _targets(file.parent, name, "en")
    if not references:
        raise InputError(f"{file} has no translation: {name}.en.txt is missing")
    return Sample(name, None, (_whole(file, reader),), tuple(_whole(other, reader) for other in references))


def _targets(folder: Path, name: str, kind: str) -> list[Path]:
    """Return the files ``NAME.KIND.txt``, ``NAME.KIND2.txt`` and so on."""
    files = sorted(folder.glob(f"{glob.escape(name)}.{kind}*.txt"))
    return [file for file in files if _REFERENCE.sub("", file.name) == name]


def _whole(file: Path, reader: _Reader) -> str:
    text = " ".join(reader.text(file).split())
    if not text:
        raise InputError(f"{file} is empty")
    return text


def _parallel(path: Path, references: Sequence[Path], reader: _Reader) -> list[Sample]:
    if not references:
        if path.suffix != ".id":
            raise InputError(f"{path}: use --reference to say which file holds its translations")
        references = [path.with_suffix(".en")]
    sources = reader.lines(path)
    if sources == [""]:
        return []
    columns = [reader.lines(file) for file in references]
    for file, column in zip(references, columns, strict=True):
        if len(column) != len(sources):
            raise InputError(f"{path} has {len(sources)} lines, but {file} has {len(column)}")
    items = []
    for number, (source, *targets) in enumerate(zip(sources, *columns, strict=True), 1):
        if not source.strip() or not all(target.strip() for target in targets):
            raise InputError(f"line {number} of {path} or of its translation is blank")
        items.append(
            Sample(str(number), None, (" ".join(source.split()),), tuple(target.strip() for target in targets))
        )
    return items


def _from_objects(rows: Iterable[tuple[str, dict[str, Any]]], fields: Fields | None) -> tuple[str, list[Sample]]:
    form = "json"
    items: list[Sample] = []
    for place, row in rows:
        if not items and fields is None:
            form = "indosum" if "paragraphs" in row else "liputan6" if "clean_article" in row else "json"
        read = _TOKENISED.get(form)
        items.append(read(row, place) if read else _json_item(row, place, fields or Fields()))
    return form, items


def _indosum_item(row: dict[str, Any], place: str) -> Sample:
    """Read an object of IndoSum (Kurniawan and Louvan 2018): paragraphs of sentences of tokens."""
    paragraphs = [_sentences(paragraph, place, "paragraphs") for paragraph in _list(row, "paragraphs", place)]
    return _item(row, place, None, paragraphs, [_sentences(_list(row, "summary", place), place, "summary")])


def _liputan6_item(row: dict[str, Any], place: str) -> Sample:
    """Read an object of Liputan6 (Koto et al. 2020): sentences of tokens, without paragraphs."""
    text = [_sentences([sentence], place, "clean_article") for sentence in _list(row, "clean_article", place)]
    return _item(row, place, None, text, [_sentences(_list(row, "clean_summary", place), place, "clean_summary")])


_TOKENISED: dict[str, Callable[[dict[str, Any], str], Sample]] = {"indosum": _indosum_item, "liputan6": _liputan6_item}


def _json_item(row: dict[str, Any], place: str, fields: Fields) -> Sample:
    references: list[str] = []
    for name in fields.references:
        value = _look_up(row, name, place)
        references += value if isinstance(value, list) else [value]
    text = _look_up(row, fields.text, place)
    paragraphs = text if isinstance(text, list) else [text]
    for value, name in [(part, fields.text) for part in paragraphs] + [(part, "reference") for part in references]:
        if not isinstance(value, str):
            raise InputError(f"{place}: {name} is neither a string nor a list of strings")
    title = _find(row, fields.title)
    lines = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    return _item(row, place, title if isinstance(title, str) else None, lines, references)


def _item(
    row: dict[str, Any], place: str, title: str | None, paragraphs: Iterable[str], references: Iterable[str]
) -> Sample:
    tidy = tuple(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())
    targets = tuple(" ".join(reference.split()) for reference in references)
    if not tidy:
        raise InputError(f"{place}: the text is empty")
    if not targets or not all(targets):
        raise InputError(f"{place}: the reference is empty")
    name = row.get("id")
    return Sample(place.rsplit(" ", 1)[-1] if name is None else str(name), title, tidy, targets)


def _look_up(row: dict[str, Any], name: str, place: str) -> Any:
    value = _find(row, name)
    if value is _MISSING:
        raise InputError(f"{place} has no field {name!r}, only {', '.join(row) or 'none at all'}")
    return value


def _find(row: dict[str, Any], name: str) -> Any:
    """Return the field with a name as `Fields` has them; `_MISSING` where there is none."""
    value: Any = row
    for part in [name] if name in row else name.split("."):
        if not isinstance(value, dict) or part not in value:
            return _MISSING
        value = value[part]
    return value


def _list(row: dict[str, Any], name: str, place: str) -> list[Any]:
    value = _look_up(row, name, place)
    if not isinstance(value, list):
        raise InputError(f"{place}: {name} is not a list")
    return value


def _sentences(value: Any, place: str, name: str) -> str:
    if not isinstance(value, list) or not all(
        isinstance(tokens, list) and all(isinstance(token, str) for token in tokens) for tokens in value
    ):
        raise InputError(f"{place}: {name} does not hold sentences as lists of tokens")
    # What somebody says can run over several sentences: its marks are paired within the whole paragraph, unless one
    # of them is missing there.
    if sum(tokens.count('"') for tokens in value) % 2 == 0:
        value = [list(chain.from_iterable(value))]
    return " ".join(detokenize(" ".join(" ".join(tokens).split())) for tokens in value)


def read_text_file(path: Path, note: Callable[[bytes], object] = lambda data: None) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark, its lines ended by line feeds.

    Args:
        path: the file.
        note: is handed its bytes.

    Raises:
        InputError: it can't be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        note(data)
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 (byte {error.start})") from error


def parse_lines(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JSON objects of a text with one per line, with the place of each for messages; blank lines are skipped.

    Args:
        text: the text.
        path: of its file, for messages.

    Raises:
        InputError: as for `parse_object`.
    """
    # Not splitlines(): a line may hold U+2028, which that takes for its end.
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
