"""The two stages of a job: cleaning, which needs no model, and writing, by actors that each hold one.

Blocks of `summarizer.batching.WINDOW` rows go from stage to stage: as many as a batch on one machine takes at a time,
so that the model finds texts of like length among them, and few enough that little is lost with a machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from summarizer.article import Article
from summarizer.batch.inputs import Item, read_item
from summarizer.batch.run import Settings, lost_item, maker_of, result_key
from summarizer.batching import WINDOW, unforeseen
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.models import Length, Task, find_info
from summarizer.models.info import Embedded
from summarizer.storage.fingerprint import digest_values
from summarizer.summarizer import Summarizer, Translate, code_digest, try_to_clean

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

    from summarizer.batch.cluster.isolation import Isolated
    from summarizer.batch.cluster.tables import Columns

CLEANER_MEMORY = 1 << 30
"""Bytes that the process which cleans may have."""

WRITER_MEMORY = 2 << 30
"""Bytes that an actor with the embedded model asks Ray for, and may have."""

_PER_PARAMETER = 8
"""Bytes that an actor asks for on top, for each parameter of a model of the hub: float32 twice, as it is loaded."""

_DIGITS = 32
"""Length of a fingerprint: 128 bits, as hexadecimal digits."""


@dataclass(frozen=True)
class Recipe:
    """What results depend on besides their inputs; goes to all workers.

    Attributes:
        ringkas: does the work.
        settings: of the batch.
        maker: what `summarizer.batch.run.maker_of` returns.
    """

    ringkas: Summarizer
    settings: Settings
    maker: tuple[str, ...]

    @classmethod
    def of(cls, ringkas: Summarizer, settings: Settings) -> Recipe:
        """Make the recipe of a job on the machine that starts it.

        Raises:
            ModelError: a model is unknown, missing or can't be prepared.
        """
        ringkas = ringkas.detached(threads=ringkas.threads or 1)
        ringkas.check(settings.translate)
        return cls(ringkas, settings, tuple(maker_of(ringkas, settings.translate)))

    @property
    def digest(self) -> str:
        """What stands for the recipe."""
        return result_key(self.maker, self.settings, b"")[:16]

    def fingerprint(self, item: Item) -> str:
        """Return what stands for all that the result of an item depends on, and its id."""
        data = str(item.error).encode() if item.data is None else item.data
        return digest_values([item.name, result_key(self.maker, self.settings, data)])[:_DIGITS]


def summarize_dataset(
    dataset: Dataset,
    ringkas: Summarizer | None = None,
    *,
    text_column: str = "text",
    id_column: str = "id",
    translate: Translate = "abstract",
    length: Length | None = None,
    force: bool = False,
    actors: int | None = None,
    memory: int | None = None,
) -> Dataset:
    """Write and translate the abstracts of the articles in a Ray dataset, on the cluster that Ray is connected to.

    Nothing is computed before the dataset is used: written, for instance. The results are those that `ringkas batch`
    gives for JSON lines with the same text (and the same ``title``, where there is such a column).

    Args:
        dataset: one article in a row.
        ringkas: what does the work, with its models; None for the defaults. Each actor loads a model of its own, and
            asks Ray for as many CPUs as it has threads (one, if that is left open), and for a GPU if its device is one.
        text_column: holds the articles: text, plain or HTML, or the bytes of saved pages.
        id_column: tells the articles apart: a text or a number.
        translate: as for `Summarizer.summarize`.
        length: as for `Summarizer.summarize`.
        force: take pages that seem to hold no article, or another language than Indonesian.
        actors: how many write at a time; None lets Ray decide, from one to as many as there is room for.
        memory: bytes that an actor asks Ray for, and that the process with the model may have; None for 2 GiB, and for
            models of the hub 8 bytes for each parameter more.

    Returns:
        A row for each article, with the columns of `summarizer.batch.cluster.tables.RESULTS`. Where there is no result,
        ``error`` says why; a process that dies over an article does no more harm than that.

    Raises:
        RingkasError: Ray isn't installed.
        ModelError: a model is unknown, missing or can't be prepared.
    """
    require_ray()
    from summarizer.batch.cluster.tables import Columns

    settings = Settings(translate, "json", text_column, force, length)
    recipe = Recipe.of(ringkas or Summarizer(), settings)
    articles = clean_rows(dataset, recipe, Columns(id_column, text_column))
    return write_rows(articles, recipe, actors=actors, memory=memory)


def require_ray() -> None:
    """Check that Ray is there.

    Raises:
        RingkasError: it isn't.
    """
    # Ray reads this as it is imported: from when on it holds back a stage whose results nobody has taken yet. By
    # default from when its store is half full, which for a million articles may be never.
    os.environ.setdefault("RAY_DATA_DOWNSTREAM_CAPACITY_OBJECT_STORE_BUDGET_UTIL_THRESHOLD", "0")
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise RingkasError(
            "working on a cluster needs Ray: in a checkout, run pip install --editable '.[ray]'"
        ) from error


def clean_rows(dataset: Dataset, recipe: Recipe, columns: Columns | None) -> Dataset:
    """Return the cleaned articles of a dataset, with the columns of `summarizer.batch.cluster.tables.ARTICLES`.

    Args:
        dataset: what `summarizer.batch.cluster.tables.items_of` takes.
        recipe: of the job.
        columns: as for `summarizer.batch.cluster.tables.items_of`.
    """
    cleaned = dataset.map_batches(
        clean_table,
        fn_kwargs={"recipe": recipe, "columns": columns},
        batch_size=WINDOW,
        batch_format="pyarrow",
        num_cpus=1,
    )
    # Ray makes this a part of the tasks that clean, as long as those ask for nothing but a CPU; it is they that would
    # give back blocks as large as they were read.
    return cleaned.repartition(target_num_rows_per_block=WINDOW)


def write_rows(articles: Dataset, recipe: Recipe, *, actors: int | None, memory: int | None) -> Dataset:
    """Return the results of cleaned articles, with the columns of `summarizer.batch.cluster.tables.RESULTS`.

    Args:
        articles: what `clean_rows` returned.
        recipe: of the job.
        actors: as for `summarize_dataset`.
        memory: as for `summarize_dataset`.
    """
    from ray.data import ActorPoolStrategy

    on_gpu = recipe.ringkas.device != "cpu"
    memory = memory or _memory(recipe)
    return articles.map_batches(
        Writer,
        fn_constructor_kwargs={"recipe": recipe, "memory": None if on_gpu else memory},
        batch_size=WINDOW,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=actors) if actors else ActorPoolStrategy(min_size=1),
        num_cpus=recipe.ringkas.threads,
        num_gpus=1 if on_gpu else 0,
        memory=memory,
    )


def shortage(recipe: Recipe, *, actors: int | None, memory: int | None) -> str | None:
    """Say what a job asks of Ray and Ray doesn't have; Ray itself would wait for it without a word.

    Args:
        recipe: of the job.
        actors: as for `summarize_dataset`.
        memory: as for `summarize_dataset`.

    Returns:
        A part of a sentence; None if there is enough.
    """
    import ray

    count, memory = actors or 1, memory or _memory(recipe)
    actor = {"CPU": recipe.ringkas.threads or 1, "GPU": int(recipe.ringkas.device != "cpu"), "memory": memory}
    machines = [machine["Resources"] for machine in ray.nodes() if machine["Alive"]]
    room = sum(min(machine.get(kind, 0) // asked for kind, asked in actor.items() if asked) for machine in machines)
    if room < count:
        return f"{count} x {_amounts(actor)} are needed to write, and Ray's machines have room for {room:g} of that"
    there = {kind: sum(machine.get(kind, 0) for machine in machines) for kind in actor}
    needed = {kind: count * asked for kind, asked in actor.items()}
    needed["CPU"] += 1
    if all(there[kind] >= asked for kind, asked in needed.items()):
        return None
    return f"{_amounts(needed)} are needed to clean and write, and Ray has {_amounts(there)}"


def _amounts(resources: Mapping[str, float]) -> str:
    gpus = f"{resources['GPU']:g} GPU, " if resources["GPU"] else ""
    return f"{gpus}{resources['CPU']:g} CPU and {resources['memory'] / (1 << 30):.1f} GiB"


def _memory(recipe: Recipe) -> int:
    memory = WRITER_MEMORY
    for name in {recipe.ringkas.model_name(task) for task in Task}:
        # A model that was passed in has a name of its own.
        with suppress(ModelError):
            info = find_info(name)
            memory += 0 if isinstance(info.source, Embedded) else _PER_PARAMETER * info.parameters
    return memory


def clean_table(table: pa.Table, recipe: Recipe, columns: Columns | None) -> pa.Table:
    """Read and clean the articles of a table, in a child of this process."""
    from summarizer.batch.cluster.tables import ARTICLES, article_row, error_row, items_of, table_of

    _require_same_code(recipe.maker[1])
    items = items_of(table, columns)
    keys = [(item.name, recipe.fingerprint(item)) for item in items]
    cleaned = _cleaner(recipe.settings.text_field, recipe.settings.force)(items)
    rows = [article_row(article) if isinstance(article, Article) else error_row(article) for article in cleaned]
    return table_of(keys, rows, ARTICLES)


@cache
def _require_same_code(code: str) -> None:
    """Check that this machine has the Ringkas that the job was started with.

    Raises:
        InputError: it hasn't.
    """
    if code_digest() != code:
        raise InputError(
            "a worker has another version of Ringkas than the program that started the job: install the same one"
        )


@cache
def _cleaner(text_field: str, force: bool) -> Isolated[Item, Article | RingkasError]:
    """Return what cleans in this process' child; Ray uses a process for many tasks."""
    from summarizer.batch.cluster.isolation import Isolated

    return Isolated(partial(_clean, text_field=text_field, force=force), lost_item, memory=CLEANER_MEMORY)


def _clean(items: Sequence[Item], text_field: str, force: bool) -> list[Article | RingkasError]:
    return [_clean_item(item, text_field, force) for item in items]


def _clean_item(item: Item, text_field: str, force: bool) -> Article | RingkasError:
    if item.error:
        return item.error
    try:
        return try_to_clean(read_item(item, item.data or b"", text_field), force=force)
    except RingkasError as error:
        return error
    except Exception as error:
        return unforeseen(item.name, "read", error)


class Writer:
    """An actor that writes and translates abstracts; its child holds the models."""

    def __init__(self, recipe: Recipe, memory: int | None) -> None:
        """Say what to do; the models are loaded with the first articles.

        Args:
            recipe: of the job.
            memory: bytes that the child may have; None for no limit.
        """
        from summarizer.batch.cluster.isolation import Isolated

        self._recipe = recipe
        work = _Writing(recipe.ringkas, recipe.settings)
        self._write: Isolated[Article, dict[str, Any] | RingkasError] = Isolated(work, _lost_article, memory=memory)

    def __call__(self, table: pa.Table) -> pa.Table:
        """Return the results of a table of cleaned articles; those without an article go through as they are.

        Raises:
            ModelError: a model can't be loaded.
        """
        from summarizer.batch.cluster.tables import RESULTS, article_of, error_row, table_of

        _require_same_code(self._recipe.maker[1])
        rows: list[dict[str, Any]] = table.to_pylist()
        keys = [(row["id"], row["fingerprint"]) for row in rows]
        places = [place for place, row in enumerate(rows) if row["error"] is None]
        written = self._write([article_of(rows[place]) for place in places]) if places else []
        for place, result in zip(places, written, strict=True):
            rows[place] = error_row(result) if isinstance(result, RingkasError) else result
        return table_of(keys, rows, RESULTS)


@dataclass(frozen=True)
class _Writing:
    """What a writer's child does; it keeps the models that it has loaded."""

    ringkas: Summarizer
    settings: Settings

    def __call__(self, articles: Sequence[Article]) -> list[dict[str, Any] | RingkasError]:
        settings = self.settings
        results = self.ringkas.write(articles, settings.translate, length=settings.length)
        return [result if isinstance(result, RingkasError) else result.to_record() for result in results]


def _lost_article(article: Article) -> RingkasError:
    return RingkasError(
        f"{article.source} can't be summarised: the process that wrote died",
        advice="check whether memory ran out, or leave it out",
    )
