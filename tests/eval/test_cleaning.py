import json
from pathlib import Path

import pytest

from eval.cleaning import Extraction, JudgedPage, Tally, peers, read_expectations
from tests.eval.conftest import call

EVAL = Path(__file__).parents[2] / "eval"
PAGES = EVAL / "data" / "cleaning" / "pages"
EXPECTATIONS = EVAL / "data" / "cleaning" / "expectations.json"


def test_expected_paragraphs_stand_in_the_pages() -> None:
    for page in read_expectations(EXPECTATIONS):
        if page.name.endswith(".txt"):
            text = " ".join((PAGES / page.name).read_text(encoding="utf-8").split())
            assert all(part in text for part in (*page.body, *page.junk)), page.name


def test_words_paragraphs_and_junk_are_counted() -> None:
    page = JudgedPage("a.txt", "a", body=("Satu dua tiga.", "Empat."), junk=("Baca juga",))
    counted = Tally()
    counted.add(page, Extraction("Satu dua tiga. Baca  juga lima"))
    assert counted.precision == pytest.approx(3 / 6)
    assert counted.recall == pytest.approx(3 / 4)
    assert counted.f1 == pytest.approx(0.6)
    assert counted.missing == [("a.txt", "Empat.")]
    assert counted.left == [("a.txt", "Baca juga")]


def test_refusing_an_article_and_taking_an_index_are_both_wrong() -> None:
    counted = Tally()
    counted.add(JudgedPage("a", "a", body=("Satu.",)), None)
    counted.add(JudgedPage("b", "a", refuse=True), Extraction("Satu"))
    counted.add(JudgedPage("c", "a", refuse=True), None)
    assert counted.refused == ["a"]
    assert counted.accepted == ["b"]
    assert counted.lost == ["a"]
    assert counted.other_story == []
    assert counted.recall == 0
    assert [fault.partition(":")[0] for fault in counted.faults("shipped")[1:]] == ["lost", "refused", "accepted"]


def test_another_story_and_another_title() -> None:
    counted = Tally()
    page = JudgedPage("a", "a", body=("Satu dua tiga empat.",), title="Judul Ini", optional=("lima enam",))
    counted.add(page, Extraction("Tujuh delapan satu.", "Judul Itu"))
    counted.add(page, Extraction("Satu dua tiga empat. Lima enam", "Judul ini!"))
    assert counted.lost == ["a"]
    assert counted.other_story == ["a"]
    assert counted.titles == 2
    assert counted.untitled == [("a", "Judul Itu")]
    # Optional words are neither found nor wrong.
    assert counted.found == 5
    assert counted.output == 7
    assert counted.expected == 8


def test_expectations_in_a_folder(tmp_path: Path) -> None:
    gold: dict[str, object] = {"article": True, "site": "a.id", "title": "Judul"}
    gold |= {"body": ["Satu."], "must_not": ["Dua"], "optional": ["Tiga"]}
    (tmp_path / "a.html.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "b.html.json").write_text(json.dumps({"article": False, "site": "b.id"}), encoding="utf-8")
    assert read_expectations(tmp_path) == [
        JudgedPage("a.html", "a.id", ("Satu.",), ("Dua",), False, "Judul", ("Tiga",)),
        JudgedPage("b.html", "b.id", refuse=True),
    ]


@pytest.mark.parametrize("name", peers())
def test_peers_find_an_article_and_a_headline(name: str) -> None:
    found = peers()[name](PAGES / "detik.html")
    assert found
    assert "Pemerintah Kota Laras menutup pasar ikan" in found.text
    assert found.title or name == "resiliparse"


def test_the_command_shows_sites_and_says_what_is_wrong_with_expectations(tmp_path: Path) -> None:
    shown = call("cleaning", PAGES, EXPECTATIONS, "--no-peers", "--verbose", "--kind", "text").output
    assert "ringkas" in shown
    assert "tempo" in shown
    bad = tmp_path / "bad.json"
    for content, message in (
        (["a"], "is not a JSON object"),
        ({"a.html": ["suara"]}, "what is expected of a.html is of another form"),
        ({"a.html": {"site": "a", "body": "Satu."}}, "its pieces are not a list"),
        ({"a.html": {"site": "a", "body": None}}, "what is expected of a.html is of another form"),
    ):
        bad.write_text(json.dumps(content), encoding="utf-8")
        assert message in call("cleaning", PAGES, bad, code=1).output
