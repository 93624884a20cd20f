"""The page in a real browser, on a real server with a fake model."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from pathlib import Path

import pytest

from summarizer.models.base import Task
from tests.conftest import ARTICLE, in_english
from tests.output import browser
from tests.output.browser import Browser
from tests.output.web.desk import ABSTRACT, Gate, serving, write

pytestmark = pytest.mark.skipif(not browser.find(), reason="there is no Chromium")

PAGE = (
    "<html><head><title>{0}</title><meta property='og:site_name' content='{1}'></head>"
    "<body><article><h1>{0}</h1><p>{2}</p><p>Baca Juga: Harga Cabai Naik</p></article></body></html>"
)
SOURCE = ARTICLE.split(". ", maxsplit=1)[0] + "."


def saved(folder: Path, name: str, title: str, site: str = "suara.com", text: str = ARTICLE) -> Path:
    path = folder / name
    path.write_text(PAGE.format(title, site, text), encoding="utf-8")
    return path


def paste(tab: Browser, text: str) -> None:
    tab.run(f"document.querySelector('#paste').value = {json.dumps(text)}")
    tab.run("document.querySelector('#go').click()")


def text(tab: Browser, selector: str) -> list[str]:
    found = tab.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent.trim())")
    assert isinstance(found, list)
    return found


def test_from_a_file_to_a_checked_edit(tmp_path: Path) -> None:
    with serving() as address, Browser() as tab:
        tab.open(address)
        tab.choose_files("#files", saved(tmp_path, "a.html", "Taman Baru Dibuka"))
        tab.wait_for("document.querySelector('.sentence')")
        assert text(tab, ".sentence") == [ABSTRACT]
        assert text(tab, ".english") == [in_english(ABSTRACT)]
        assert "Baca Juga: Harga Cabai Naik" in text(tab, ".removed del")
        # A sentence shows what it rests on, and lets go of it.
        tab.run("document.querySelector('.sentence').click()")
        assert text(tab, ".held") == [SOURCE]
        tab.run("document.querySelector('.sentence').click()")
        assert text(tab, ".held") == []
        # What a reader writes is checked like what the model wrote.
        tab.run("document.querySelector('#edit').click()")
        tab.run(f"document.querySelector('#abstract').value = {json.dumps(ABSTRACT.replace('12', '13'))}")
        tab.run("document.querySelector('#editor button').click()")
        tab.wait_for("document.querySelector('.doubtful .doubt')")
        assert "abstract: “13” is not in the source" in text(tab, ".doubt")[0]
        tab.wait_for("document.querySelector('#results .doubtful')")
        tab.run("document.querySelector('#reviewed').click()")
        tab.wait_for("document.querySelector('#results .reviewed')")
        assert tab.problems == []
        assert all(one.startswith((address, "data:", "about:")) for one in tab.requests)


def test_files_can_be_dropped_and_one_of_them_refused() -> None:
    drop = (
        "(() => {{ const data = new DataTransfer();"
        "for (const [name, text] of {}) data.items.add(new File([text], name));"
        "for (const kind of ['dragenter', 'drop']) document.body.dispatchEvent("
        "new DragEvent(kind, {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()"
    )
    dropped = [["a.txt", ARTICLE], ["b.txt", "Taman dibuka."]]
    with serving() as address, Browser() as tab:
        tab.open(address)
        tab.run(drop.format(json.dumps(dropped)))
        tab.wait_for("document.querySelectorAll('#results li').length === 1 && document.querySelector('#jobs .failed')")
        assert "b.txt holds no article" in text(tab, "#jobs .failed span")[0]
        tab.run("document.querySelector('#jobs .failed button').click()")
        tab.wait_for("document.querySelectorAll('#results li').length === 2")
        assert text(tab, "#jobs li") == []


def test_work_is_shown_and_cancelled() -> None:
    gate = Gate()
    with serving(gate) as address, Browser() as tab:
        tab.open(address)
        paste(tab, ARTICLE)
        assert gate.reached.wait(30)
        paste(tab, ARTICLE)
        tab.wait_for(
            "[...document.querySelectorAll('#jobs span')].some((one) => one.textContent.includes('1 in front'))"
        )
        for _ in range(2):
            tab.run("document.querySelector('#jobs button').click()")
        assert text(tab, "#jobs li") == []
        time.sleep(1)
        gate.opened.set()
        tab.wait_for("fetch('/api/health').then((one) => one.json()).then((one) => !one.busy && !one.waiting)")
        tab.run("list()")
        assert text(tab, "#results li") == []


def test_results_are_searched_and_filtered(tmp_path: Path) -> None:
    def model(task: Task, source: str) -> str:
        return "Biayanya Rp8,5 miliar." if task is Task.SUMMARIZE and "Cabai" in source else write(task, source)

    with serving(model) as address, Browser() as tab:
        tab.open(address)
        for number, (title, site) in enumerate((("Taman Baru", "suara.com"), ("Taman Lama", "detik.com"))):
            tab.choose_files("#files", saved(tmp_path, f"{number}.html", title, site))
            tab.wait_for(f"document.querySelectorAll('#results li').length === {number + 1}")
        assert text(tab, "#counts") == ["2 results"]

        def choose(selector: str, value: str) -> list[str]:
            tab.run(
                f"(() => {{ const one = document.querySelector('{selector}'); one.value = {json.dumps(value)};"
                "one.dispatchEvent(new Event('input', { bubbles: true })); })()"
            )
            return text(tab, "#results b")

        assert choose("#search", "lama") == ["Taman Lama"]
        assert text(tab, "#counts") == ["1 shown of 2 results"]
        assert choose("#search", "girimulya lama") == ["Taman Lama"]
        assert choose("#search", "nothing") == []
        assert len(choose("#search", "")) == 2
        assert choose("#site", "suara.com") == ["Taman Baru"]
        assert len(choose("#site", "")) == 2
        assert choose("#filter", "reviewed") == []
        assert len(choose("#filter", "open")) == 2
        assert choose("#since", "2999-01-01") == []


def test_the_keyboard_is_enough() -> None:
    with serving() as address, Browser() as tab:
        tab.open(address)
        for _ in range(2):
            paste(tab, ARTICLE)
        tab.wait_for("document.querySelectorAll('#results li').length === 2 && document.querySelector('.sentence')")
        tab.run("document.activeElement.blur()")
        newest, oldest = tab.run("results.map((one) => one.id)")
        assert tab.run("current") == oldest
        for key, reached in (("k", newest), ("j", oldest)):
            tab.press(key)
            tab.wait_for(f"document.querySelector('#shown article').dataset.id === {json.dumps(reached)}")
        assert tab.run("document.querySelector('[aria-current]').hash") == f"#{oldest}"
        tab.run("document.querySelector('.sentence').focus()")
        tab.press("Enter", "\r")
        assert text(tab, ".held") == [SOURCE]
        tab.press("e")
        assert tab.run("document.activeElement.id") == "abstract"
        tab.press("Escape")
        assert tab.run("document.querySelector('#editor').hidden")
        tab.run("document.activeElement.blur()")
        tab.press("r")
        tab.wait_for("document.querySelector('#results .reviewed')")
        tab.press("/")
        assert tab.run("document.activeElement.id") == "search"
        # Letters that are typed into a field are no commands.
        tab.press("r", "r")
        assert tab.run("document.querySelector('#search').value") == "r"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read_by_everybody(tmp_path: Path, width: int, dark: bool) -> None:
    with serving() as address, Browser(width=width, height=900, dark=dark) as tab:
        tab.open(address)
        tab.choose_files("#files", saved(tmp_path, "a.html", "Taman Baru Dibuka"))
        tab.wait_for("document.querySelector('.sentence')")
        tab.run("document.querySelector('.sentence').click()")
        tab.screenshot(tmp_path / "page.png", whole=True)
        assert tab.run("document.documentElement.scrollWidth") <= width
        tab.run((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8") + ";0")
        rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }"
        found = tab.run(
            f"axe.run(document, {rules}).then((all) => all.violations.map((one) => `${{one.id}} ${{one.impact}}: "
            "${one.nodes.map((node) => node.html).join(' ')}`))"
        )
        assert found == []
