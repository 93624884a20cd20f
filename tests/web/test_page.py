"""The page in a real browser, on a real server with a fake model."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from summarizer.models.base import Task
from tests.conftest import ABSTRACT, ARTICLE, in_english
from tests.output import browser
from tests.output.browser import Browser
from tests.web.desk import ENGLISH, Gate, article, ringkas, serving, write

pytestmark = pytest.mark.skipif(not browser.find(), reason="there is no Chromium")

PAGE = (
    "<html><head><title>{0}</title><meta property='og:site_name' content='{1}'></head>"
    "<body><article><h1>{0}</h1><p>{2}</p><p>Baca Juga: Harga Cabai Naik</p></article></body></html>"
)
ENGLISH_TEXT = "The government said that the bridge would be closed for half a year of repairs. " * 4
SOLD = PAGE.format("Harga Cabai Naik", "toko.com", ARTICLE).replace(
    "<head>", "<head><meta property='og:type' content='product'>"
)
SOURCE = ARTICLE.split(". ", maxsplit=1)[0] + "."


@contextmanager
def desk(model: Any = write, **look: Any) -> Iterator[Browser]:
    with serving(model) as address, Browser(**look) as tab:
        tab.open(address)
        yield tab
        assert tab.problems == []


def saved(folder: Path, name: str, title: str, site: str = "suara.com", text: str = ARTICLE) -> Path:
    path = folder / name
    path.write_text(PAGE.format(title, site, text), encoding="utf-8")
    return path


def click(tab: Browser, selector: str) -> None:
    """Click on what there is, if there is any."""
    tab.run(f"document.querySelector({json.dumps(selector)})?.click()")


def paste(tab: Browser, text: str) -> None:
    tab.run(f"document.querySelector('#paste').value = {json.dumps(text)}")
    click(tab, "#go")


def add(tab: Browser, given: Path | str, count: int = 1) -> None:
    """Give it a file or a text, and wait until the list has so many results."""
    tab.choose_files("#files", given) if isinstance(given, Path) else paste(tab, given)
    tab.wait_for(f"document.querySelectorAll('#results li').length === {count} && document.querySelector('#edit')")


def text(tab: Browser, selector: str) -> Any:
    return tab.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent.trim())")


def test_from_a_file_to_a_checked_edit(tmp_path: Path) -> None:
    with ExitStack() as server, Browser() as tab:
        address = server.enter_context(serving())
        tab.open(address)
        add(tab, saved(tmp_path, "a.html", "Taman Baru Dibuka"))
        assert text(tab, ".sentence") == [ABSTRACT]
        assert text(tab, "#reading .english") == [in_english(ABSTRACT)]
        assert "Baca Juga: Harga Cabai Naik" in text(tab, ".removed del")
        # A sentence shows what it rests on, and lets go of it.
        click(tab, ".sentence")
        assert text(tab, ".held") == [SOURCE]
        click(tab, ".sentence")
        assert text(tab, ".held") == []
        # What a reader writes is checked like what the model wrote.
        click(tab, "#edit")
        tab.run(f"document.querySelector('#abstract').value = {json.dumps(ABSTRACT.replace('12', '13'))}")
        click(tab, "#editor button")
        tab.wait_for("document.querySelector('.doubtful .doubt')")
        assert "of the abstract, “13” is not in the source" in text(tab, ".doubt")[0]
        tab.wait_for("document.querySelector('#results .doubtful')")
        click(tab, "#reviewed")
        tab.wait_for("document.querySelector('#results .reviewed')")
        assert tab.problems == []
        assert all(one.startswith((address, "data:", "about:")) for one in tab.requests)
        # A server that is gone is said.
        server.close()
        click(tab, "#reviewed")
        tab.wait_for("!document.querySelector('#notice').hidden")
        assert "does not answer" in text(tab, "#notice")[0]
        # What was not kept is not shown as if it were.
        assert tab.run("document.querySelector('#reviewed').checked") is True


def test_files_can_be_dropped_and_one_of_them_refused() -> None:
    drop = (
        "(() => {{ const data = new DataTransfer();"
        "for (const [name, text] of {}) data.items.add(new File([text], name));"
        "for (const gesture of ['dragenter', 'drop']) document.body.dispatchEvent("
        "new DragEvent(gesture, {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()"
    )
    with desk() as tab:
        tab.run(drop.format(json.dumps([["a.txt", ARTICLE], ["b.txt", "Taman dibuka."]])))
        tab.wait_for("document.querySelectorAll('#results li').length === 1 && document.querySelector('#jobs .failed')")
        said = text(tab, "#jobs .failed .state")[0]
        assert said.startswith("b.txt holds no article")
        # The file is named, once.
        assert text(tab, "#jobs .failed .name") == ["b.txt"]
        assert text(tab, "#jobs .failed")[0].count("b.txt") == 1
        # A page names its button, not what programs send.
        assert "force" not in said
        assert text(tab, "#jobs .failed button") == ["Process it anyway", "Dismiss"]
        click(tab, "#jobs .failed button")
        tab.wait_for("document.querySelectorAll('#results li').length === 2")
        assert text(tab, "#jobs li") == []


def test_work_is_shown_and_cancelled() -> None:
    gate, loaded = Gate(), threading.Event()
    summarizer = ringkas(gate)
    summarizer.load = lambda: loaded.wait(60) and None  # type: ignore[method-assign]
    with desk(summarizer) as tab:
        paste(tab, ARTICLE)
        tab.wait_for("document.querySelector('#jobs .state').textContent.includes('waiting for the model')")
        loaded.set()
        tab.wait_for("document.querySelector('#jobs .state').textContent === 'summarising'")
        assert gate.reached.wait(30)
        paste(tab, ARTICLE)
        tab.wait_for(
            "[...document.querySelectorAll('#jobs .state')].some((one) => one.textContent.includes('1 in front'))"
        )
        # A bar moves only where something is done.
        assert tab.run("[...document.querySelectorAll('#jobs progress')].map((one) => one.hidden)") == [False, True]
        for _ in range(2):
            click(tab, "#jobs button")
        assert text(tab, "#jobs li") == []
        time.sleep(1)
        gate.opened.set()
        tab.wait_for("fetch('/api/health').then((one) => one.json()).then((one) => !one.busy && !one.waiting)")
        tab.run("list()")
        assert text(tab, "#results li") == []


def choose(tab: Browser, selector: str, value: str) -> Any:
    """Set a field of the page, and return the headlines that the list shows then."""
    tab.run(
        f"(() => {{ const one = document.querySelector('{selector}'); one.value = {json.dumps(value)};"
        "one.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    return text(tab, "#results b")


CABAI = (
    "Harga cabai rawit di Pasar Girimulya naik 12 persen pada Minggu. "
    "Pedagang mengatakan pasokan cabai dari desa berkurang karena hujan turun setiap hari. "
    "Pemerintah kota akan menjual cabai murah di pasar itu mulai pekan depan."
)


def misread(task: Task, source: str) -> str:
    """Writes like `write`, and a wrong number in one translation."""
    if "cabai rawit" not in source:
        return write(task, source)
    return CABAI.split(". ")[0] + "." if task is Task.SUMMARIZE else "Chilli prices rose by 13 percent on Sunday."


TICKED = "[...document.querySelectorAll('.tick')].map((one) => one.checked)"


def test_doubts_are_visited_and_ticked(tmp_path: Path) -> None:
    with desk(misread) as tab:
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        # One in the abstract, others in the article.
        count = len(tab.run(TICKED))
        assert count > 1
        assert text(tab, "#results .marks") == [f"⚠ {count} doubtful sentences"]
        # A colleague can be asked about them: each in both languages, with why.
        tab.run("window.copied = ''; copy = async (one) => { copied = one; }; 0")
        click(tab, "[data-copy=questions]")
        tab.wait_for("copied")
        title, *asked = tab.run("copied").split("\n\n")
        assert title == "Harga Cabai Naik"
        # That of the abstract stands in the article too.
        assert len(asked) == count - 1
        indonesian, english, why = asked[0].split("\n")
        assert indonesian == f"{CABAI.split('. ')[0]}."
        assert english == "Chilli prices rose by 13 percent on Sunday."
        assert why.startswith("? “12” is missing; “13”")
        tab.run("document.activeElement.blur()")
        where = "[...document.querySelectorAll('.tick')].indexOf(document.activeElement)"
        for key, place in (("n", 0), ("n", 1), ("p", 0), ("p", count - 1), ("n", 0)):
            tab.press(key)
            assert tab.run(where) == place, (key, place)
        tab.press(" ", " ")
        # What was checked is no doubt any more: not in the count, not in the list, not in its colour.
        tab.wait_for(f"document.querySelector('#results .marks').textContent === '⚠ {marked(count - 1)}'")
        tab.wait_for("document.querySelectorAll('.sentences mark').length === 0")
        assert tab.run(TICKED) == [True] + [False] * (count - 1)
        assert tab.run(where) == 0
        download = tab.run("fetch(`/api/results/${current}/download?format=md`).then((one) => one.text())")
        assert download.split("## Article")[0].count("[?") == 0
        # It can be taken back.
        tab.press(" ", " ")
        tab.wait_for(f"document.querySelector('#results .marks').textContent === '⚠ {marked(count)}'")
        tab.wait_for("document.querySelectorAll('.sentences mark').length === 1")


def marked(count: int) -> str:
    return f"{count} doubtful sentence{'' if count == 1 else 's'}"


def correct(tab: Browser, pencil: str, words: str) -> None:
    """Write a sentence anew, in place, by keyboard."""
    tab.run(f"document.querySelector({json.dumps(pencil)}).focus()")
    tab.press("Enter", "\r")
    tab.wait_for("document.activeElement.matches('.inplace textarea')")
    tab.run(f"document.activeElement.value = {json.dumps(words)}")
    tab.press("Enter", "\r")
    has_words = f"document.querySelector('#shown').textContent.includes({json.dumps(words)})"
    tab.wait_for(f"!document.querySelector('.inplace') && {has_words}")


def test_one_sentence_is_corrected_in_place_wherever_it_stands(tmp_path: Path) -> None:
    with desk(misread) as tab:
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        count = len(tab.run(TICKED))
        right = "The price of chillies at the Girimulya market rose by 12 percent on Sunday."
        correct(tab, ".sentences .pencil", right)
        assert text(tab, ".sentences .doubt") == []
        assert text(tab, "#results .marks") == [f"⚠ {marked(count - 1)}"]
        assert "Edited by hand, not reviewed" in text(tab, "#reading .meta")
        correct(tab, ".paragraph .pencil", right)
        assert len(tab.run(TICKED)) == count - 2
        correct(tab, ".titles .pencil", "Chilli prices rise")
        assert text(tab, "#results b") == ["Chilli prices rise"]
        # What is wrong in what a reader writes is said.
        correct(tab, ".sentences .pencil", right.replace("12", "14"))
        assert "“14” is not in the source" in text(tab, ".sentences .doubt")[0]
        # It is given up with Escape.
        tab.run("document.querySelector('.sentences .pencil').focus()")
        tab.press("Enter", "\r")
        tab.wait_for("document.activeElement.matches('.inplace textarea')")
        tab.press("Escape")
        tab.wait_for("!document.querySelector('.inplace') && document.activeElement.matches('.pencil')")
        assert right.replace("12", "14") in text(tab, ".english")


def test_a_correction_in_place_is_not_lost_unasked(tmp_path: Path) -> None:
    with desk(misread) as tab:
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        tab.run("window.asked = 0; confirm = () => { asked += 1; return false; }; 0")
        click(tab, ".sentences .pencil")
        tab.run("document.activeElement.value = 'Chilli prices rose.'; 0")
        escape = "new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })"
        for asks, does in enumerate(
            (
                "find('.tick').click()",
                "find('#reviewed').click()",
                "find('#edit').click()",
                "find('[data-name=translate]').click()",
                f"find('.inplace textarea').dispatchEvent({escape})",
            ),
            start=1,
        ):
            tab.run(f"{does}; 0")
            assert tab.run("asked") == asks, does
        assert tab.run("find('.inplace textarea').value") == "Chilli prices rose."
        assert tab.run(TICKED) == [False]
        # It is saved without a question.
        click(tab, ".inplace .first")
        tab.wait_for("!document.querySelector('.inplace')")
        assert text(tab, ".sentences .english") == ["Chilli prices rose."]
        assert tab.run("asked") == 5


def test_no_line_begins_with_a_pencil(tmp_path: Path) -> None:
    # The bottom of a sentence's last line, and of the pencil behind it.
    apart = (
        "[...document.querySelectorAll('.titles .pencil, .paragraph .pencil')].map((pencil) => {"
        "const text = pencil.closest('.titles')?.querySelector('.english') ?? pencil.previousElementSibling;"
        "return Math.abs([...text.getClientRects()].at(-1).bottom - pencil.getBoundingClientRect().bottom); })"
    )
    with desk() as tab:
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Taman Baru Dibuka"))
        for width in range(150, 400, 9):
            tab.run(f"find('#shown').style.width = '{width}px'")
            assert max(tab.run(apart)) < 14, width


def test_who_writes_is_asked_before_it_is_lost() -> None:
    with desk() as tab:
        for number in range(2):
            add(tab, article(number), number + 1)
        before = tab.run("current")
        tab.run("window.asked = 0; confirm = () => { asked += 1; return false; }; 0")
        click(tab, "#edit")
        tab.run("document.activeElement.value += ' Lagi.'; document.activeElement.blur()")
        tab.press("j")
        tab.press("k")
        assert tab.run("asked") == 1
        assert tab.run("current") == before
        # What wasn't changed needs no question.
        tab.run("document.querySelector('#abstract').value = document.querySelector('#abstract').defaultValue; 0")
        tab.press("j")
        tab.press("k")
        tab.wait_for(f"current !== {json.dumps(before)}")
        assert tab.run("asked") == 1


def test_a_result_is_made_anew_in_place(tmp_path: Path) -> None:
    with desk() as tab:
        add(tab, saved(tmp_path, "a.html", "Taman Baru Dibuka"))
        first = tab.run("current")
        assert text(tab, ".paragraph .english") == []
        click(tab, "[data-name=translate]")
        tab.wait_for("document.querySelector('.paragraph .english')")
        # Each paragraph stands beside its English.
        sides = tab.run(
            "[...document.querySelector('.paragraph').children].map((one) => one.getBoundingClientRect().top)"
        )
        assert sides[0] == pytest.approx(sides[1], abs=12)
        assert not tab.run("document.querySelector('[data-name=translate]')")
        tab.run(
            "(() => { const one = document.querySelector('select.renew'); one.value = 'short';"
            "one.dispatchEvent(new Event('change', { bubbles: true })); })()"
        )
        tab.wait_for("fetch(`/api/results/${current}`).then((one) => one.json()).then((one) => one.length === 'short')")
        # The same page again is the same result.
        tab.choose_files("#files", tmp_path / "a.html")
        tab.wait_for("!document.querySelector('#jobs li')")
        assert len(text(tab, "#results li")) == 1
        assert tab.run("current") == first


def test_english_comes_first_and_either_language_can_be_read_alone(tmp_path: Path) -> None:
    with desk(width=390) as tab:
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Taman baru dibuka"))
        assert text(tab, "#results b") == ["A new park opens"]
        assert text(tab, "#shown h2") == ["A new park opens"]
        top = "document.querySelector('{}').getBoundingClientRect().top"
        assert tab.run(top.format(".sentences .english")) < tab.run(top.format(".sentences .sentence"))
        assert tab.run(top.format(".paragraph .english")) < tab.run(top.format(".paragraph [data-at]"))
        seen = (
            "[...document.querySelectorAll('#results :is(b, .other), .sentence, .english, [data-at]')]"
            ".filter((one) => one.checkVisibility()).map((one) => one.lang || one.closest('[lang]').lang)"
        )
        for value, tongues in (("en", {"en"}), ("id", {"id"}), ("both", {"en", "id"})):
            tab.run(
                f"(() => {{ const one = document.querySelector('#show'); one.value = '{value}';"
                "one.dispatchEvent(new Event('change')); })()"
            )
            assert set(tab.run(seen)) == tongues, value
            assert tab.run("localStorage.getItem('ringkas-show')") == value


def test_the_form_folds_away_and_the_list_can_be_reached_again() -> None:
    with desk(width=390) as tab:
        assert tab.run("document.querySelector('#add').open")
        add(tab, ARTICLE)
        assert not tab.run("document.querySelector('#add').open")
        click(tab, "#results a")
        tab.wait_for("document.activeElement.id === 'article'")
        click(tab, ".back")
        assert tab.run("document.activeElement.matches('#results a')")
        assert tab.run("scrollY") < 300
        tab.press("a")
        assert tab.run("document.activeElement.id") == "paste"
        tab.run("document.activeElement.blur()")
        tab.press("?")
        assert tab.run("document.querySelector('#keys').open")
        tab.press("Escape")
        tab.wait_for("!document.querySelector('#keys').open")
        # An empty form says what it waits for.
        click(tab, "#go")
        assert "choose files, or paste" in text(tab, "#notice")[0]


def test_a_narrow_window_shows_the_list_or_the_article_whole() -> None:
    seen = "['#results a', '#shown article'].map((one) => find(one)?.checkVisibility() ?? false)"
    with desk(width=390) as tab:
        for number in range(9):
            add(tab, article(number), number + 1)
        assert tab.run(seen) == [False, True]
        click(tab, ".back")
        assert tab.run(seen) == [True, False]
        # No row is cut.
        assert tab.run("find('nav').scrollHeight - find('nav').clientHeight") == 0
        tab.press("k")
        tab.wait_for(f"{seen}.join() === 'false,true'")
        tab.press("/")
        assert tab.run("document.activeElement.id") == "search"


def test_what_an_abstract_leaves_out_is_shown_on_demand() -> None:
    cut = SOURCE.split(" ")
    del cut[1:3]
    shorter = " ".join(cut)
    with desk() as tab:
        add(tab, ARTICLE)
        click(tab, "#edit")
        tab.run(f"find('#abstract').value = {json.dumps(shorter)}")
        click(tab, "#editor button")
        tab.wait_for("find('#shown article').dataset.version === '2' && find('.cut') && find('#editor').hidden")
        assert not tab.run("find('.cut del').checkVisibility()")
        assert tab.violations() == []
        click(tab, ".cut summary")
        assert text(tab, ".cut del") == [" ".join(SOURCE.split(" ")[1:3])]
        assert tab.violations() == []
        tab.run("window.copied = ''; copy = async (one) => { copied = one; }; 0")
        click(tab, ".cut .copier")
        assert tab.run("copied") == SOURCE


def test_a_list_is_searched_only_where_there_is_one() -> None:
    with desk() as tab:
        tab.wait_for("!document.querySelector('#welcome').hidden")
        assert not tab.run("document.querySelector('#search').checkVisibility()")
        add(tab, ARTICLE)
        assert tab.run("document.querySelector('#search').checkVisibility()")


def test_a_word_is_told_by_key_from_the_tick_of_a_doubt_too(tmp_path: Path) -> None:
    with desk(misread) as tab:
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        tab.press("n", "n")
        tab.wait_for("document.activeElement.matches('.tick')")
        tab.press("w", "w")
        assert tab.run("document.querySelector('#meaning').checkVisibility()")


def test_a_result_says_how_far_to_trust_it(tmp_path: Path) -> None:
    with desk() as tab:
        add(tab, ARTICLE)
        assert not tab.run("document.querySelector('.trust ul').checkVisibility()")
        click(tab, ".trust summary")
        [said] = text(tab, ".trust ul")
        for word in ("Confidence is the chance", "no proof", "which sentences of the article", "Point at"):
            assert word in said


def test_the_page_speaks_indonesian_to_those_who_read_it(tmp_path: Path) -> None:
    with serving(misread) as address, Browser(language="id-ID") as tab:
        tab.open(address)
        tab.wait_for("document.documentElement.lang === 'id'")
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        assert "kalimat meragukan" in text(tab, "#results .marks")[0]
        assert tab.run("document.querySelector('#search').placeholder") == "Cari hasil"
        # What is the article's stays as it is.
        assert text(tab, ".sentences mark") == ["Chilli prices rose by 13 percent on Sunday."]
        left = (
            "(() => { const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const all = [];"
            "while (walker.nextNode()) { const node = walker.currentNode;"
            "if (isOfThePage(node.parentElement) && /\\p{L}{2}/u.test(node.data)) all.push(node.data.trim()); }"
            "return all; })()"
        )
        known = set(json.loads((files("summarizer.output") / "templates/words.id.json").read_text("utf-8")).values())
        filled = "|".join(re.sub(r"\\\{\w*\\\}", ".*", re.escape(one)) for one in known)
        unknown = [one for one in tab.run(left) if not re.fullmatch(rf"\W*?(?:{filled})\W*", one)]
        assert [one for one in unknown if one != "API"] == []
        # So are reasons for doubts; what they quote stays as it is.
        assert "“12” hilang; “13” tidak ada di sumber" in text(tab, ".sentences .doubt")[0]
        assert tab.run("document.querySelector('.sentences .doubt [translate]').lang") == "id"
        assert tab.run("document.querySelector('.sentences .english').lang") == "en"
        # And what is said of pages that are refused.
        for refused, said in (
            (ENGLISH_TEXT, "teks tempelan tidak berbahasa Indonesia; tampaknya bahasa Inggris"),
            (
                "Terpopuler",
                "teks tempelan tidak memuat artikel: isinya 0 kata tanpa satu kalimat utuh",
            ),
            (SOLD, "teks tempelan tidak memuat artikel: menurut halaman ini, isinya jualan"),
        ):
            click(tab, "#jobs li.failed button:last-of-type")
            paste(tab, refused)
            tab.wait_for("document.querySelector('#jobs .failed .state')")
            [state] = text(tab, "#jobs .failed .state")
            assert state.startswith(said), state
            assert tab.run("document.querySelector('#jobs .failed .state').lang") == ""
        assert tab.problems == []


def test_text_can_be_translated_alone() -> None:
    with desk(misread) as tab:
        choose(tab, "#task", "translate")
        assert not tab.run("document.querySelector('#length').checkVisibility()")
        paste(tab, f"{ABSTRACT}\n\n{CABAI.split('. ')[0]}.")
        tab.wait_for("document.querySelector('.source')")
        assert text(tab, ".source") == [ABSTRACT, f"{CABAI.split('. ')[0]}."]
        assert text(tab, ".english") == [ENGLISH, "Chilli prices rose by 13 percent on Sunday."]
        assert text(tab, ".sentences mark") == ["Chilli prices rose by 13 percent on Sunday."]
        # What a reader writes is checked.
        click(tab, "#edit")
        assert tab.run("document.activeElement.id") == "translation"
        fixed = f"{ENGLISH}\nThe price of chillies at the Girimulya market rose by 12 percent on Sunday."
        tab.run(f"document.querySelector('#translation').value = {json.dumps(fixed)}")
        click(tab, "#editor button")
        tab.wait_for("!document.querySelector('.doubt')")
        assert text(tab, ".english") == fixed.split("\n")


def test_results_are_copied_and_deleted() -> None:
    with desk() as tab:
        for number in range(3):
            add(tab, article(number), number + 1)
        tab.run(
            "Object.defineProperty(navigator, 'clipboard', "
            "{ configurable: true, value: { writeText: async (one) => { copied = one; } } }); 0"
        )
        click(tab, "[data-copy=abstract]")
        tab.wait_for("window.copied")
        assert tab.run("copied") == ABSTRACT
        # One sentence of either language is copied too.
        for tongue, sentence in (("en", in_english(ABSTRACT)), ("id", ABSTRACT)):
            tab.run("copied = null")
            click(tab, f"[data-tongue={tongue}] .copier")
            tab.wait_for("window.copied")
            assert tab.run("copied") == sentence
        # Nothing is deleted by accident.
        tab.run("confirm = () => false")
        click(tab, "#delete")
        click(tab, "#clear")
        tab.run("list()")
        assert len(text(tab, "#results li")) == 3
        tab.run("confirm = () => true")
        click(tab, "#delete")
        tab.wait_for("document.querySelectorAll('#results li').length === 2 && !document.querySelector('#shown *')")
        # Who has results needn't be told how to get the first.
        hints = "[...document.querySelectorAll('main .none')]"
        seen = f"{hints}.filter((one) => one.checkVisibility()).map((one) => one.id)"
        assert tab.run(seen) == ["choose"]
        click(tab, "#clear")
        tab.wait_for("document.querySelectorAll('#results li').length === 0")
        assert not tab.run("document.querySelector('#clear').checkVisibility()")
        assert tab.run(seen) == ["welcome"]


def test_what_is_doubtful_is_said_and_results_are_searched_and_filtered(tmp_path: Path) -> None:
    with desk(misread) as tab:
        add(tab, saved(tmp_path, "0.html", "Harga Cabai", text=CABAI))
        assert text(tab, "#results .marks") == ["⚠ 1 doubtful sentence"]
        assert text(tab, ".sentences mark") == ["Chilli prices rose by 13 percent on Sunday."]
        assert text(tab, ".doubt")[0].startswith("Doubtful: “12” is missing; “13”")
        add(tab, saved(tmp_path, "1.html", "Taman Lama", "detik.com"), 2)
        both = ["Taman Lama", "Harga Cabai"]
        headlines = "[...document.querySelectorAll('#results .other')].map((one) => one.textContent).join()"
        for field, value, titles in (
            ("search", "lama", both[:1]),
            ("search", "girimulya LAMA", both[:1]),
            ("search", "suara.com", both[1:]),
            # Of the article, and of the English.
            ("search", "pekan depan", both[1:]),
            ("search", "12-HECTARE", both[:1]),
            ("search", "nothing", []),
            ("search", "", both),
            ("filter", ".doubtful", both[1:]),
            ("filter", ".warned", []),
            ("filter", ".reviewed", []),
            ("filter", ":not(.reviewed)", both),
            ("since", "2999-01-01", []),
        ):
            choose(tab, f"#{field}", value)
            tab.wait_for(f"{headlines} === {json.dumps(','.join(titles))}")
        assert text(tab, "#counts") == ["0 shown of 2 results"]
        assert text(tab, "#results li:not(.doubtful) .marks") == []


def test_the_keyboard_is_enough() -> None:
    with desk() as tab:
        for number in range(2):
            add(tab, article(number), number + 1)
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
        tab.run("document.querySelector('#search').value = ''; list()")
        # From there, the list can be reached, and a result chosen in it.
        while tab.run("document.activeElement.hash") != f"#{newest}":
            tab.press("Tab")
        tab.press("Enter", "\r")
        tab.wait_for(f"document.querySelector('#shown article').dataset.id === {json.dumps(newest)}")
        tab.wait_for("document.activeElement.id === 'article'")


# Holds back the answers of the server to those who ask for an article, until `release` is called.
HOLD_ARTICLES = """
const released = new Promise((resolve) => { release = resolve; });
const answer = fetch;
fetch = async (address, ...options) => {
  if (`${address}`.startsWith("/results/")) await released;
  return answer(address, ...options);
};
"""


def test_who_has_moved_on_keeps_the_focus_while_the_article_is_drawn_anew() -> None:
    with desk() as tab:
        add(tab, ARTICLE)
        tab.run("document.activeElement.blur()")
        tab.run(f"{{{HOLD_ARTICLES}}}; 0")
        tab.press("r")
        tab.wait_for("document.querySelector('#results .reviewed')")
        tab.press("/")
        tab.run("document.querySelector('#reading').dataset.isOld = true; release(); 0")
        tab.wait_for("!('isOld' in document.querySelector('#reading').dataset)")
        assert tab.run("document.activeElement.id") == "search"


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1280, False)])
def test_it_fits_and_can_be_read_by_everybody(tmp_path: Path, width: int, dark: bool) -> None:
    def check(name: str) -> None:
        tab.screenshot(tmp_path / f"{name}.png", whole=True)
        assert tab.run("document.documentElement.scrollWidth") <= width
        assert tab.violations() == [], name

    with desk(misread, width=width, height=900, dark=dark) as tab:
        paste(tab, "Taman dibuka.")
        tab.wait_for("document.querySelector('#jobs .failed')")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        click(tab, ".sentence")
        tab.run("document.querySelector('.removed').open = true")
        check("result")
        tab.press("?")
        check("keys")
        tab.press("Escape")
        click(tab, "#reviewed")
        tab.wait_for("document.querySelector('#results .reviewed')")
        click(tab, "[data-name=translate]")
        tab.wait_for("document.querySelector('.paragraph .english')")
        tab.wait_for("!document.querySelector('#jobs li:not(.failed)')")
        click(tab, ".pencil")
        check("both languages")
        click(tab, "#edit")
        check("editor")
        choose(tab, "#task", "translate")
        paste(tab, f"{ABSTRACT}\n{CABAI}")
        tab.wait_for("document.querySelectorAll('#results li').length === 2")
        click(tab, "#results a")
        tab.wait_for("document.querySelector('.source')")
        tab.wait_for("document.activeElement.id === 'article'")
        # On a narrow screen it stands below the list.
        assert abs(tab.run("document.querySelector('#article').getBoundingClientRect().top")) < 20
        check("translation")


OTHER = "The price of chillies rose by 12 percent, says another editor."


@contextmanager
def shared_desk(model: Any = write) -> Iterator[Browser]:
    """A page that is told that its result has changed elsewhere, and has no other problem."""
    with serving(model) as address, Browser() as tab:
        tab.open(address)
        yield tab
        assert [one for one in tab.problems if "Conflict" not in one and "Not saved" not in one] == []


def change_elsewhere(tab: Browser, fields: dict[str, Any]) -> None:
    """Change the result that is shown as another reader does, of whom the page knows nothing."""
    options = {"method": "PATCH", "body": json.dumps(fields), "headers": {"content-type": "application/json"}}
    assert tab.run(f"fetch(`/api/results/${{current}}`, {json.dumps(options)}).then((one) => one.status)") == 200


def test_of_two_who_correct_a_sentence_neither_loses_anything(tmp_path: Path) -> None:
    with shared_desk(misread) as tab:
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        click(tab, ".sentences .pencil")
        tab.run("document.activeElement.value = 'Chilli prices rose.'; 0")
        change_elsewhere(tab, {"sentence": {"part": "abstract", "number": 0, "translation": OTHER}})
        click(tab, ".inplace .first")
        tab.wait_for("!find('#notice').hidden")
        assert text(tab, "#notice")[0].startswith("Not saved: this result has changed meanwhile")
        # The other's sentence is seen above what was written here.
        assert text(tab, ".sentences .english") == [OTHER]
        assert tab.run("find('.sentences .english').checkVisibility()")
        assert tab.run("find('.inplace textarea').value") == "Chilli prices rose."
        # Who has seen it may save.
        click(tab, ".inplace .first")
        tab.wait_for("!find('.inplace')")
        assert text(tab, ".sentences .english") == ["Chilli prices rose."]


def test_of_two_who_edit_a_whole_text_neither_loses_anything() -> None:
    with shared_desk() as tab:
        add(tab, ARTICLE)
        click(tab, "#edit")
        tab.run("find('#translation').value = 'A park.'; 0")
        change_elsewhere(tab, {"translation": OTHER})
        click(tab, "#editor .first")
        tab.wait_for("!find('#notice').hidden")
        assert tab.run("find('#translation').value") == "A park."
        assert tab.run("find('#reading .english').checkVisibility()")
        assert text(tab, "#reading .english") == [OTHER]


@pytest.mark.parametrize("box", [".tick", "#reviewed"])
def test_an_outdated_result_is_shown_anew_and_not_ticked(tmp_path: Path, box: str) -> None:
    with shared_desk(misread) as tab:
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        change_elsewhere(tab, {"sentence": {"part": "abstract", "number": 0, "translation": f"{OTHER} At 14."}})
        click(tab, box)
        tab.wait_for("!find('#notice').hidden")
        assert text(tab, ".sentences .english") == [f"{OTHER} At 14."]
        assert tab.run(f"find('{box}').checked") is False
        click(tab, box)
        tab.wait_for("find('#shown article').dataset.version === '3'")


def test_ticks_in_quick_succession_are_all_kept(tmp_path: Path) -> None:
    with desk(misread) as tab:
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        count = len(tab.run(TICKED))
        tab.run("document.querySelectorAll('.tick').forEach((one) => one.click())")
        tab.wait_for(f"find('#shown article').dataset.version === '{count + 1}' && !find('#results .marks')")
        assert tab.run(TICKED) == [True] * count


def test_another_s_work_is_not_replaced_unasked() -> None:
    with shared_desk() as tab:
        add(tab, ARTICLE)
        change_elsewhere(tab, {"reviewed": True})
        tab.run("renewed = find('select.renew'); renewed.value = 'short'; renew(renewed); 0")
        tab.wait_for("find('#jobs .failed .state')")
        assert "the result has changed since version 1" in text(tab, "#jobs .failed .state")[0]
        assert tab.run("fetch(`/api/results/${current}`).then((one) => one.json()).then((one) => one.reviewed)")


def test_no_line_begins_or_ends_with_a_dot_between_pieces(tmp_path: Path) -> None:
    # Where the piece behind a dot begins a line, the dot lies outside of what is shown.
    shown = (
        "[...document.querySelectorAll('.meta[translate] > *, .list small > span, .counts > span')]"
        ".filter((one) => one.checkVisibility() && getComputedStyle(one, '::before').content === '\"·\"')"
        ".filter((one) => one.getBoundingClientRect().left - one.parentElement.getBoundingClientRect().left < 1)"
        ".every((one) => parseFloat(getComputedStyle(one, '::before').left) < -5"
        " && getComputedStyle(one.parentElement).clipPath.startsWith('inset'))"
    )
    with desk() as tab:
        add(tab, saved(tmp_path, "a-page-with-quite-a-long-name.html", "Taman Baru Dibuka"))
        for width in range(80, 400, 20):
            tab.run(f"for (const one of [find('#shown'), find('aside > nav')]) one.style.width = '{width}px'")
            assert tab.run(shown), width
        assert "·\n" not in tab.run("document.body.innerText")


def test_an_alternative_is_not_taken_before_what_is_written_is_asked_about(tmp_path: Path) -> None:
    with desk(misread) as tab:
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        other = "<span class='alternative'>Chillies cost more.</span><button type='button' class='use'>Use</button>"
        tab.run(f"find('.doubt').insertAdjacentHTML('beforeend', {json.dumps(other)})")
        tab.run("window.asked = 0; confirm = () => { asked += 1; return false; }; 0")
        click(tab, ".sentences .pencil")
        tab.run("document.activeElement.value = 'Chilli prices rose.'; 0")
        click(tab, ".use")
        assert tab.run("asked") == 1
        assert tab.run("find('.inplace textarea').value") == "Chilli prices rose."
        tab.run("confirm = () => true; 0")
        click(tab, ".use")
        tab.wait_for("find('.sentences .english').textContent === 'Chillies cost more.'")


SHOWN = "find('#shown article')?.dataset.id"


def visit_two(tab: Browser) -> list[str]:
    """Make two results, and read the older one, then the newer one; return their names in this order."""
    for number in range(2):
        add(tab, article(number), number + 1)
    newest, oldest = tab.run("results.map((one) => one.id)")
    tab.wait_for(f"{SHOWN} === '{oldest}'")
    tab.run("scrollTo(0, 60)")
    tab.run(f"visit('{newest}')")
    tab.wait_for(f"{SHOWN} === '{newest}'")
    return [oldest, newest]


@pytest.mark.parametrize("width", [390, 1280])
def test_back_and_forward_lead_through_what_was_read_to_where_it_was_left(width: int) -> None:
    with desk(width=width, height=400) as tab:
        oldest, newest = visit_two(tab)
        tab.run("scrollTo(0, 90); history.back()")
        tab.wait_for(f"{SHOWN} === '{oldest}' && scrollY === 60")
        assert tab.run("location.hash") == f"#{oldest}"
        tab.run("history.forward()")
        tab.wait_for(f"{SHOWN} === '{newest}' && scrollY === 90")
        tab.run("history.go(-2)")
        tab.wait_for("!find('#shown article') && find('#results a').checkVisibility()")
        assert tab.run("location.hash") == ""


def test_a_page_that_is_loaded_again_shows_the_result_that_was_read_where_it_was_read() -> None:
    with desk(height=400) as tab:
        oldest, newest = visit_two(tab)
        tab.run("scrollTo(0, 90); window.isOld = true; location.reload()")
        tab.wait_for(f"!window.isOld && document.readyState === 'complete' && {SHOWN} === '{newest}' && scrollY === 90")
        tab.run("history.back()")
        tab.wait_for(f"{SHOWN} === '{oldest}' && scrollY === 60")


def test_going_back_does_not_lose_what_is_written_unasked() -> None:
    with desk() as tab:
        _, newest = visit_two(tab)
        click(tab, "#edit")
        tab.run("find('#abstract').value = 'Lain.'; 0")
        tab.run("window.asked = 0; confirm = () => { asked += 1; return false; }; history.back()")
        tab.wait_for(f"asked === 1 && location.hash === '#{newest}'")
        assert tab.run(SHOWN) == newest
        assert tab.run("find('#abstract').value") == "Lain."
        # The way back is still there.
        tab.run("confirm = () => true; history.back()")
        tab.wait_for(f"{SHOWN} !== '{newest}' && location.hash !== '#{newest}'")


@pytest.mark.parametrize("does", ["find('.back').click()", "goToSearch()"])
def test_who_goes_to_the_list_of_a_narrow_window_is_asked_about_what_is_written(does: str) -> None:
    with desk(width=390) as tab:
        add(tab, ARTICLE)
        click(tab, "#edit")
        tab.run("find('#abstract').value = 'Lain.'; 0")
        tab.run("window.asked = 0; confirm = () => { asked += 1; return false; }; 0")
        tab.run(f"{does}; 0")
        assert tab.run("asked") == 1
        assert tab.run("find('#abstract').checkVisibility()")
        tab.run(f"confirm = () => true; {does}; 0")
        assert tab.run("find('#results a').checkVisibility() && location.hash === ''")


def test_the_skip_link_leads_to_the_article_and_not_to_a_result_of_that_name() -> None:
    with desk() as tab:
        add(tab, ARTICLE)
        before = tab.run(SHOWN)
        click(tab, ".skip")
        assert tab.run("document.activeElement.id") == "article"
        assert tab.run("location.hash") == f"#{before}"
        # Nor is it one in an address.
        tab.run("location.hash = '#article'; 0")
        tab.run("fetch('/api/health').then(() => 0)")
        assert tab.run(SHOWN) == before


def test_what_was_deleted_is_not_come_back_to() -> None:
    with desk() as tab:
        oldest, newest = visit_two(tab)
        tab.run("confirm = () => true; 0")
        click(tab, "#delete")
        tab.wait_for("!find('#shown article') && location.hash === ''")
        tab.run("history.back()")
        tab.wait_for(f"{SHOWN} === '{oldest}'")
        tab.run("history.forward()")
        tab.wait_for("!find('#shown article')")
        assert newest not in tab.run("location.href")


# The rows of what is seen in the toolbar.
ROWS = (
    "new Set([...document.querySelectorAll('.toolbar > :not(#more), #more > *')].filter((one) => one.checkVisibility())"
    ".map((one) => { const place = one.getBoundingClientRect(); return Math.round((place.top + place.bottom) / 20); }))"
    ".size"
)


def test_a_narrow_window_has_a_toolbar_of_two_rows_and_the_rest_on_demand() -> None:
    seen = "['#reviewed', '#edit', '[data-copy=translation]', '#delete'].map((one) => find(one).checkVisibility())"
    with desk(width=390) as tab:
        add(tab, ARTICLE)
        assert tab.run(ROWS) <= 2
        assert tab.run(seen) == [True, True, True, False]
        click(tab, "[popovertarget=more]")
        assert tab.run(seen) == [True] * 4
        # What is chosen there begins, and it is out of the way.
        click(tab, "[data-name=translate]")
        assert not tab.run("!!find('#more:popover-open')")


def test_a_wide_window_has_the_whole_toolbar_in_line() -> None:
    with desk() as tab:
        add(tab, ARTICLE)
        assert tab.run("find('#delete').checkVisibility() && !find('[popovertarget=more]').checkVisibility()")
        assert tab.run(ROWS) <= 2


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_list_and_result_can_be_read_by_everybody(tmp_path: Path, width: int, dark: bool) -> None:
    with serving(misread) as address, Browser(width, 900, dark=dark) as tab:
        tab.open(address)
        choose(tab, "#translate", "article")
        add(tab, saved(tmp_path, "a.html", "Harga Cabai Naik", text=CABAI))
        assert tab.run("find('#shown article').checkVisibility()")
        assert tab.violations() == []
        tab.screenshot(tmp_path / "result.png")
        click(tab, "[popovertarget=more]")
        assert tab.violations() == []
        tab.screenshot(tmp_path / "more.png")
        tab.open(address)
        tab.wait_for("document.querySelector('#results a')")
        assert tab.run("find('#results a').checkVisibility() && !find('#shown article')")
        assert tab.violations() == []
        tab.screenshot(tmp_path / "list.png")
        assert tab.problems == []
