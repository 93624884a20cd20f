"""Resume by Ray's checkpoints: what of the input has its result in the output already is passed over.

Ray keeps the checkpoints, and loads them. It would also compare them with the input, but in actors that hold CPUs of
their own from beginning to end, and each with a copy of all fingerprints. Here, the tasks that read compare, with one
sorted array in the object store of their machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import ray
from pyarrow import fs
from ray.data import DataContext, Dataset
from ray.data.checkpoint import CheckpointConfig
from ray.data.checkpoint.checkpoint_filter import CheckpointManager, IdColumnCheckpointManager

from summarizer.batch.cluster.stages import Recipe
from summarizer.batch.cluster.tables import Columns, items_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FINGERPRINT = "fingerprint"


class _Nothing(CheckpointManager):  # type: ignore[misc]
    """Loads nothing, so that Ray compares nothing when it plans a job."""

    def load_checkpoint(self, *_: object) -> tuple[None, int]:
        return None, 0


def checkpoint(path: str, filesystem: fs.FileSystem) -> CheckpointConfig:
    """Return how Ray shall keep book of the rows that are written, by their fingerprints.

    Ray notes the fingerprints of a file before it writes the file, and confirms them afterwards.

    Args:
        path: of the folder with the notes.
        filesystem: where it is.
    """
    return CheckpointConfig(
        id_column=_FINGERPRINT,
        checkpoint_path=path,
        override_filesystem=filesystem,
        delete_checkpoint_on_success=False,
        checkpoint_manager_cls=_Nothing,
    )


def load_finished(config: CheckpointConfig, folder: str) -> Any:
    """Remove the files that weren't confirmed, and return the fingerprints of the rows in those that were.

    Args:
        config: what `checkpoint` returned.
        folder: that holds the results, on the same file system.

    Returns:
        Ray's reference to a sorted array; None if there is no such row.

    Raises:
        OSError: the notes or the folder can't be read or written.
    """
    manager = IdColumnCheckpointManager(checkpoint_config=config, data_context=DataContext.get_current())
    fingerprints, _ = manager.load_checkpoint(folder, config.filesystem)
    return None if fingerprints is None else ray.remote(_packed).options(num_cpus=0).remote(fingerprints)


def _packed(fingerprints: NDArray[Any]) -> NDArray[np.bytes_]:
    """Return texts as an array that all processes of a machine read from the same memory."""
    return fingerprints.astype(np.bytes_)


def pass_over(dataset: Dataset, recipe: Recipe, columns: Columns | None, finished: Any) -> Dataset:
    """Return the rows of a dataset whose results aren't there yet.

    Args:
        dataset: what `summarizer.batch.cluster.tables.items_of` takes.
        recipe: of the job.
        columns: as for `summarizer.batch.cluster.tables.items_of`.
        finished: what `load_finished` returned.
    """
    if finished is None:
        return dataset

    def unfinished(table: pa.Table) -> pa.Table:
        known = ray.get(finished)
        own = np.array([recipe.fingerprint(item) for item in items_of(table, columns)], known.dtype)
        places = np.searchsorted(known, own)
        return table.filter(known[np.minimum(places, len(known) - 1)] != own)

    # Without a batch size, Ray makes this a part of the tasks that read.
    return dataset.map_batches(unfinished, batch_size=None, batch_format="pyarrow")
