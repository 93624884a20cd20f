"""The actor of a job, which cleans articles and writes their abstracts and translations.

It takes `summarizer.batching.WINDOW` rows at a time, as many as a batch on one machine, so that the model finds texts
of like length among them, and few enough that little is lost with a machine.
"""

from __future__ import annotations

import pickle
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from summarizer.article import Article
from summarizer.batch.cluster.sources import input_rows, read_row
from summarizer.batch.failures import describe_failure
from summarizer.batch.provenance import JobSpec, Settings, code_digest
from summarizer.batch.reading import BatchInput, read_article, read_bytes
from summarizer.batching import WINDOW
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.models import Length, Task
from summarizer.models.catalogue import find_info
from summarizer.summarizer import Summarizer, Translate

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset

# Bytes that an actor with the embedded model asks Ray for.
_MEMORY = 2 << 30
# Bytes more for each parameter of a model of the hub, which is there in float32 twice while it is loaded.
_PER_PARAMETER = 8


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
        dataset: a row for each article.
        ringkas: what writes; None for the default models. Each actor loads its models, and asks Ray for as many CPUs as
            it has threads (one, if that is left open), and for a GPU if its device is one.
        text_column: holds text, plain or HTML, or the bytes of saved pages.
        id_column: tells the articles apart.
        translate: as for `Summarizer.summarize`.
        length: as for `Summarizer.summarize`.
        force: as for `Summarizer.summarize`.
        actors: how many write at a time; None lets Ray decide, from one to as many as there is room for.
        memory: bytes that each actor asks Ray for; None for 2 GiB, and for models of the hub 8 bytes for each parameter
            more.

    Returns:
        a dataset with a row for each article, with the columns of `summarizer.batch.cluster.tables.RESULTS`. Where
        there is no result, ``error`` says why.

    Raises:
        RingkasError: Ray isn't installed.
        ModelError: a model is unknown, missing or can't be prepared.
    """
    require_ray()
    ringkas = for_actors(ringkas)
    spec = JobSpec.of(ringkas, Settings(translate, "json", text_column, force, length))
    read = partial(read_row, id_column=id_column, text_column=text_column)
    inputs = dataset.flat_map(input_rows, fn_kwargs={"read": read, "spec": spec})
    return write_rows(inputs, ringkas, spec, actors=actors, memory=memory)


def require_ray() -> None:
    """Make sure that Ray is installed.

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
    """Return one that goes to actors, with a number of threads.

    Raises:
        ModelError: the file with the choice of models can't be read, where none was given.
    """
    ringkas = ringkas or Summarizer()
    return ringkas.detached(threads=ringkas.threads or 1)


def write_rows(
    inputs: Dataset, ringkas: Summarizer, spec: JobSpec, *, actors: int | None, memory: int | None
) -> Dataset:
    """Return the results of what `input_rows` made; ``ringkas`` is what `for_actors` returned."""
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
            if info.engine.needs_download:
                memory += _PER_PARAMETER * info.parameters
    return memory


class Writer:
    """The actor."""

    def __init__(self, ringkas: Summarizer, spec: JobSpec) -> None:
        """Take what writes, and what its results depend on.

        Raises:
            InputError: this machine has another version of Ringkas.
        """
        if code_digest() != spec.provenance[1]:
            raise InputError(
                "a worker has another version of Ringkas than the program that started the job: install the same one"
            )
        self._ringkas = ringkas
        self._settings = spec.settings

    def __call__(self, table: pa.Table) -> pa.Table:
        """Return the results of inputs, or their errors, as rows of `summarizer.batch.cluster.tables.RESULTS`."""
        import pyarrow as pa

        from summarizer.batch.cluster.tables import RESULTS

        inputs = table.to_pylist()
        articles: list[Article | RingkasError] = []
        for row in inputs:
            batch_input = pickle.loads(row["input"])  # noqa: S301 - Ringkas has made it
            articles.append(self._clean(batch_input))
        results = self._ringkas.write(articles, self._settings.translate, length=self._settings.length)
        rows: list[dict[str, Any]] = []
        for row, result in zip(inputs, results, strict=True):
            columns = _error_row(result) if isinstance(result, RingkasError) else result.to_record()
            rows.append(columns | row)
        # What a row lacks is null, and what the schema lacks is left out.
        return pa.Table.from_pylist(rows, schema=RESULTS)

    def _clean(self, batch_input: BatchInput) -> Article | RingkasError:
        try:
            return read_article(batch_input, read_bytes(batch_input), self._settings)
        except InputError as error:
            return error


def _error_row(error: RingkasError) -> dict[str, str]:
    failure = describe_failure(error)
    return {"error": failure["error"], "error_kind": failure["kind"], "advice": failure["advice"]}
