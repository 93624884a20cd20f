import gzip
import importlib.util
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

pa = pytest.importorskip("pyarrow")
pytest.importorskip("ray")

from pyarrow import parquet  # noqa: E402

from summarizer import Summarizer, summarize_files  # noqa: E402
from summarizer.batch.cluster.job import JobSummary  # noqa: E402
from summarizer.batch.cluster.tables import RESULTS  # noqa: E402
from summarizer.batch.provenance import Settings  # noqa: E402
from summarizer.cli import batched, commands  # noqa: E402
from summarizer.errors import ModelError, RingkasError  # noqa: E402
from summarizer.storage.fingerprint import digest_values  # noqa: E402
from tests.batch.batches import ENGLISH, page, run_batch  # noqa: E402
from tests.batch.clusters import ClusterModel, simulated  # noqa: E402
from tests.conftest import ROOT  # noqa: E402


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A connection to a simulated cluster of two machines, with as few CPUs as a job can do with."""
    if shutil.disk_usage(tempfile.gettempdir()).free < 100 << 20:
        pytest.skip("Ray has no room for its files, whose names must be short")
    with simulated(1, 1) as machines:
        import ray

        ray.init(address=machines.address, log_to_driver=False, logging_level="ERROR")
        try:
            yield
        finally:
            ray.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good pages and bad ones, one of each sort; one kills the process that writes, once."""
    folder = tmp_path_factory.mktemp("cluster") / "masuk"
    (folder / "a" / "b").mkdir(parents=True)
    for number in range(4):
        (folder / ("a" if number % 2 else "a/b") / f"{number}.txt").write_text(page(number), encoding="utf-8")
    (folder / "a" / "6.txt").write_text(page(6, " Pohonnya jatuh."), encoding="utf-8")
    (folder / "kosong.txt").touch()
    (folder / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "x.txt.gz").write_bytes(gzip.compress(page(20).encode()))
    lines = [json.dumps({"text": page(number), "title": f"Judul {number}"}) for number in range(30, 70)]
    (folder / "y.jsonl").write_text("\n".join([*lines[:2], "{", *lines[2:5]]), encoding="utf-8")
    (folder / "z.ndjson").write_bytes(gzip.compress("\n".join([*lines[5:], '{"text": 7}']).encode()))
    articles = [{"id": f"suara/{number}", "text": page(number), "more": 1} for number in range(3)]
    parquet.write_table(pa.Table.from_pylist(articles), folder / "tabel.parquet")
    return folder


def plain(value: Any) -> Any:
    """A value without what is null or false in it: a table has all fields, JSON only those that say something."""
    if isinstance(value, dict):
        return {key: plain(below) for key, below in value.items() if below is not None and below is not False}
    return [plain(below) for below in value] if isinstance(value, list) else value


def rows(output: Path) -> dict[str, dict[str, Any]]:
    """The rows of an output by their ids."""
    found = parquet.read_table(output, schema=RESULTS).to_pylist()
    assert max(Counter(row["id"] for row in found).values()) == 1
    return {row["id"]: plain(row) for row in found}


def rows_of_batch(output: Path) -> dict[str, dict[str, Any]]:
    """The records and failures of a batch on this machine, as rows."""
    found = {}
    for name in ("results.jsonl", "failures.jsonl"):
        for record in map(json.loads, (output / name).read_text(encoding="utf-8").splitlines()):
            others = ("source", "file", "output", "sha256")
            row = {field: value for field, value in record.items() if field not in others}
            row["id"] = row.pop("input")
            if name == "results.jsonl":
                row["fingerprint"] = digest_values([row["id"], row.pop("key")])[:32]
            else:
                row["error_kind"] = row.pop("kind")
            found[row["id"]] = plain(row)
    return found


def test_a_job_gives_what_a_batch_gives_and_resumes(cluster: None, source: Path) -> None:
    output = source.parent / "keluar"
    here = source.parent / "sini"
    fuse = source.parent / "zündschnur"
    fuse.touch()

    def run_job() -> JobSummary:
        return summarize_files([str(source)], str(output), Summarizer(ClusterModel(fuse)), rows_per_file=16)

    summary = run_job()
    found = rows(output)
    assert not fuse.exists(), "no process of Ray's was killed"
    run_batch(source, here, model=ClusterModel())
    expected = rows_of_batch(here)
    for name, row in expected.items():
        row.setdefault("fingerprint", found[name]["fingerprint"])
    of_tables = {f"suara/{number}": page(number).partition("\n")[0] for number in range(3)}
    assert {name: found.pop(name)["title"] for name in of_tables} == of_tables
    assert found == expected
    assert summary.done == 49
    assert summary.skipped == 0
    assert summary.failed == Counter(InputError=3, NotIndonesianError=1)

    (source / "a" / "1.txt").write_text(page(71), encoding="utf-8")
    (source / "a" / "7.txt").write_text(page(7), encoding="utf-8")
    # What a job that was killed leaves.
    [folder] = output.glob("job=*")
    (folder / "half-0.parquet").write_bytes(b"PAR1 and no more")
    summary = run_job()
    assert summary.done == 2
    assert summary.skipped == 53
    assert summary.failed.total() == 0
    table = parquet.read_table(output, schema=RESULTS).to_pylist()
    titles = Counter(row["title"] for row in table if row["id"] == "a/1.txt")
    assert titles == {"Taman Nomor 1 Dibuka": 1, "Taman Nomor 71 Dibuka": 1}

    files = set(output.rglob("*.parquet"))
    summary = run_job()
    assert summary.done == 0
    assert summary.skipped == 55
    assert set(output.rglob("*.parquet")) == files


def test_the_example_does_what_it_says(cluster: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ray.data

    spec = importlib.util.spec_from_file_location("cluster_job", ROOT / "docs" / "cluster_job.py")
    assert spec
    assert spec.loader
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    monkeypatch.setattr(example, "Summarizer", lambda **settings: Summarizer(ClusterModel(), **settings))
    sites = ("suara.example", "warta.example")
    articles = [{"url": f"https://{sites[number % 2]}/{number}", "text": page(number)} for number in range(4)]
    (tmp_path / "masuk").mkdir()
    # As in the job: the newer way of reading is slow where cores are busy.
    monkeypatch.setattr(ray.data.DataContext.get_current(), "use_datasource_v2", False)
    parquet.write_table(pa.Table.from_pylist(articles), tmp_path / "masuk" / "a.parquet")
    example.main(str(tmp_path / "masuk"), str(tmp_path / "keluar"))
    assert {row["id"]: row["title"] for row in parquet.read_table(tmp_path / "keluar").to_pylist()} == {
        "https://suara.example/0": "Taman Nomor 0 Dibuka",
        "https://suara.example/2": "Taman Nomor 2 Dibuka",
    }


def test_a_model_that_cannot_be_loaded_stops_the_job(cluster: None, source: Path, tmp_path: Path) -> None:
    damaged = Summarizer(ClusterModel(fails=True))
    with pytest.raises(ModelError, match=r"^the model is damaged$"):
        summarize_files([str(source / "a")], str(tmp_path / "keluar"), damaged)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.main, ["batch", *arguments])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "masuk.parquet"
    parquet.write_table(pa.table({"id": ["1"], "text": [page(1)], "number": [1]}), file)
    return file


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{table}", "--id-field", "url"], 3, ["'url'", "id, text, number", "--id-field"]),
        (["{table}", "--text-field", "isi"], 3, ["'isi'", "id, text, number", "--text-field"]),
        (["{folder}/none.parquet"], 3, ["none.parquet", "not there"]),
        (["nosuch://bucket/a"], 3, ["cannot read nosuch://bucket/a: "]),
        (["{folder}/empty"], 3, ["empty holds no file named *.txt, "]),
        (["{broken}"], 3, ["cannot read {broken}: "]),
        (["{table}", "-o", "{table}/below"], 7, ["cannot write to {table}/below: "]),
        # Options that do not go together.
        (["{table}", "--cluster", "{broken}"], 2, ["'{broken}' is not an address"]),
        (["{table}", "--tsv", "x.tsv"], 2, ["--tsv can't be used with --cluster"]),
        (["{table}", "--no-resume"], 2, ["--resume can't be used with --cluster"]),
    ],
)
def test_what_a_job_cannot_do(table: Path, tmp_path: Path, arguments: list[str], code: int, words: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "rusak.parquet"
    broken.write_bytes(b"PAR1 and no more")
    names = {"table": table, "folder": tmp_path, "broken": broken}
    given = [part.format(**names) for part in arguments]
    result = run("-o", str(tmp_path / "keluar"), "--cluster", "local", *given)
    assert result.exit_code == code
    assert result.stderr.count("\n") == 1 or code == 2
    assert all(word.format(**names) in result.stderr for word in words)


def test_ray_is_not_there(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run(str(table), "--cluster", "-o", str(tmp_path / "keluar"))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert ".[ray]" in result.stderr


@pytest.mark.parametrize(
    ("address", "error", "room", "message"),
    [
        ("head:6379", ConnectionError("nobody"), 0, "no Ray cluster at head:6379"),
        ("local", Exception("timed out during\nstartup."), 1 << 40, "timed out during startup"),
        ("local", None, 1 << 20, "TMPDIR"),
    ],
)
def test_ray_cannot_be_reached(
    table: Path, monkeypatch: pytest.MonkeyPatch, address: str, error: Exception | None, room: int, message: str
) -> None:
    import ray

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", Mock(side_effect=error or AssertionError("it was asked")))
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=room))
    with pytest.raises(RingkasError, match=message):
        summarize_files([str(table)], str(table.parent / "keluar"), Summarizer(ClusterModel()), address=address)


@pytest.mark.parametrize(("failed", "code"), [(Counter(), 0), (Counter(InputError=2), 1)])
def test_the_command_passes_everything_on(monkeypatch: pytest.MonkeyPatch, failed: Counter[str], code: int) -> None:
    told: list[Any] = []

    def summarize(inputs: Any, output: str, ringkas: Summarizer, settings: Settings, **options: Any) -> JobSummary:
        told.extend((inputs, output, ringkas.threads, settings, options))
        return JobSummary(3, failed, 1, 60.0)

    monkeypatch.setattr(batched, "summarize_files", summarize)
    arguments = ["s3://in/a", "--cluster", "head:6379", "--text-field", "isi", "--length", "short", "--threads", "1"]
    result = run(*arguments, "--glob", "*.pq", "--id-field", "url", "--force", "-o", "s3://out/b")
    options = {"address": "head:6379", "globs": ("*.pq",), "id_column": "url", "progress": True}
    assert told == [("s3://in/a",), "s3://out/b", 1, Settings("abstract", "json", "isi", True, "short"), options]
    assert result.exit_code == code
    assert result.stderr.startswith("ringkas: 3 done, 1 unchanged, ")
    assert ("2 failed (2 not readable)" in result.stderr) == bool(failed)


def test_a_summary_says_in_words_what_failed() -> None:
    failed = Counter(NotIndonesianError=1, NoArticleError=3, OutputError=1, PlaceError=1, OSError=1)
    ways = "3 without an article, 2 not written, 1 in another language, 1 for another reason"
    assert str(JobSummary(3, failed, 0, 60.0)) == f"3 done, 7 failed ({ways}), 3.0 articles per minute"


def test_a_summary_of_a_job_that_had_nothing_left_to_do_says_only_that() -> None:
    assert str(JobSummary(0, Counter(), 4, 60.0)) == "0 done, 4 unchanged"
