from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import fs, parquet

from summarizer import Summarizer, summarize_dataset, summarize_files
from summarizer.batch.cluster import job as job_module
from summarizer.batch.cluster import resume
from summarizer.batch.cluster.isolation import Isolated
from summarizer.batch.cluster.job import JobSummary
from summarizer.batch.cluster.stages import Recipe, shortage
from summarizer.batch.cluster.tables import RESULTS
from summarizer.batch.run import Settings
from summarizer.cli import commands
from summarizer.errors import InputError, ModelError, RingkasError
from summarizer.storage.fingerprint import digest_values
from tests.batch.batches import run_batch
from tests.batch.clusters import ClusterModel, answer_or_die, page, simulated

ROOT = Path(__file__).parents[2]
ENGLISH = "The government said that the bridge would be closed for half a year of repairs. " * 4

LONG = "RINGKAS_CLUSTER_TESTS"
long = pytest.mark.skipif(
    LONG not in os.environ, reason=f"takes long: set {LONG} to anything to run it, {LONG}_ROWS to more than 640"
)

# Read here, for tests see none of these variables.
ROWS = int(os.environ.get(f"{LONG}_ROWS", "640"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A connection to a simulated cluster of two machines, with as few CPUs as a job can do with."""
    with simulated(1, 1) as machines:
        import ray

        ray.init(address=machines.address, log_to_driver=False, logging_level="ERROR")
        try:
            yield
        finally:
            ray.shutdown()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good pages and bad ones, one of each sort; one that kills the writing process, one that kills Ray's."""
    folder = tmp_path_factory.mktemp("cluster") / "masuk"
    (folder / "a" / "b").mkdir(parents=True)
    for number in range(4):
        (folder / ("a" if number % 2 else "a/b") / f"{number}.txt").write_text(page(number), encoding="utf-8")
    (folder / "a" / "5.txt").write_text(page(5, " Ada racun di sana."), encoding="utf-8")
    (folder / "a" / "6.txt").write_text(page(6, " Pohonnya jatuh."), encoding="utf-8")
    (folder / "kosong.txt").touch()
    (folder / "english.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "x.txt.gz").write_bytes(gzip.compress(page(20).encode()))
    lines = [json.dumps({"text": page(number), "title": f"Judul {number}"}) for number in range(30, 70)]
    (folder / "y.jsonl").write_text("\n".join([*lines[:2], "{", *lines[2:5]]), encoding="utf-8")
    (folder / "z.ndjson").write_bytes(gzip.compress("\n".join([*lines[5:], '{"text": 7}']).encode()))
    return folder


@pytest.fixture(scope="module")
def fuse(source: Path) -> Path:
    file = source.parent / "zündschnur"
    file.touch()
    return file


@pytest.fixture(scope="module")
def job(cluster: None, source: Path, fuse: Path) -> tuple[JobSummary, Path]:
    """A job over all of these pages, and its output."""
    output = source.parent / "keluar"
    return summarize_files([str(source)], str(output), Summarizer(ClusterModel(fuse)), rows_per_file=16), output


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


def expected(source: Path, output: Path) -> dict[str, dict[str, Any]]:
    """The records and failures of a batch on this machine, as rows."""
    run_batch(source, output, model=ClusterModel())
    rows = {}
    for name in ("results.jsonl", "failures.jsonl"):
        for line in (output / name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            record["id"] = record.pop("input")
            rows[record["id"]] = plain(record)
    return rows


def test_results_are_those_of_a_batch(job: tuple[JobSummary, Path], source: Path, fuse: Path, tmp_path: Path) -> None:
    summary, output = job
    found = rows(output)
    # Here, the page would kill the tests.
    killed = found.pop("a/5.txt")
    poison = source / "a" / "5.txt"
    text = poison.read_text(encoding="utf-8")
    poison.unlink()
    here = expected(source, tmp_path / "sini")
    poison.write_text(text, encoding="utf-8")

    assert set(found) == set(here)
    for name, record in here.items():
        row = found[name]
        if "error" in record:
            assert (row["error"], row["error_kind"], row["advice"]) == (
                record["error"],
                record["kind"],
                record["advice"],
            )
            assert set(row) == {"id", "fingerprint", "error", "error_kind", "advice"}
        else:
            assert row.pop("fingerprint") == digest_values([name, record.pop("key")])[:32]
            assert row == {
                key: value
                for key, value in record.items()
                if key not in ("source", "file", "output", "sha256") and value is not None
            }
    assert killed["error"] == "a/5.txt can't be summarised: the process that wrote died"
    assert (summary.done, summary.skipped, summary.failed) == (
        sum("abstract" in record for record in here.values()),
        0,
        Counter(row["error_kind"] for row in (*found.values(), killed) if "error" in row),
    )
    assert not fuse.exists(), "no process of Ray's was killed"


def test_the_summary_says_how_it_went(job: tuple[JobSummary, Path]) -> None:
    summary, _ = job
    assert str(summary).startswith(
        "46 done, 0 skipped, 5 failed (3 InputError, 1 NotIndonesianError, 1 RingkasError), "
    )
    # Each stage is an operator of its own, and the tasks that clean make the blocks for those that write.
    assert "MapBatches(clean_table)->StreamingRepartition[num_rows_per_block=32,strict=False]: " in summary.statistics
    assert "MapBatches(Writer): " in summary.statistics


def test_only_what_has_changed_is_done_again(job: tuple[JobSummary, Path], source: Path) -> None:
    _, output = job
    before = rows(output)
    (source / "a" / "1.txt").write_text(page(71), encoding="utf-8")
    (source / "a" / "7.txt").write_text(page(7), encoding="utf-8")
    # What a job that was killed leaves: Ray's note of a file that is being written, and half of the file.
    [partition] = output.glob("recipe=*")
    [notes] = (output / "_ringkas" / "checkpoints").iterdir()
    (partition / "half-0.parquet").write_bytes(b"PAR1 and no more")
    parquet.write_table(pa.table({"fingerprint": ["0"]}), notes / "half.pending.parquet")

    summary = summarize_files([str(source)], str(output), Summarizer(ClusterModel()), rows_per_file=16)
    assert (summary.done, summary.skipped, summary.failed.total()) == (2, len(before), 0)
    titles = Counter(
        row["title"] for row in parquet.read_table(output, schema=RESULTS).to_pylist() if row["id"] == "a/1.txt"
    )
    assert titles == {"Taman Nomor 1 Dibuka": 1, "Taman Nomor 71 Dibuka": 1}

    files = set(output.rglob("*.parquet"))
    summary = summarize_files([str(source)], str(output), Summarizer(ClusterModel()), rows_per_file=16)
    assert (summary.done, summary.skipped, summary.failed.total()) == (0, len(before) + 2, 0)
    assert set(output.rglob("*.parquet")) == files


@long
def test_a_dataset_of_texts_and_of_bytes(cluster: None) -> None:
    import ray.data

    texts = [
        *({"url": number, "isi": page(number).encode(), "title": None} for number in range(3)),
        {"url": 3, "isi": None, "title": None},
        {"url": None, "isi": page(4).encode(), "title": None},
    ]
    table = pa.Table.from_pylist(texts)
    results = summarize_dataset(
        ray.data.from_arrow(table), Summarizer(ClusterModel()), text_column="isi", id_column="url", translate="none"
    )
    found = {row["id"]: row for row in results.take_all()}
    assert [found[str(number)]["title"] for number in range(3)] == [
        f"Taman Nomor {number} Dibuka" for number in range(3)
    ]
    assert {row["translation"] for row in found.values()} == {None}
    assert found["3"]["error"].startswith("3 has no text in a field 'isi'")
    assert found[""]["error"] == "a row has no id in the column 'url'"


def test_parquet_gives_what_json_lines_give(cluster: None, tmp_path: Path) -> None:
    articles = [{"id": f"suara/{number}", "text": page(number), "title": f"Judul {number}"} for number in range(3)]
    parquet.write_table(
        pa.Table.from_pylist([{**article, "more": 1} for article in articles]), tmp_path / "masuk.parquet"
    )
    (tmp_path / "masuk.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    here = list(expected(tmp_path / "masuk.jsonl", tmp_path / "sini").values())

    summarize_files([str(tmp_path / "masuk.parquet")], str(tmp_path / "keluar"), Summarizer(ClusterModel()))
    found = list(rows(tmp_path / "keluar").values())
    shared = ("title", "abstract", "translation", "support", "paragraphs", "removed")
    assert [[row[name] for name in shared] for row in found] == [[record[name] for name in shared] for record in here]
    assert [row["id"] for row in found] == [article["id"] for article in articles]


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


@long
def test_the_built_in_model_writes_the_same_on_two_machines(tmp_path: Path) -> None:
    import ray

    source = tmp_path / "news"
    source.mkdir()
    for file in (ROOT / "eval" / "data" / "news").glob("*.txt"):
        # The others are references.
        if not file.stem.endswith((".en", ".ref")):
            shutil.copy(file, source)
    batch = run(str(source), "-o", str(tmp_path / "here"), "--threads", "1")
    assert batch.exit_code == 0, batch.stderr
    lines = (tmp_path / "here" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    with simulated(2, 1) as machines:
        ray.init(address=machines.address, log_to_driver=False, logging_level="ERROR")
        try:
            summary = summarize_files([str(source)], str(tmp_path / "out"), Summarizer(threads=1), actors=2)
        finally:
            ray.shutdown()
    found = rows(tmp_path / "out")
    assert (len(lines), summary.done, summary.failed.total()) == (26, 26, 0)
    for record in map(json.loads, lines):
        row = found.pop(record["input"])
        own = {
            name: value for name, value in record.items() if name not in ("source", "input", "file", "output", "sha256")
        }
        assert row.pop("fingerprint") == digest_values([row.pop("id"), own.pop("key")])[:32]
        assert row == plain(own)
    assert not found


@long
def test_a_job_survives_the_end_of_driver_actor_and_machine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.batch.cluster_kills", str(tmp_path), str(ROWS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "out")
    poison = found.pop(f"{ROWS // 2:06}")
    assert poison["error"].endswith("can't be summarised: the process that wrote died")
    articles = [{"text": page(number), "id": f"{number:06}"} for number in range(ROWS) if number != ROWS // 2]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    here = expected(tmp_path / "in.jsonl", tmp_path / "here")
    shared = ("title", "abstract", "translation", "support", "paragraphs", "removed")
    assert [[found[article["id"]][name] for name in shared] for article in articles] == [
        [record[name] for name in shared] for record in here.values()
    ]


def test_a_model_that_cannot_be_loaded_stops_the_job(cluster: None, source: Path, tmp_path: Path) -> None:
    damaged = Summarizer(ClusterModel(fails=True))
    with pytest.raises(ModelError, match=r"^the model is damaged$"):
        summarize_files([str(source / "a")], str(tmp_path / "keluar"), damaged)


def test_an_item_that_kills_is_tried_once_more_alone(tmp_path: Path) -> None:
    isolated: Isolated[str, str] = Isolated(answer_or_die, lambda item: f"{item} kills", memory=1 << 30)
    log = tmp_path / "log"
    items = [f"{log} good", f"{log} die", f"{log} fine", f"{log} fill"]
    assert isolated(items) == ["GOOD", f"{log} die kills", "FINE", "MemoryError"]
    assert Counter(log.read_text(encoding="utf-8").split()) == {"good": 2, "die": 2, "fine": 1, "fill": 1}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands.main, ["batch", *arguments])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "masuk.parquet"
    parquet.write_table(pa.table({"id": ["1"], "text": [page(1)], "number": [1]}), file)
    return file


def other_table(output: Path) -> None:
    (output / "lain").mkdir(parents=True)
    parquet.write_table(pa.table({"name": ["x"]}), output / "lain" / "a.parquet")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["{table}", "--id-field", "url"],
            "has no column 'url' (there is id, text, number): use --id-field to say which",
        ),
        (["{table}", "--text-field", "isi"], "has no column 'isi' (there is id, text, number): use --text-field"),
        (["{table}", "--text-field", "number"], "holds int64 in the column 'number', not text: use --text-field"),
        (["{folder}/none.parquet"], "none.parquet: it is not there; check its name, and your rights there"),
        (["nosuch://bucket/a"], "cannot read nosuch://bucket/a: "),
        (["{folder}/empty"], "empty holds no file named *.txt, "),
        (["{broken}"], "cannot read {broken}: "),
    ],
)
def test_inputs_that_cannot_be_used(table: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "rusak.parquet"
    broken.write_bytes(b"PAR1 and no more")
    names = {"table": table, "folder": tmp_path, "broken": broken}
    result = run("--cluster", "local", *(part.format(**names) for part in arguments), "-o", str(tmp_path / "keluar"))
    assert result.exit_code == 3
    assert message.format(**names) in result.stderr
    assert result.stderr.count("\n") == 1


def test_outputs_that_cannot_be_used(table: Path, tmp_path: Path) -> None:
    other_table(tmp_path / "lain")
    result = run(str(table), "--cluster", "-o", str(tmp_path / "lain"))
    assert result.exit_code == 7
    assert "lain holds Parquet of another schema (lain/a.parquet: " in result.stderr
    assert result.stderr.endswith("): choose another folder for the results\n")
    (tmp_path / "file").touch()
    result = run(str(table), "--cluster", "-o", str(tmp_path / "file" / "below"))
    assert result.exit_code == 7
    assert f"cannot write to {tmp_path}/file/below: " in result.stderr
    assert result.stderr.endswith("; check your permissions, or write elsewhere\n")
    assert result.stderr.count("\n") == 1


def test_ray_is_not_there(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run(str(table), "--cluster", "-o", str(tmp_path / "keluar"))
    assert (result.exit_code, result.stderr) == (
        1,
        "ringkas: working on a cluster needs Ray: in a checkout, run pip install --editable '.[ray]'\n",
    )


@pytest.mark.parametrize(
    ("address", "error", "message"),
    [
        (
            "head:6379",
            ConnectionError("nobody"),
            "^there is no Ray cluster at head:6379: start one with 'ray start --head'",
        ),
        (
            "local",
            Exception("timed out during\nstartup."),
            "^Ray does not start: timed out during startup; try again wh",
        ),
    ],
)
def test_ray_cannot_be_reached(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, error: Exception, message: str
) -> None:
    import ray

    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", refuse)
    with pytest.raises(RingkasError, match=message):
        summarize_files([str(table)], str(tmp_path / "keluar"), Summarizer(ClusterModel()), address=address)


def nodes(*cpus: int, memory: int = 8, gpus: int = 0) -> list[dict[str, Any]]:
    """What Ray says of machines that are there, and of one that is gone."""
    there = [{"CPU": float(count), "GPU": float(gpus), "memory": float(memory << 30)} for count in cpus]
    gone = {"Alive": False, "Resources": {"CPU": 64.0, "memory": float(64 << 30)}}
    return [*({"Alive": True, "Resources": resources} for resources in there), gone]


@pytest.mark.parametrize(
    ("there", "threads", "device", "actors", "said"),
    [
        (nodes(1, 1), 1, "cpu", None, None),
        (nodes(4, gpus=1), 1, "cuda", None, None),
        (nodes(1), 1, "cpu", None, "2 CPU and 2.0 GiB are needed to clean and write, and Ray has 1 CPU and 8.0 GiB"),
        (nodes(2, 2), 1, "cpu", 4, "5 CPU and 8.0 GiB are needed to clean and write, and Ray has 4 CPU and 16.0"),
        (nodes(4, memory=2), 1, "cpu", None, None),
        (nodes(), 1, "cpu", None, "1 x 1 CPU and 2.0 GiB are needed to write, and Ray's machines have room for 0 of"),
        (nodes(2, 2, 2), 4, "cpu", None, "1 x 4 CPU and 2.0 GiB are needed to write, and Ray's machines have room"),
        (nodes(8, memory=3), 1, "cpu", 2, "2 x 1 CPU and 2.0 GiB are needed to write, and Ray's machines have room"),
        (nodes(4), 1, "cuda", None, "1 x 1 GPU, 1 CPU and 2.0 GiB are needed to write, and Ray's machines have room"),
    ],
)
def test_what_a_job_lacks(
    monkeypatch: pytest.MonkeyPatch,
    there: list[dict[str, Any]],
    threads: int,
    device: str,
    actors: int | None,
    said: str | None,
) -> None:
    import ray

    monkeypatch.setattr(ray, "nodes", lambda: there)
    ringkas = Summarizer(ClusterModel(), threads=threads, device=device)
    lacks = shortage(Recipe(ringkas, Settings(), ()), actors=actors, memory=None)
    assert (lacks or "").startswith(said or "nothing") == (said is not None)


def test_a_job_that_would_wait_says_so(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import ray
    from ray.data.exceptions import ExecutionTimeoutError

    def wait(*_: object) -> None:
        raise ExecutionTimeoutError("Dataset execution made no progress.\nOperators still running:")

    monkeypatch.setattr(ray, "is_initialized", lambda: True)
    monkeypatch.setattr(job_module, "shortage", lambda *_, **__: "2 CPU are needed")
    monkeypatch.setattr(resume, "load_finished", wait)
    job = partial(summarize_files, [str(table)], str(tmp_path / "keluar"), Summarizer(ClusterModel()))
    with pytest.raises(
        InputError, match=r"^2 CPU are needed on this machine: use a larger one, or leave --cluster out$"
    ):
        job()
    with pytest.raises(RingkasError, match=r"keluar stopped: nothing moved for 2 hours; see in .* again to resume$"):
        job(address="auto")
    assert [record.getMessage() for record in caplog.records] == [
        "2 CPU are needed: the job waits for machines; add some, or use fewer --threads"
    ]


def test_files_are_written_where_cleaning_takes_the_last_cpu(tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    class Results:
        def write_parquet(self, path: str, **options: Any) -> None:
            asked.update(options)

        def stats(self) -> str:
            return "what Ray says"

    target = job_module._Target(fs.LocalFileSystem(), str(tmp_path), "keluar")
    recipe = Recipe(Summarizer(ClusterModel()), Settings(), ("maker",))
    assert str(target.write(Results(), recipe, 256)).startswith("0 done, 0 skipped, 0 failed")
    assert asked["ray_remote_args"] == {"num_cpus": 0}


def test_cleaning_does_not_run_ahead_of_writing() -> None:
    program = (
        "from summarizer.batch.cluster.stages import require_ray; require_ray();"
        "from ray.data._internal.execution.backpressure_policy import DownstreamCapacityBackpressurePolicy as policy;"
        "print(policy.OBJECT_STORE_BUDGET_UTIL_THRESHOLD)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "0.0\n", done.stderr


def test_counting_what_was_written_takes_no_memory_for_each_file(tmp_path: Path) -> None:
    target = job_module._Target(fs.LocalFileSystem(), str(tmp_path), "keluar")
    file = tmp_path / "0.parquet"
    row = {"id": "1", "fingerprint": "f", "error": "x has no text", "error_kind": "InputError"}
    parquet.write_table(pa.Table.from_pylist([row, {"id": "2", "fingerprint": "g"}], schema=RESULTS), file)
    files = [str(file)]
    for number in range(1, 600):
        os.link(file, tmp_path / f"{number}.parquet")
        files.append(str(tmp_path / f"{number}.parquet"))
    assert target._kinds(files[:50]) == {"InputError": 50, None: 50}
    before = psutil.Process().memory_info().rss
    assert target._kinds(files) == {"InputError": 600, None: 600}
    # Kept, their descriptions take 150 MB.
    assert psutil.Process().memory_info().rss - before < 50 << 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["a.parquet", "--cluster", "b.parquet"],
            "'b.parquet' is not an address: name the inputs before --cluster, or",
        ),
        (["a.parquet", "--cluster", "--tsv", "x.tsv"], "--tsv can't be used with --cluster"),
        (["a.parquet", "--cluster", "--no-resume"], "--resume can't be used with --cluster"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], message: str) -> None:
    result = run(*arguments, "-o", "keluar")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(("failed", "code"), [(Counter(), 0), (Counter(InputError=2), 1)])
def test_the_command_passes_everything_on(monkeypatch: pytest.MonkeyPatch, failed: Counter[str], code: int) -> None:
    told: list[Any] = []

    def summarize(inputs: Any, output: str, ringkas: Summarizer, settings: Settings, **options: Any) -> JobSummary:
        told.extend((inputs, output, ringkas.threads, settings, options))
        return JobSummary(3, failed, 1, 60.0, "what Ray says")

    monkeypatch.setattr(commands, "summarize_files", summarize)
    arguments = ["s3://in/a", "--cluster", "head:6379", "--text-field", "isi", "--length", "short", "--threads", "1"]
    result = run(*arguments, "--glob", "*.pq", "--id-field", "url", "--force", "-o", "s3://out/b")
    assert told == [
        ("s3://in/a",),
        "s3://out/b",
        1,
        Settings("abstract", "json", "isi", True, "short"),
        {"address": "head:6379", "globs": ("*.pq",), "id_column": "url", "progress": True},
    ]
    assert result.exit_code == code
    assert result.stderr.startswith("what Ray says\nringkas: 3 done, 1 skipped, ")
    assert ("2 failed (2 InputError)" in result.stderr) == bool(failed)
