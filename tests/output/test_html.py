import json
import re
from dataclasses import replace
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import etree
from lxml.html import document_fromstring

from summarizer import Article, Removed, Result, Summarizer
from summarizer.checks import Fault, Support
from summarizer.checks.faults import Kind
from summarizer.extraction.flattened_page import FUSED_WARNING, WARNING
from summarizer.extraction.genres import describe_genre
from summarizer.extraction.rules import load_rules, load_toml
from summarizer.output.html import find_glosses, interleave_removed, mark_cut, pair_article, render_page, write_page
from summarizer.result import AbstractSentence, Confidence, ResultSentence, TranslatedSentence
from tests.conftest import SAMPLES
from tests.output import browser
from tests.output.browser import Browser

HOSTILE = (
    "</style></script><script>document.title = 'gone'</script><img src=x onerror=\"document.title='gone'\">"
    '<svg onload=alert(1)><a href="javascript:alert(1)">x</a>"\'` {{ 7 * 7 }} {% raw %} &lt;b&gt; <!-- --!> ]]>'
)


def article(title: str = "Taman Baru Dibuka", text: str = "Taman dibuka di tepi sungai.", **fields: Any) -> Article:
    dateline = Removed("Suara.com -", "outlet_dateline", 1, leading=True)
    removed = (dateline, Removed(f"- Harga Cabai Naik {text}", "headline_list", 3))
    return Article("a.txt", title, (text, "Warga senang."), removed=removed, paragraph_numbers=(1, 2), **fields)


def result(warnings: tuple[str, ...] = (), **fields: Any) -> Result:
    page = article(**fields)
    return Result(page, f"Ringkasan: {page.paragraphs[0]}", f"Abstract: {page.paragraphs[0]}", None, warnings, "fake")


NOTHING = Support((), (), 0.0)


def rests(*pairs: tuple[str, Support]) -> tuple[ResultSentence, ...]:
    """Sentences that weren't translated, with what they rest on."""
    return tuple(ResultSentence(AbstractSentence(text, support, copied=False), None, None) for text, support in pairs)


def hostile() -> Result:
    page = article(HOSTILE, HOSTILE, url="javascript:alert(1)", site=HOSTILE, author=HOSTILE, date=HOSTILE)
    sentences = rests((HOSTILE, Support(((0, 0),), (HOSTILE,), 1.0)), (HOSTILE, NOTHING))
    whole = Result(page, HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,), HOSTILE)
    return replace(whole, sentences=sentences, title_translation=HOSTILE)


def write(folder: Path, results: list[Result], failures: list[dict[str, str]]) -> Path:
    write_page(folder / "semua.html", lambda: map(Result.to_record, results), failures)
    return folder / "semua.html"


FAILURE = {"input": "b.txt", "error": "b.txt is empty", "advice": "save it anew"}
EVIL_FAILURE = {"input": HOSTILE, "error": HOSTILE, "advice": HOSTILE}


def elements(html: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Which elements and attributes there are."""
    found = list(document_fromstring(html).iter(etree.Element))
    return {one.tag for one in found}, {pair for one in found for pair in one.items()}


def test_a_page_is_put_together_again() -> None:
    fields = {
        "paragraphs": ["Satu.", "Dua a.", "Dua b.", "Tiga."],
        "lines": [2, 4, 4, 6],
        "removed": [
            {"line": 1, "rule": "menu", "text": "Beranda"},
            {"line": 2, "rule": "outlet_dateline", "text": "Suara.com -", "leading": True},
            {"line": 4, "rule": "read_also", "text": "Baca juga: Lain"},
            {"line": 5, "rule": "read_also", "text": "Baca juga: Lagi"},
        ],
    }
    runs = [["Beranda", "Suara.com -"], ["Satu.", "Dua a."], ["Baca juga: Lain"], ["Dua b."], ["Baca juga: Lagi"]]
    assert [[piece["text"] for piece in run] for run in interleave_removed(fields)] == [*runs, ["Tiga."]]
    assert interleave_removed({"paragraphs": ["Satu."], "lines": [], "removed": []}) == [[{"text": "Satu."}]]


def translated(paragraph: str, count: int) -> dict[str, Any]:
    """An article of one paragraph, whose translation has so many sentences."""
    sentences = []
    for number in range(count):
        sentences.append({"paragraph": 0, "translation": f"S{number}.", "confidence": 0.9, "doubtful": False})
    english = " ".join([sentence["translation"] for sentence in sentences])
    fields = {"paragraphs": [paragraph], "lines": [1], "removed": [], "article_sentences": sentences}
    return fields | {"article_translation": [english]}


@pytest.mark.parametrize(
    ("count", "rows"),
    [
        (1, ["Hujan turun."]),
        (3, ["Hujan turun. Jalan licin. Warga pulang."]),
        (5, ["Hujan turun. Jalan licin. Warga pulang.", "Pasar sepi. Toko tutup."]),
    ],
)
def test_a_long_paragraph_stands_beside_its_translation_a_few_sentences_at_a_time(count: int, rows: list[str]) -> None:
    text = "Hujan turun. Jalan licin. Warga pulang. Pasar sepi. Toko tutup."
    sentences = text.split(". ")[:count]
    paragraph = ". ".join(sentences).rstrip(".") + "."
    paired = pair_article(translated(paragraph, count))
    assert [row.text for row in paired] == rows
    assert [row.first for row in paired] == [0, 3][: len(rows)]
    places = [place for row in paired for place, _ in row.english or ()]
    assert places == list(range(count))


def test_a_paragraph_whose_translation_has_other_sentences_stays_whole() -> None:
    text = "Hujan turun. Jalan licin. Warga pulang. Pasar sepi. Toko tutup."
    [row] = pair_article(translated(text, 4))
    assert row.text == text
    assert row.first == 0


def test_a_notebook_shows_results_and_articles() -> None:
    most = Support(((0, 0),), ("Taman dibuka di sungai.",), 0.667)
    sentences = rests(("Taman dibuka.", most), ("Lain.", NOTHING))
    html = replace(result(("angka berbeda",), url="https://contoh.id/a"), sentences=sentences)._repr_html_()
    for text in ("Taman Baru Dibuka", "Ringkasan: Taman", "Abstract: Taman", "angka berbeda", "Harga Cabai Naik"):
        assert text in html
    for text in (
        "Taman dibuka <del>di sungai.</del>",
        "67 % of its words",
        "0 % of its words",
        "nothing in the article",
    ):
        assert text in html
    assert '<a href="https://contoh.id/a" rel="noreferrer noopener"' in html
    assert "outlet_dateline" in html
    html = Summarizer().clean(SAMPLES / "jembatan.txt")._repr_html_()
    assert "<span>25 pieces removed</span>" in html
    assert "headline_list" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://[::", "//contoh.id/a", "berkas.html", None])
def test_only_a_web_address_becomes_a_link(url: str | None) -> None:
    assert "<a href" not in result(url=url, site="contoh.id")._repr_html_()


@pytest.mark.parametrize("html", [hostile()._repr_html_(), hostile().article._repr_html_()])
def test_hostile_text_is_text(html: str) -> None:
    names, attributes = elements(html)
    known = "html head body style div section h2 h3 p span ul li details summary code del dl dt dd small"
    assert names <= {*known.split()}
    assert not {name for name, _ in attributes if name.startswith("on") or name == "href"}


def test_a_page_holds_no_markup_of_others(tmp_path: Path) -> None:
    html = write(tmp_path, [hostile()], [EVIL_FAILURE]).read_text(encoding="utf-8")
    names, attributes = elements(html)
    assert not names & {"img", "svg", "iframe", "link", "base", "object"}
    assert html.count("<script") == html.count("</script>") == 1
    assert not {name for name, _ in attributes if name.startswith("on") or name in ("src", "style")}
    assert {value for name, value in attributes if name == "href"} <= {"#a1", "#f1", "#failures"}
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy.group(1).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy.group(1)


def test_a_failure_is_named_once(tmp_path: Path) -> None:
    other = {"input": "c.txt", "error": "c.txtx can't be read", "advice": ""}
    html = write(tmp_path, [], [FAILURE, other]).read_text(encoding="utf-8")
    assert '<dt id="f1" translate="no">b.txt</dt><dd lang="en">is empty</dd>' in html
    # Another name that begins like it is none.
    assert '<dd lang="en">c.txtx can&#39;t be read</dd>' in html


needs_browser = pytest.mark.skipif(browser.find() is None, reason="there is no Chromium")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


def unsure(**fields: Any) -> Result:
    """A result with two sentences that are doubtful, and one that isn't."""
    sentence = AbstractSentence("Taman.", NOTHING, copied=False)
    doubt = Confidence(0.2, ("“park” may be wrong",), doubtful=True)
    sentences = [ResultSentence(sentence, text, doubt) for text in ("A.", "B.")]
    sentences.append(ResultSentence(sentence, "C.", Confidence(0.9, (), doubtful=False)))
    return replace(result(**fields), translation="A. B. C.", sentences=tuple(sentences))


def test_the_list_says_in_words_what_is_doubtful(tmp_path: Path) -> None:
    assert "There is no result." in write(tmp_path, [], []).read_text(encoding="utf-8")
    page = write(tmp_path, [unsure(), replace(result(), warnings=("awas", "lagi")), result()], [])
    lines = re.findall("<li class=.*", page.read_text(encoding="utf-8"))
    assert len(lines) == 3
    assert '<small class="marks"><span>⚠ 2 doubtful sentences</span></small>' in lines[0]
    assert '<small class="marks"><span>2 warnings</span></small>' in lines[1]
    assert "marks" not in lines[2]
    counts = etree.tostring(
        document_fromstring(page.read_text(encoding="utf-8")).cssselect(".counts")[0], method="text"
    )
    assert b"3 articles, 1 with warnings, 1 with doubtful sentences" in counts


def sayings() -> set[str]:
    """What is said of articles and their translations, with "{}" for what is of one of them alone."""
    faults = set()
    for kind, missing in product(get_args(Kind), (False, True)):
        pieces = ("long", "short") if kind == "length" else ("{}",)
        faults |= {str(Fault(kind, piece, missing)) for piece in pieces}
    faults.add(str(Fault("name", "{}", missing=True, meaning="{text}")))
    rules = {rule.warning for rule in load_rules() if rule.warning}
    genres = {f"this page is {describe_genre(name)}" for name in load_toml("genres")}
    return faults | rules | genres | {WARNING, FUSED_WARNING}


def test_what_is_said_of_texts_has_words_in_indonesian() -> None:
    words = json.loads((files("summarizer.output") / "templates/words.id.json").read_text(encoding="utf-8"))
    assert sayings() - words.keys() == set()
    for phrase, known in words.items():
        gaps = re.findall(r"\{\w*\}", phrase)
        assert re.findall(r"\{\w*\}", known) == gaps or phrase.endswith("of the article"), phrase
    assert list(words) == sorted(words)


@needs_browser
def test_a_page_of_results_gives_reasons_in_the_language_of_its_reader(tmp_path: Path) -> None:
    doubt = Confidence(0.2, ("“taman” (park) is not in the translation",), doubtful=True, alternative="A park.")
    [sentence, *_] = unsure().sentences
    told = replace(unsure(), sentences=(replace(sentence, confidence=doubt),), translation="A.")
    page = write(tmp_path, [replace(told, warnings=("the text seems to be cut off: it ends with dots",))], [])
    said = "document.querySelector('mark small').textContent"
    warned = "document.querySelector('.warnings li:last-child').textContent"
    with Browser() as tab:
        tab.open(page)
        assert tab.run(said) == "⚠ “taman” (park) is not in the translation; second choice: A park."
    with Browser(language="id-ID") as tab:
        tab.open(page)
        assert tab.run(said) == "⚠ “taman” (park) tidak ada dalam terjemahan; pilihan kedua: A park."
        assert tab.run(warned) == "⚠ teks tampaknya terpotong: berakhir dengan titik-titik"
        assert tab.run("document.querySelector('mark').closest('[lang]').lang") == "en"
        assert tab.problems == []


@needs_browser
def test_the_number_of_doubts_leads_to_the_first_even_in_the_folded_article(tmp_path: Path) -> None:
    doubt = Confidence(0.2, ("“gayung” may be lost",), doubtful=True)
    sure = result(text="Gayung itu hilang.")
    folded = replace(
        sure,
        article_translation=("It is gone.", "People are glad."),
        article_sentences=(
            TranslatedSentence(0, "Gayung itu hilang.", "It is gone.", doubt),
            TranslatedSentence(1, "Warga senang.", "People are glad.", Confidence(0.9, (), doubtful=False)),
        ),
    )
    page = write(tmp_path, [folded, result()], [])
    with Browser() as tab:
        tab.open(page)
        assert tab.run("document.querySelector('mark').checkVisibility()") is False
        assert tab.run("document.querySelectorAll('.doubts + button').length") == 1
        tab.run("document.querySelector('.doubts + button').click()")
        assert tab.run("document.querySelector('mark').checkVisibility()") is True
        assert tab.run("document.activeElement.textContent").startswith("It is gone.")
        assert tab.problems == []


@needs_browser
def test_a_reason_tells_what_the_words_in_it_mean(tmp_path: Path) -> None:
    doubt = Confidence(0.2, ("“gayung” may be lost",), doubtful=True)
    [sentence, *_] = unsure().sentences
    page = write(
        tmp_path,
        [
            replace(
                unsure(text="Gayung itu hilang."), sentences=(replace(sentence, confidence=doubt),), translation="A."
            )
        ],
        [],
    )
    point = ".dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))"
    with Browser() as tab:
        tab.open(page)
        tab.run(f"document.querySelector('mark [translate]'){point}")
        tab.run(f"document.querySelector('mark .word'){point}")
        assert tab.run("document.querySelector('#meaning').textContent") == "gayung: water scoop, dipper, ladle"
        assert tab.run("document.querySelector('mark small').textContent") == "⚠ “gayung” may be lost"
        assert tab.problems == []


def many() -> list[Result]:
    many = [result(title=f"Berita Nomor {number}", text=f"Isi yang ke-{number}. " * 20) for number in range(30)]
    return [*many, result(("sebuah peringatan",), title="Yang Diperingatkan"), hostile()]


@needs_browser
@pytest.mark.parametrize("size", SIZES)
def test_the_page_loads_nothing_and_fits_in_a_browser(tmp_path: Path, size: str) -> None:
    page = write(tmp_path, many(), [FAILURE, EVIL_FAILURE])
    with Browser(*SIZES[size]) as tab:
        tab.open(page)
        assert tab.run("document.title") == "Ringkas: 32 articles"
        # Nothing is loaded, nothing is forbidden because nothing is tried, nothing is written to the console.
        assert tab.requests == [page.as_uri()]
        assert tab.problems == []
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        pair = tab.run(
            "[...document.querySelectorAll('main > article:first-of-type .pair section')]"
            ".map((part) => part.getBoundingClientRect()).map((box) => [box.left, box.top, box.width])"
        )
        side_by_side = pair[0][1] == pair[1][1] and pair[0][0] < pair[1][0]
        assert side_by_side == (size == "wide")
        assert all(width > 250 for *_, width in pair)
        assert tab.run("document.querySelector('.list').checkVisibility()") == (size == "wide")
        # An article that is chosen isn't hidden below what stays on top.
        tab.run("location.hash = '#a5'")
        gap = "document.querySelector('#a5').getBoundingClientRect().top{}"
        bar = " - document.querySelector('.bar').getBoundingClientRect().bottom"
        assert tab.run(gap.format("" if size == "wide" else bar)) >= 0
        # What was removed, and the original itself, show when they are unfolded, and not before.
        assert not tab.run("document.querySelector('main del').checkVisibility()")
        tab.run("document.querySelectorAll('details').forEach((part) => { part.open = true })")
        assert tab.run("document.querySelector('main del').checkVisibility()")
        assert tab.run("document.documentElement.scrollWidth <= innerWidth")
        assert len(tab.screenshot(tmp_path / "bild.png")) > 10_000


@needs_browser
def test_the_search_shows_the_articles_that_have_the_words(tmp_path: Path) -> None:
    page = write(tmp_path, [*many(), unsure(title="Yang Diragukan")], [FAILURE])
    shown = "[...document.querySelectorAll('main > article')].filter((card) => !card.hidden).map((card) => card.id)"
    with Browser() as tab:
        tab.open(page)

        def search(text: str) -> list[str]:
            tab.run(
                f"document.querySelector('#search').value = {json.dumps(text)};"
                "document.querySelector('#search').dispatchEvent(new Event('input'))"
            )
            return tab.run(shown)  # type: ignore[no-any-return]

        assert search("NOMOR 17") == ["a18"]
        assert (
            tab.run("[...document.querySelectorAll('.list li:not(.failed)')].filter((entry) => !entry.hidden).length")
            == 1
        )
        assert tab.run("document.querySelector('.counts').textContent").startswith("1 shown of 33 articles, 2 with")
        assert tab.run("CSS.highlights.get('found').size") >= 2
        assert search("ke-3. nomor") == ["a4"]
        assert search("tidak ada itu") == []
        assert tab.run("document.querySelector('.none').checkVisibility()")
        assert search("<script>") == ["a32"]
        assert len(search("")) == 33
        tab.run("document.querySelector('#warned').click()")
        assert tab.run(shown) == ["a31", "a32"]
        tab.run("document.querySelector('#doubtful').click()")
        assert tab.run(shown) == []
        tab.run("document.querySelector('#warned').click()")
        assert tab.run(shown) == ["a33"]
        assert tab.problems == []


@pytest.mark.parametrize(
    ("sentence", "cut"),
    [
        ("Hujan turun di Laras.", ["Namun,", "deras", "pada Senin."]),
        ("Namun, hujan deras turun di Laras pada Senin.", []),
        # What a model wrote is not what is left of the source.
        ("Hujan melanda Laras.", []),
    ],
)
def test_what_was_cut_of_a_source_is_told(sentence: str, cut: list[str]) -> None:
    runs = mark_cut("Namun, hujan deras turun di Laras pada Senin.", sentence)
    assert [run["text"] for run in runs if run["cut"]] == cut
    assert " ".join(run["text"] for run in runs) == "Namun, hujan deras turun di Laras pada Senin."


@needs_browser
@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("narrow", True)])
def test_a_page_of_results_can_be_read_by_everybody(tmp_path: Path, size: str, dark: bool) -> None:
    page = write(tmp_path, [unsure(), replace(result(("awas",)), title_translation="A new park")], [FAILURE])
    with Browser(*SIZES[size], dark=dark) as tab:
        tab.open(page)
        tab.run("document.querySelectorAll('details').forEach((part) => { part.open = true })")
        assert tab.violations() == []
        # On a narrow window, the list is a menu that folds once a choice is made.
        tab.run("document.querySelector('.list a').click()")
        assert tab.run("document.querySelector('.menu').open") == (size == "wide")
        # From the last line of the page, the list is still in sight.
        tab.run("scrollTo(0, document.body.scrollHeight)")
        list_top = tab.run("document.querySelector('.menu, .list').getBoundingClientRect().top")
        assert 0 <= list_top < 200


@needs_browser
def test_a_page_of_results_speaks_indonesian_and_remembers_its_languages(tmp_path: Path) -> None:
    page = write(tmp_path, [replace(unsure(), title_translation="A new park")], [])
    with Browser(language="id") as tab:
        tab.open(page)
        assert tab.run("document.querySelector('.marks').textContent") == "⚠ 2 kalimat meragukan"
        assert tab.run("document.querySelector('main h2').textContent") == "A new park"
        tab.run(
            "(() => { const one = document.querySelector('#show'); one.value = 'id';"
            "one.dispatchEvent(new Event('change')); })()"
        )
        assert not tab.run("document.querySelector('main h2').checkVisibility()")
        tab.open(page)
        assert tab.run("document.querySelector('#show').value") == "id"
        assert tab.problems == []


@needs_browser
def test_a_page_without_translations_offers_no_choice_of_languages(tmp_path: Path) -> None:
    page = write(tmp_path, [replace(result(), translation=None, title_translation=None)], [])
    with Browser(language="id") as tab:
        tab.open(page)
        assert not tab.run("Boolean(document.querySelector('#show'))")
        # The rest of the page works: it speaks Indonesian, and can be searched.
        assert tab.run("document.querySelector('.counts').textContent") == "1 artikel"
        assert tab.run("document.querySelector('.tools').checkVisibility()")
        assert tab.problems == []


def test_a_list_says_that_faults_are_unmarked_where_something_is_translated() -> None:
    untranslated = replace(result(), translation=None).to_record()
    note = "<span>many faults have no mark</span>"
    assert note in render_page([result().to_record(), untranslated])
    assert note not in render_page([untranslated])


def test_the_words_of_a_result_have_their_english() -> None:
    fields = {"title": "Gayung Hilang", "abstract": None, "paragraphs": ["Polisi <b> menyita gayung milik Surya."]}
    meanings = json.loads(find_glosses(fields))
    assert meanings["gayung"] == "water scoop, dipper, ladle"
    assert "surya" not in meanings
    assert json.loads(find_glosses({"title": None})) == {}


@needs_browser
def test_a_word_is_told_when_it_is_pointed_at_and_by_key(tmp_path: Path) -> None:
    article = replace(unsure().article, title="Polisi menyita gayung")
    with Browser() as tab:
        tab.open(write(tmp_path, [replace(unsure(), article=article)], []))
        assert tab.run("document.querySelector('#meaning').hidden")
        point = ".dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))"
        tab.run(f"document.querySelector('main article [lang=id]'){point}")
        tab.run(f"[...document.querySelectorAll('.word')].find((one) => one.textContent === 'gayung'){point}")
        assert tab.run("document.querySelector('#meaning').textContent") == "gayung: water scoop, dipper, ladle"
        tab.run("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))")
        assert tab.run("document.querySelector('#meaning').hidden")
        tab.run("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'w', bubbles: true }))")
        assert not tab.run("document.querySelector('#meaning').hidden")
        assert tab.problems == []
