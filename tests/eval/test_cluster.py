from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from eval import cluster
from eval.__main__ import main
from summarizer import JobSummary
from summarizer.batch.cluster.stages import require_ray

jobs: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def no_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ray's jobs only read their input, and fail at articles without text; all is done in this process."""

    def summarize(inputs: list[str], output: str, ringkas: object, settings: object, **options: Any) -> JobSummary:
        rows = parquet.read_table(inputs[0]).to_pylist()
        failed = +Counter(InputError=sum(not row["text"] for row in rows), ModelError=int(options["actors"] == 13))
        jobs.append({"rows": len(rows), "actors": options["actors"], "failed": failed.total()})
        return JobSummary(failed=failed)

    jobs.clear()
    monkeypatch.setattr(cluster, "require_ray", lambda: None)
    monkeypatch.setattr(cluster, "summarize_files", summarize)
    monkeypatch.setattr(cluster, "_apart", lambda work, *arguments: cluster._measured(work, arguments))


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "require_ray", require_ray)
    monkeypatch.setitem(sys.modules, "ray", None)
    result = CliRunner().invoke(main, ["cluster", "--rows", "3"])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "Ray" in result.output
    assert jobs == []


@pytest.mark.parametrize(("options", "failed"), [([], 0), (["--empty"], 3)])
def test_a_batch_and_jobs_are_measured(tmp_path: Path, options: list[str], failed: int) -> None:
    output = tmp_path / "figures.json"
    arguments = ["cluster", "--rows", "3", "--cost", "0", *options, "--output", str(output)]
    outcome = CliRunner().invoke(main, arguments)
    assert outcome.exit_code == 0, outcome.output
    assert jobs == [{"rows": 3, "actors": actors, "failed": failed} for actors in (1, 2)]
    written = json.loads(output.read_text(encoding="utf-8"))
    assert (written["rows"], written["cost"], written["empty"]) == (3, 0.0, bool(options))
    assert list(written["figures"]) == ["ringkas batch", "Ray, actors: 1", "Ray, actors: 2"]
    for name, figures in written["figures"].items():
        assert name in outcome.output
        assert figures["MB at most"] >= figures["MB at the start"] > 0


def test_a_job_that_fails_takes_no_other_figures_along(tmp_path: Path) -> None:
    output = tmp_path / "figures.json"
    arguments = ["cluster", "--rows", "3", "--no-batch", "--actors", "1", "--actors", "13", "--output", str(output)]
    outcome = CliRunner().invoke(main, arguments)
    assert (outcome.exit_code, outcome.output.count("\n")) == (1, 1)
    assert "1 failed (1 ModelError)" in outcome.output
    assert list(json.loads(output.read_text(encoding="utf-8"))["figures"]) == ["Ray, actors: 1"]
