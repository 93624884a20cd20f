"""Resume by Ray's checkpoints: what of the input has its result in the output already is not read a second time."""

from __future__ import annotations

import pyarrow as pa
from pyarrow import fs
from ray.data.block import Block
from ray.data.checkpoint import CheckpointConfig
from ray.data.checkpoint.checkpoint_filter import NumpyArrayBasedCheckpointFilter

from summarizer.batch.cluster.stages import Recipe
from summarizer.batch.cluster.tables import PAGES, Columns, items_of

_FINGERPRINT = "fingerprint"


def checkpoint(path: str, filesystem: fs.FileSystem, recipe: Recipe, columns: Columns) -> CheckpointConfig:
    """Return how Ray shall keep book of the rows that are written, by their fingerprints.

    Ray notes the fingerprints of a file before it writes it, and confirms them afterwards. When a job starts, it
    removes the files whose fingerprints weren't confirmed, and passes over the rows of those that were.

    Args:
        path: of the folder with the notes.
        filesystem: where it is.
        recipe: of the job.
        columns: of the Parquet files that are read.
    """

    class Filter(NumpyArrayBasedCheckpointFilter):  # type: ignore[misc]
        """Passes over the rows whose fingerprints are known; Ray's own looks for them in the rows."""

        def filter_rows_for_block(self, block: Block) -> Block:
            table = block if isinstance(block, pa.Table) else pa.Table.from_pandas(block)
            items = items_of(table, None if table.column_names == PAGES.names else columns)
            known = pa.array([recipe.fingerprint(item) for item in items], pa.string())
            kept = super().filter_rows_for_block(table.append_column(_FINGERPRINT, known))
            return kept.drop_columns([_FINGERPRINT])

    return CheckpointConfig(
        id_column=_FINGERPRINT,
        checkpoint_path=path,
        override_filesystem=filesystem,
        delete_checkpoint_on_success=False,
        checkpoint_filter_cls=Filter,
    )
