import html
import re
import shlex
from pathlib import Path

import pytest
from markupsafe import escape

from eval.data import load_summaries, load_translations
from eval.report import render
from eval.runs import Run, evaluate, read_run, write_run
from eval.systems import BASELINES, Outputs
from tests.eval.conftest import ROWS, write_rows

HOSTILE = (
    "<script>document.title = 'gone'; document.body.id = 'gone'</script>\"'>"
    "<img src=x onerror=alert(1)> {{ 7 * 7 }} &amp;"
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """A run of summaries with hostile text in every place that text can come to, and one of translations."""
    folder = tmp_path_factory.mktemp("runs")
    rows = [row | {name: f"{row.get(name, '')} {HOSTILE}" for name in ("title", "text", "summary")} for row in ROWS]
    rows[0]["id"] = HOSTILE
    data = load_summaries(write_rows(folder / "<i>set.jsonl", rows))
    written = f"{ROWS[0]['summary']} Kata Hendra, 99 warga {HOSTILE}\n\n{HOSTILE}\n"
    (folder / "out.txt").write_text(written, encoding="utf-8")
    systems = [Outputs("<b>other", folder / "out.txt", 3), *BASELINES["summaries"]]
    summaries = evaluate("summaries", data, systems, store=folder / "s.sqlite", command=["python", HOSTILE])
    (folder / "dev.id").write_text(f"Harga naik 12 persen.\n{HOSTILE}\n" * 2, encoding="utf-8")
    (folder / "dev.en").write_text(f"Prices rose by 12 percent.\n{HOSTILE}\n" * 2, encoding="utf-8")
    pairs = load_translations(folder / "dev.id")
    return [summaries, evaluate("translations", pairs, BASELINES["translations"], store=folder / "s.sqlite")]


def test_a_run_is_read_as_it_was_written(runs: list[Run], tmp_path: Path) -> None:
    for run in runs:
        write_run(run, tmp_path / "run.json")
        assert read_run(tmp_path / "run.json") == run


def test_hostile_text_is_text_and_the_page_needs_nothing_else(runs: list[Run]) -> None:
    page = render(runs)
    for tag in ("<script", "<img src=x", "<b>other", "@import", "url("):
        assert tag not in page
    assert str(escape(HOSTILE)) in page
    assert re.findall(r"""<[^>]*?(?:src|href)=(?!"#)[^>]*>""", page) == []
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\';' in page
    assert render(runs) == page
    assert "Worst 1 of" in page
    commands = re.findall(r"<dt>Command</dt><dd><code>(.*?)</code>", page)
    assert shlex.split(html.unescape(commands[0])) == runs[0].command
