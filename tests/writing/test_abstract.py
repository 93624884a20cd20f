import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.article import Article
from summarizer.checks import check_abstract
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.models.base import Generation, Length, Task
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import MAX_SENTENCES, write_abstracts
from summarizer.writing.repair import Repair
from summarizer.writing.selection import Unread
from tests.conftest import ARTICLE, FakeModel

GOOD = "Kota Girimulya membuka taman seluas 12 hektare."


def article(text: str = ARTICLE, title: str | None = None) -> Article:
    return Article(source="a.txt", title=title, paragraphs=(text,))


def test_the_models_text_is_used() -> None:
    model = FakeModel(lambda task, source: GOOD)
    [abstract] = write_abstracts([article()], model)
    assert (abstract.text, abstract.warnings) == (GOOD, ())
    assert model.calls == [(Task.SUMMARIZE, [ARTICLE])]


def test_a_bad_sentence_gives_way_to_the_articles_own() -> None:
    bad = "Kota Girimulya membuka taman. Wali Kota Ratna Puspita mengatakan biayanya Rp9 miliar."
    [abstract] = write_abstracts([article()], FakeModel(lambda task, source: bad))
    assert abstract.text == f"Kota Girimulya membuka taman. {split_sentences(ARTICLE)[1]}"
    assert abstract.repairs == (Repair("abstract", "replaced", ("9 miliar",)),)
    assert len(abstract.warnings) == 1
    assert "“9 miliar”" in abstract.warnings[0]


FLOOD = (
    "Banjir merendam pasar induk Girimulya pada Senin malam.",
    "Gubernur Ratna Puspita meminta warga mengungsi ke gedung sekolah.",
    "Ia juga mengirim perahu karet dan makanan untuk pengungsi.",
    "Pedagang ikan merugi karena lemari pendingin rusak.",
    "Polisi menutup jembatan lama yang retak akibat arus deras.",
    "Petugas kebersihan mengangkut lumpur dari halaman kantor pos.",
)


def test_a_sentence_put_together_from_all_over_the_article_gives_way_to_its_own() -> None:
    fused = "Gubernur Ratna Puspita menutup lemari pendingin kantor pos yang rusak akibat lumpur."
    model = FakeModel(lambda task, source: f"{FLOOD[0]} {fused}")
    [abstract] = write_abstracts([article(" ".join(FLOOD))], model)
    assert abstract.text == f"{FLOOD[0]} {FLOOD[1]}"
    assert abstract.repairs == (Repair("abstract", "replaced", (fused,)),)
    assert abstract.warnings == ()


def test_what_points_back_to_a_replaced_sentence_goes_with_it() -> None:
    fused = "Pedagang ikan meminta polisi mengangkut gedung sekolah lama."
    text = f"{FLOOD[0]} {fused} Ia mengirim perahu karet untuk pengungsi."
    [abstract] = write_abstracts([article(" ".join(FLOOD))], FakeModel(lambda task, source: text))
    assert "Ia " not in abstract.text
    assert abstract.text.startswith(FLOOD[0])
    [kept] = write_abstracts([article(" ".join(FLOOD))], FakeModel(lambda task, source: " ".join(FLOOD[1:3])))
    assert kept.text == " ".join(FLOOD[1:3])


def test_the_articles_first_sentences_stand_in() -> None:
    [abstract] = write_abstracts([article()], FakeModel(lambda task, source: "Bandung 99."))
    assert abstract.text == " ".join(split_sentences(ARTICLE)[:2])
    assert len(abstract.warnings) == 1
    assert "first sentences" in abstract.warnings[0]
    assert [repair.how for repair in abstract.repairs] == ["lead"]


def test_support_points_into_the_paragraphs() -> None:
    whole = Article(source="a.txt", title=None, paragraphs=("Hujan turun.", ARTICLE))
    [abstract] = write_abstracts([whole], FakeModel(lambda task, source: GOOD))
    assert [support.positions for support in abstract.support] == [((1, 0),)]


def test_an_unfinished_last_sentence_goes() -> None:
    text = f"{GOOD} Wali kota mengatakan bahwa taman"
    [abstract] = write_abstracts([article()], FakeModel(lambda task, source: Generation(text, finished=False)))
    assert abstract.text == GOOD


def test_a_lone_quotation_mark_goes() -> None:
    [abstract] = write_abstracts([article()], FakeModel(lambda task, source: f'{GOOD} "'))
    assert abstract.text == GOOD


def test_repeated_sentences_stand_once() -> None:
    text = f"{GOOD} {GOOD} Biayanya Rp7,5 miliar."
    [abstract] = write_abstracts([article()], FakeModel(lambda task, source: text))
    assert abstract.text == f"{GOOD} Biayanya Rp7,5 miliar."


def test_a_sentence_with_hardly_anything_new_goes() -> None:
    first = "Biaya politik di daerah itu tinggi karena luas wilayah dan jumlah penduduk yang sedikit."
    other = "Selain itu, biaya politik di daerah itu tinggi karena luas wilayah dan jumlah penduduk yang sedikit."
    source = article(f"{first} Hujan turun. Jalan licin. Warga pulang. Biaya politik di daerah Laras tinggi pada 2025.")
    text = f"{first} {other} {first.replace('itu', 'Laras')} {first.replace('sedikit', '2025')}"
    [abstract] = write_abstracts([source], FakeModel(lambda task, source: text))
    assert abstract.text == f"{first} {first.replace('itu', 'Laras')} {first.replace('sedikit', '2025')}"


DAYS = [f"Hujan turun di desa itu pada hari nomor {number}." for number in range(20)]


@pytest.mark.parametrize(("length", "most"), [("short", 2), ("medium", 3), ("long", 5), (None, 5)])
def test_how_many_sentences_there_are_at_most(length: Length | None, most: int) -> None:
    model = FakeModel()
    [abstract] = write_abstracts([article(" ".join(DAYS))], model, length=length)
    assert split_sentences(abstract.text) == DAYS[:most]
    assert model.told == [([""], length)]


@pytest.mark.parametrize("length", MAX_SENTENCES)
@pytest.mark.parametrize(("sentences", "most"), [(1, 1), (2, 1), (3, 2), (4, 2)])
def test_an_abstract_is_shorter_than_its_article(length: Length | None, sentences: int, most: int) -> None:
    short = article(" ".join(DAYS[:sentences]))
    for model in (FakeModel(), FakeModel(lambda task, source: "Bandung 99.")):
        [abstract] = write_abstracts([short], model, length=length)
        assert split_sentences(abstract.text) == DAYS[:most]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        (None, ""),
        ("", ""),
        (" \n", ""),
        ("Taman\r\nBaru\x1b[2J\x00 Dibuka", "Taman Baru Dibuka"),
        (" ".join(["Taman"] * 64), " ".join(["Taman"] * 64)),
        (" ".join(["Taman"] * (64 + 1)), ""),
    ],
)
def test_which_titles_the_model_is_told(title: str | None, told: str) -> None:
    model = FakeModel(lambda task, source: GOOD)
    write_abstracts([article(title=title)], model)
    assert model.told == [([told], None)]


def test_what_only_the_title_says_is_kept_out() -> None:
    model = FakeModel(lambda task, source: f"Kota Girimulya dan Bandung membuka taman. {GOOD}")
    [abstract] = write_abstracts([article(title="Taman Bandung Dibuka")], model)
    assert "Bandung" not in abstract.text
    assert [repair.how for repair in abstract.repairs] == ["replaced"]


def test_a_title_takes_its_room_from_the_article() -> None:
    model = FakeModel(lambda task, source: "Ada hujan di kota itu.", max_input_tokens=12)
    sentences = ["Satu hujan turun di kota itu.", "Dua hari kemudian kota banjir.", "Tiga desa ikut terendam."]
    [abstract] = write_abstracts([article(" ".join(sentences), "Hujan dan Banjir")], model)
    assert model.calls == [(Task.SUMMARIZE, sentences[:1])]
    assert abstract.unread == Unread(((0, 1), (0, 2)), 9, 3)


def test_a_long_article_is_cut_at_sentences_and_says_so() -> None:
    model = FakeModel(lambda task, source: "Ada hujan di kota itu.", max_input_tokens=12)
    sentences = ["Satu hujan turun di kota itu.", "Dua hari kemudian kota banjir.", "Tiga desa ikut terendam."]
    [abstract] = write_abstracts([article(" ".join(sentences))], model)
    [(_, [given])] = model.calls
    assert given == " ".join(sentences[:2])
    assert abstract.unread == Unread(((0, 2),), 4, 3)
    assert abstract.unread.to_dict() == {"positions": [[0, 2]], "words": 4, "total": 3}
    [warning] = abstract.warnings
    assert "1 of its 3 sentences (4 words) were left out" in warning


def test_a_sentence_longer_than_the_model_can_take() -> None:
    model = FakeModel(lambda task, source: "kata saja.", max_input_tokens=8)
    [abstract] = write_abstracts([article("kata " * 40 + "selesai.")], model)
    assert len(abstract.warnings) == 1
    assert "(35 words) were left out" in abstract.warnings[0]
    assert abstract.unread
    assert abstract.unread.positions == ((0, 0),)


def test_one_endless_word_is_cut_too() -> None:
    class Letters(FakeModel):
        def count_tokens(self, text: str) -> int:
            return len(text)

    for extracts in (False, True):
        model = Letters(lambda task, source: source, max_input_tokens=50, extracts=extracts)
        [abstract] = write_abstracts([Article("a.txt", None, ("A" * 200, "Taman itu dibuka untuk umum."))], model)
        assert abstract.text == "A" * len(abstract.text)
        assert 0 < len(abstract.text) <= 50
        assert abstract.unread


def test_a_digest_gets_a_line_for_each_story_and_no_model() -> None:
    model = FakeModel(lambda task, source: GOOD)
    digest = Article(
        "d.txt", "Top 3", ("Satu", FLOOD[0], "Dua", f"{FLOOD[2]} {FLOOD[3]}", "Tiga", FLOOD[2]), stories=(0, 2, 4)
    )
    before, told, after = write_abstracts([article(), digest, article()], model)
    assert told.text == f"{FLOOD[0]}\n{FLOOD[3]}\nTiga"
    assert told.warnings == ()
    assert [item.positions[0] for item in told.support[:2]] == [(1, 0), (3, 1)]
    assert (before.text, after.text) == (GOOD, GOOD)
    assert model.calls == [(Task.SUMMARIZE, [ARTICLE] * 2)]
    stories = range(0, 2 * 12 + 2, 2)
    long = replace(digest, paragraphs=tuple(f"Nomor {place}" for place in range(40)), stories=tuple(stories))
    [cut] = write_abstracts([long], model)
    assert len(cut.text.split("\n")) == 12
    assert cut.warnings == ("1 more story is left out",)


def test_each_article_gets_its_own() -> None:
    texts = ["Satu hujan turun.", "Dua hujan turun."]
    abstracts = write_abstracts([article(text) for text in texts], FakeModel())
    assert [abstract.text for abstract in abstracts] == texts


NEWS = sorted(
    path for path in (Path(__file__).parents[2] / "eval/data/news").glob("*.txt") if path.name.count(".") == 1
)


@pytest.mark.parametrize("page", NEWS, ids=lambda path: path.stem)
def test_nothing_unsupported_comes_through_whatever_the_model_writes(page: Path) -> None:
    """The model mixes the sentences of an article with those of another one, and changes numbers."""
    clean_page = clean(read_file(page))
    other = clean(read_file(NEWS[NEWS.index(page) - 1]))
    own, foreign = (
        [sentence for paragraph in one.paragraphs for sentence in split_sentences(paragraph)]
        for one in (clean_page, other)
    )
    chance = random.Random(page.stem)

    def write(task: Task, source: str) -> str:
        sentences = [chance.choice(own), re.sub(r"\d", "7", chance.choice(own)), chance.choice(foreign)]
        words = " ".join(chance.sample(sentences, 3)).split()
        cut = chance.randrange(len(words))
        return " ".join(words if chance.random() < 0.5 else words[cut:] + words[:cut])

    for _ in range(5):
        [abstract] = write_abstracts([clean_page], FakeModel(write))
        assert abstract.text
        assert check_abstract(abstract.text, clean_page.text.replace("\n", " ")) == []
