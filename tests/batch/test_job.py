"""What a job on a cluster says when it is stopped, and what it takes for its own earlier results; without a cluster."""

from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
pytest.importorskip("ray")

from pyarrow import fs, parquet  # noqa: E402
from ray.data.exceptions import ExecutionTimeoutError  # noqa: E402

from summarizer.batch.cluster.job import _explained, _rows  # noqa: E402
from summarizer.errors import ModelError, OutputError, RingkasError  # noqa: E402


class TaskError(Exception):
    """An error as Ray reports it: that of the task is in a field."""

    def __init__(self, cause: Exception) -> None:
        super().__init__("a task failed")
        self.cause = cause


def stop(error: Exception) -> None:
    with _explained("s3://bucket/hasil"):
        raise error


def test_a_job_in_which_nothing_moves_any_more_says_how_to_go_on() -> None:
    with pytest.raises(RingkasError, match=r"^the job for s3://bucket/hasil stopped: nothing moved .* to resume$"):
        stop(ExecutionTimeoutError("no progress"))


def test_a_full_disk_is_said_in_one_line() -> None:
    with pytest.raises(OutputError) as caught:
        stop(TaskError(OSError(28, "No space left on device", "/hasil/a.parquet")))
    assert str(caught.value) == (
        "the job for s3://bucket/hasil stopped: no space left on device; run it again to resume"
    )


def test_an_error_of_ringkas_comes_out_of_ray_s_as_it_was_raised() -> None:
    with pytest.raises(ModelError) as caught:
        stop(TaskError(ModelError("there is no model 'x'\nraised in worker 7")))
    assert str(caught.value) == "there is no model 'x'"


def test_an_error_of_another_kind_stays_what_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        stop(ZeroDivisionError())


def results(folder: Path) -> list[tuple[str, str]]:
    return _rows(fs.LocalFileSystem(), str(folder))


def test_rows_of_earlier_files_are_known_by_fingerprint_and_error(tmp_path: Path) -> None:
    table = pa.table({"fingerprint": ["a", "b"], "error_kind": [None, "InputError"]})
    parquet.write_table(table, tmp_path / "0.parquet")
    assert sorted(results(tmp_path)) == [("a", ""), ("b", "InputError")]


def test_a_file_of_another_kind_counts_for_nothing_and_stays(tmp_path: Path) -> None:
    note = tmp_path / "catatan.txt"
    note.write_text("not of the job", encoding="utf-8")
    assert results(tmp_path) == []
    assert note.exists()


def test_a_file_that_broke_off_is_removed_and_counts_for_nothing(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"fingerprint": ["a"], "error_kind": [""]}), tmp_path / "0.parquet")
    whole = (tmp_path / "0.parquet").read_bytes()
    (tmp_path / "1.parquet").write_bytes(whole[:-6])
    assert results(tmp_path) == [("a", "")]
    assert not (tmp_path / "1.parquet").exists()


def test_a_whole_file_of_something_else_is_refused_and_stays(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"harga": [1]}), tmp_path / "harga.parquet")
    with pytest.raises(OutputError, match=r"harga\.parquet is no result of such a job: choose another output folder"):
        results(tmp_path)
    assert (tmp_path / "harga.parquet").exists()
