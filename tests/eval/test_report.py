from __future__ import annotations

import functools
import html
import http.server
import json
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape

from eval.data import load_summaries, load_translations
from eval.report import render
from eval.runs import Run, evaluate, read_run, write_run
from eval.systems import Copy, Lead, Oracle, Outputs
from tests.eval.conftest import ROWS, write_rows

HOSTILE = (
    "<script>document.title = 'gone'; document.body.id = 'gone'</script>\"'>"
    "<img src=x onerror=alert(1)> {{ 7 * 7 }} &amp;"
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """A run of summaries with hostile text in every place that text can come to, and one of translations."""
    folder = tmp_path_factory.mktemp("runs")
    rows = [
        {**row, "title": HOSTILE, "text": f"{row['text']} {HOSTILE}", "summary": f"{row['summary']} {HOSTILE}"}
        for row in ROWS
    ]
    rows[0]["id"] = HOSTILE
    data = load_summaries(write_rows(folder / "<i>set.jsonl", rows))
    (folder / "out.txt").write_text(
        f"{ROWS[0]['summary']} Kata Hendra, 99 warga {HOSTILE}\n\n{HOSTILE}\n", encoding="utf-8"
    )
    systems = [Outputs("<b>other", folder / "out.txt"), Lead(1), Oracle()]
    summaries = evaluate("summaries", data, systems, store=folder / "s.sqlite", command=["python", HOSTILE])
    (folder / "dev.id").write_text(f"Harga naik 12 persen.\n{HOSTILE}\n" * 2, encoding="utf-8")
    (folder / "dev.en").write_text(f"Prices rose by 12 percent.\n{HOSTILE}\n" * 2, encoding="utf-8")
    pairs = load_translations(folder / "dev.id")
    return [summaries, evaluate("translations", pairs, [Copy()], store=folder / "s.sqlite")]


@pytest.fixture(scope="module")
def page(runs: list[Run]) -> str:
    return render(runs, examples=2)


def test_a_run_is_read_as_it_was_written(runs: list[Run], tmp_path: Path) -> None:
    for run in runs:
        write_run(run, tmp_path / "run.json")
        assert read_run(tmp_path / "run.json") == run


def test_hostile_text_is_text(page: str) -> None:
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "<b>other" not in page
    assert str(escape(HOSTILE)) in page


def test_the_page_needs_nothing_else(page: str) -> None:
    outside = re.findall(r"""<[^>]*?(?:src|href)=(?!"#|"data:)[^>]*>""", page)
    assert outside == []
    assert "@import" not in page
    assert "url(" not in page
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\';' in page


def test_the_same_runs_make_the_same_page(runs: list[Run], page: str) -> None:
    assert render(runs, examples=2) == page


def test_the_command_can_be_copied(runs: list[Run], page: str) -> None:
    commands = re.findall(r"<dt>Command</dt><dd><code>(.*?)</code>", page)
    assert shlex.split(html.unescape(commands[0])) == runs[0].command == ["python", HOSTILE]


def test_no_examples(runs: list[Run]) -> None:
    assert "Worst 1 of" not in render(runs, examples=0)


@pytest.fixture(scope="module")
def browser() -> str:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if not found:
        pytest.skip(f"no browser is installed: {', '.join(NAMES)}")
    return found


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        pass


@pytest.fixture
def site(page: str, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def look(browser: str, *options: str) -> str:
    fixed = ("--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000")
    result = subprocess.run([browser, *fixed, *options], capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout


# The report allows no scripts, so another page of the same origin looks into it.
PROBE = """<!doctype html><iframe id="frame" src="report.html" style="width:{width}px;height:900px;border:0"></iframe>
<pre id="found"></pre><script>
document.getElementById("frame").onload = event => {{
  const page = event.target.contentDocument, root = page.documentElement;
  const over = [...page.querySelectorAll("main *")].filter(one => !one.closest(".scroll, details:not([open])")
    && one.getBoundingClientRect().right > root.clientWidth + 1);
  document.getElementById("found").textContent = JSON.stringify({{
    title: page.title, id: page.body.id, width: root.clientWidth, content: root.scrollWidth, over: over.length,
    scripts: page.querySelectorAll("script").length, events: page.querySelectorAll("[onerror]").length,
    images: [...page.images].map(one => one.complete && one.naturalWidth > 0),
    columns: getComputedStyle(page.querySelector(".pair")).gridTemplateColumns.split(" ").length,
    wrong: [...page.querySelectorAll(".output mark.wrong")].map(one => one.textContent),
    text: page.querySelector(".output").textContent,
    code: page.querySelector("details.card code").textContent,
  }});
}};
</script>"""


@pytest.mark.parametrize(("width", "columns"), [(1280, 2), (360, 1)])
def test_a_browser_shows_it_on_wide_and_narrow_screens(
    browser: str, site: tuple[Path, str], width: int, columns: int
) -> None:
    folder, address = site
    (folder / "probe.html").write_text(PROBE.format(width=width), encoding="utf-8")
    dump = look(browser, "--dump-dom", "--window-size=1400,1000", f"{address}/probe.html")
    match = re.search(r'<pre id="found">(.+?)</pre>', dump, re.DOTALL)
    assert match, dump
    found = json.loads(html.unescape(match.group(1)))
    # Nothing hostile took effect, and all of it is there to be read.
    assert found["title"] == "Ringkas: evaluation"
    assert (found["id"], found["scripts"], found["events"]) == ("", 0, 0)
    assert found["code"] == shlex.join(["python", HOSTILE])
    # The page fits the screen, without a bar to scroll it sideways.
    assert found["content"] <= found["width"] <= width
    assert found["over"] == 0
    assert found["columns"] == columns
    assert len(found["images"]) == 6
    assert all(found["images"])


def test_what_is_not_supported_is_marked(browser: str, site: tuple[Path, str]) -> None:
    dump = look(browser, "--dump-dom", f"{site[1]}/report.html")
    marks = re.findall(r'<p class="text output">(.*?)</p>', dump, re.DOTALL)
    assert any('<mark class="wrong">99</mark>' in text and '<mark class="held">Hendra</mark>' in text for text in marks)


def test_a_screenshot_is_no_empty_page(browser: str, site: tuple[Path, str]) -> None:
    from PIL import Image

    folder, address = site
    picture = folder / "page.png"
    look(browser, f"--screenshot={picture}", "--window-size=1200,1600", f"{address}/report.html")
    with Image.open(picture) as image:
        assert image.size == (1200, 1600)
        colours = image.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 100
