"""The actor of a job, which cleans articles and writes their abstracts and translations.

It takes `summarizer.api.WINDOW` rows at a time, as many as a batch on one machine, so that the model finds texts
of like length among them, and few enough that little is lost with a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from summarizer.article import Article
from summarizer.batch.provenance import JobSpec, Settings, code_digest
from summarizer.batch.reading import BatchInput, read_article
from summarizer.batching import WINDOW
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.models import Length, Task, find_info
from summarizer.models.info import Embedded
from summarizer.summarizer import Summarizer, Translate

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

    from summarizer.batch.cluster.tables import Columns

_MEMORY = 2 << 30
"""Bytes that an actor with the embedded model asks Ray for."""

_PER_PARAMETER = 8
"""Bytes that an actor asks for on top, for each parameter of a model of the hub: float32 twice, as it is loaded."""


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

    The text column holds text, plain or HTML, or the bytes of saved pages; the id column tells the articles apart. Each
    actor loads the models of ``ringkas`` (the default ones if it is None), and asks Ray for as many CPUs as that has
    threads (one, if that is left open), for a GPU if its device is one, and for ``memory`` bytes: 2 GiB, and for models
    of the hub 8 bytes for each parameter more. ``actors`` write at a time; None lets Ray decide, from one to as many as
    there is room for. All else is as for `Summarizer.summarize`.

    Returns:
        A row for each article, with the columns of `summarizer.batch.cluster.tables.RESULTS`. Where there is no result,
        ``error`` says why.

    Raises:
        RingkasError: Ray isn't installed.
        ModelError: a model is unknown, missing or can't be prepared.
    """
    require_ray()
    from summarizer.batch.cluster.tables import Columns

    ringkas = for_actors(ringkas)
    spec = JobSpec.of(ringkas, Settings(translate, "json", text_column, force, length))
    inputs = dataset.map_batches(
        read_rows,
        fn_kwargs={"columns": Columns(id_column, text_column), "spec": spec},
        batch_size=None,
        batch_format="pyarrow",
    )
    return write_rows(inputs, ringkas, spec, actors=actors, memory=memory)


def require_ray() -> None:
    """Check that Ray is there.

    Raises:
        RingkasError: it isn't.
    """
    try:
        import ray.data  # noqa: F401
    except ImportError as error:
        raise RingkasError(
            "working on a cluster needs Ray: in a checkout, run pip install --editable '.[ray]'"
        ) from error


def for_actors(ringkas: Summarizer | None) -> Summarizer:
    """Return one that goes to actors, with a number of threads."""
    ringkas = ringkas or Summarizer()
    return ringkas.detached(threads=ringkas.threads or 1)


def read_rows(table: pa.Table, columns: Columns, spec: JobSpec, finished: Any = None) -> Iterator[pa.Table]:
    """Yield the rows of a dataset as inputs; for ``finished``, see `summarizer.batch.cluster.tables.input_tables`."""
    from summarizer.batch.cluster.tables import input_tables

    return input_tables(columns.inputs(table), spec, finished)


def write_rows(
    inputs: Dataset, ringkas: Summarizer, spec: JobSpec, *, actors: int | None, memory: int | None
) -> Dataset:
    """Return the results (`RESULTS`) of inputs (`INPUTS`); ``ringkas`` is what `for_actors` returned."""
    from ray.data import ActorPoolStrategy

    return inputs.repartition(target_num_rows_per_block=WINDOW).map_batches(
        Writer,
        fn_constructor_kwargs={"ringkas": ringkas, "spec": spec},
        batch_size=WINDOW,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=actors) if actors else ActorPoolStrategy(min_size=1),
        num_cpus=ringkas.threads,
        num_gpus=int(ringkas.device != "cpu"),
        memory=memory or memory_of(ringkas),
    )


def memory_of(ringkas: Summarizer) -> int:
    """Return how many bytes an actor asks Ray for."""
    memory = _MEMORY
    for name in {ringkas.model_name(task) for task in Task}:
        # A model that was passed in has a name of its own.
        with suppress(ModelError):
            info = find_info(name)
            memory += 0 if isinstance(info.source, Embedded) else _PER_PARAMETER * info.parameters
    return memory


class Writer:
    """The actor."""

    def __init__(self, ringkas: Summarizer, spec: JobSpec) -> None:
        """Check that this machine has the Ringkas that the job was started with.

        Raises:
            InputError: it hasn't.
        """
        if code_digest() != spec.provenance[1]:
            raise InputError(
                "a worker has another version of Ringkas than the program that started the job: install the same one"
            )
        self._ringkas, self._spec = ringkas, spec

    def __call__(self, table: pa.Table) -> pa.Table:
        """Return the results of a table of inputs.

        Raises:
            ModelError: a model can't be loaded.
        """
        from summarizer.batch.cluster.tables import error_row, inputs_of, results_table

        settings = self._spec.settings
        articles = [_clean(one, settings) for one in inputs_of(table)]
        results = self._ringkas.write(articles, settings.translate, length=settings.length)
        rows = [error_row(one) if isinstance(one, RingkasError) else one.to_record() for one in results]
        return results_table(table, rows)


def _clean(one: BatchInput, settings: Settings) -> Article | RingkasError:
    try:
        return read_article(one, one.data or b"", settings) if one.error is None else one.error
    except InputError as error:
        return error
