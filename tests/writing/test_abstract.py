import json
import os
import random
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from summarizer import Result, Summarizer
from summarizer.article import Article
from summarizer.checks import Support, check_abstract
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.models.base import Generation, Length, Task
from summarizer.result import Abstract, Truncation
from summarizer.text.sentences import split_sentences
from summarizer.writing.abstract import MAX_SENTENCES, write_abstracts
from tests.conftest import ABSTRACT, ARTICLE, ROOT, FakeModel

RANKED = (
    "Kebakaran melanda pasar Girimulya pada Senin malam.",
    "Sekitar 40 pedagang, yang berjualan di lantai dua, merugi besar.",
    "Wali Kota Ratna Puspita mengatakan kerugian ditaksir Rp7,5 miliar.",
    "Tujuh mobil pemadam datang dari kota tetangga.",
    "Cuaca pada malam itu cerah.",
    "Pasar itu dibangun pada 1987.",
)


def rank(sentence: str) -> float:
    return 5.0 - RANKED.index(sentence)


def test_words_that_the_model_can_do_without_go() -> None:
    model = FakeModel(rank=rank, cut={"yang", "berjualan", "di", "lantai", "dua,"})
    [abstract] = write_abstracts([article(" ".join(RANKED))], model)
    assert [sentence.text for sentence in abstract.sentences] == [
        RANKED[0],
        "Sekitar 40 pedagang merugi besar.",
        RANKED[2],
    ]
    assert [sentence.cut for sentence in abstract.sentences] == [False, True, False]
    assert [sentence.support.sources for sentence in abstract.sentences] == [(text,) for text in RANKED[:3]]
    [whole] = write_abstracts([article(" ".join(RANKED))], model, cut=False)
    assert whole.text == " ".join(RANKED[:3])


@pytest.mark.parametrize(("length", "sentences"), [("short", 2)])
def test_a_length_is_met_by_cuts_and_by_fewer_sentences(length: Length, sentences: int) -> None:
    model = FakeModel(rank=rank, cut=())
    [abstract] = write_abstracts([article(" ".join(RANKED))], model, length=length)
    assert len(abstract.sentences) <= sentences
    long = article(" ".join(f"{text[:-1]} {'dan warga pulang ke rumah ' * 4}tadi." for text in RANKED))
    [fitted] = write_abstracts([long], FakeModel(rank=lambda text: -len(text), cut=()), length=length)
    [whole] = write_abstracts([long], FakeModel(rank=lambda text: -len(text), cut=()), length=length, cut=False)
    assert len(fitted.sentences) < len(whole.sentences)


@pytest.mark.parametrize("seed", range(20))
def test_an_abstract_holds_no_word_that_its_article_lacks(seed: int) -> None:
    """Whatever a model wants to cut of invented articles, the rest is theirs, in their order."""
    draw = random.Random(seed)
    for sentences in (RANKED, FLOOD, split_sentences(ARTICLE)):
        text = " ".join(sentences)
        unwanted = {word for word in text.split() if draw.random() < 0.4}
        [abstract] = write_abstracts([article(text)], FakeModel(rank=lambda one: float(-len(one)), cut=unwanted))
        for sentence in abstract.sentences:
            [source] = sentence.support.sources
            left = iter(re.findall(r"\w+", source.casefold()))
            assert all(word in left for word in re.findall(r"\w+", sentence.text.casefold()))


@pytest.mark.skipif("RINGKAS_DATA" not in os.environ, reason="RINGKAS_DATA names no folder with summaries/*.dev.jsonl")
def test_no_abstract_of_dev_articles_holds_a_word_that_its_article_lacks() -> None:
    draw = random.Random(1)
    for path in sorted(Path(os.environ["RINGKAS_DATA"]).glob("summaries/*.dev.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = " ".join(json.loads(line)["text"].split())
            unwanted = {word for word in text.split() if draw.random() < 0.3}
            [abstract] = write_abstracts([article(text)], FakeModel(rank=lambda one: float(-len(one)), cut=unwanted))
            for sentence in abstract.sentences:
                [source] = sentence.support.sources
                # Words that were glued together may stand apart.
                assert is_left_of("".join(re.findall(r"\w", sentence.text.casefold())), source)


def is_left_of(letters: str, source: str) -> bool:
    """Tell whether letters are in a source, in their order."""
    left = iter(source.casefold())
    return all(letter in left for letter in letters)


def article(text: str = ARTICLE, title: str | None = None) -> Article:
    return Article(source="a.txt", title=title, paragraphs=(text,))


def write_abstract(written: str | Generation, of: Article) -> Abstract:
    [abstract] = write_abstracts([of], FakeModel(lambda task, source: written))
    return abstract


FLOOD = (
    "Banjir merendam pasar induk Girimulya pada Senin malam.",
    "Gubernur Ratna Puspita meminta warga mengungsi ke gedung sekolah.",
    "Ia juga mengirim perahu karet dan makanan untuk pengungsi.",
    "Pedagang ikan merugi karena lemari pendingin rusak.",
    "Polisi menutup jembatan lama yang retak akibat arus deras.",
    "Petugas kebersihan mengangkut lumpur dari halaman kantor pos.",
)


@pytest.mark.parametrize(
    ("sentences", "bad", "piece", "is_said"),
    [
        # A wrong number.
        (split_sentences(ARTICLE), "Wali Kota Ratna Puspita mengatakan biayanya Rp9 miliar.", "9 miliar", True),
        # Put together from all over the article.
        (FLOOD, "Gubernur Ratna Puspita menutup lemari pendingin kantor pos yang rusak akibat lumpur.", "", False),
    ],
)
def test_a_bad_sentence_gives_way_to_the_articles_own(
    sentences: list[str], bad: str, piece: str, is_said: bool
) -> None:
    abstract = write_abstract(f"{sentences[0]} {bad}", article(" ".join(sentences)))
    assert abstract.text == f"{sentences[0]} {sentences[1]}"
    [repair] = abstract.repairs
    assert repair.how == "replaced"
    assert piece in " ".join(repair.pieces)
    assert [piece in warning for warning in abstract.warnings] == [True] * is_said


def test_what_points_back_to_a_replaced_sentence_goes_with_it() -> None:
    fused = "Pedagang ikan meminta polisi mengangkut gedung sekolah lama."
    flood = article(" ".join(FLOOD))
    abstract = write_abstract(f"{FLOOD[0]} {fused} Ia mengirim perahu karet untuk pengungsi.", flood)
    assert "Ia " not in abstract.text
    assert abstract.text.startswith(FLOOD[0])
    assert write_abstract(" ".join(FLOOD[1:3]), flood).text == " ".join(FLOOD[1:3])


def test_the_articles_first_sentences_stand_in() -> None:
    abstract = write_abstract("Bandung 99.", article())
    assert abstract.text == " ".join(split_sentences(ARTICLE)[:2])
    assert ["first sentences" in warning for warning in abstract.warnings] == [True]
    assert [repair.how for repair in abstract.repairs] == ["lead"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (Generation(f"{ABSTRACT} Wali kota mengatakan bahwa taman", finished=False), ABSTRACT),
        (f"{ABSTRACT} Taman taman taman taman taman", ABSTRACT),
        (f"{ABSTRACT} {ABSTRACT} Biayanya Rp7,5 miliar.", f"{ABSTRACT} Biayanya Rp7,5 miliar."),
        (f"{ABSTRACT} Kota Girimulya membuka taman. Biayanya Rp7,5 miliar.", f"{ABSTRACT} Biayanya Rp7,5 miliar."),
        (f"{ABSTRACT} *** 12 ***", ABSTRACT),
    ],
)
def test_what_is_unfinished_or_said_twice_goes(written: str | Generation, text: str) -> None:
    assert write_abstract(written, article()).text == text


DAYS = [f"Hujan turun di desa itu pada hari nomor {number}." for number in range(20)]


@pytest.mark.parametrize("length", MAX_SENTENCES)
@pytest.mark.parametrize(("sentences", "most"), [(1, 1), (2, 1), (3, 2), (4, 2), (20, 5)])
def test_how_many_sentences_there_are_at_most(length: Length | None, sentences: int, most: int) -> None:
    for model in (FakeModel(), FakeModel(lambda task, source: "Bandung 99.")):
        [abstract] = write_abstracts([article(" ".join(DAYS[:sentences]))], model, length=length)
        expected = DAYS[: min(most, MAX_SENTENCES[length])]
        assert split_sentences(abstract.text) == (expected[:2] if abstract.repairs else expected)
        assert model.told == [[""]]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        (None, ""),
        (" \n", ""),
        ("Taman\r\nBaru\x1b[2J\x00 Dibuka", "Taman Baru Dibuka"),
        (" ".join(["Taman"] * 64), " ".join(["Taman"] * 64)),
        (" ".join(["Taman"] * 65), ""),
    ],
)
def test_which_titles_the_model_is_told(title: str | None, told: str) -> None:
    model = FakeModel(lambda task, source: ABSTRACT)
    write_abstracts([article(title=title)], model)
    assert model.told == [[told]]


def test_what_only_the_title_says_is_kept_out() -> None:
    written = f"Kota Girimulya dan Bandung membuka taman. {ABSTRACT}"
    assert "Bandung" not in write_abstract(written, article(title="Taman Bandung Dibuka")).text


@pytest.mark.parametrize(("title", "kept", "words"), [(None, 2, 4), ("Hujan dan Banjir", 1, 9)])
def test_a_long_article_is_cut_at_sentences_and_says_so(title: str | None, kept: int, words: int) -> None:
    model = FakeModel(lambda task, source: "Ada hujan di kota itu.", max_input_tokens=12)
    sentences = ["Satu hujan turun di kota itu.", "Dua hari kemudian kota banjir.", "Tiga desa ikut terendam."]
    [abstract] = write_abstracts([article(" ".join(sentences), title)], model)
    # The title takes its room from the article.
    assert model.calls == [(Task.SUMMARIZE, [" ".join(sentences[:kept])])]
    assert abstract.truncation == Truncation(tuple((0, place) for place in range(kept, 3)), words, 3)
    [warning] = abstract.warnings
    assert f"{3 - kept} of its 3 sentences ({words} words)" in warning


def test_a_model_that_ranks_reads_a_long_article_whole_and_writes_nothing() -> None:
    ranks = dict.fromkeys(FLOOD[:2], 1.0)
    model = FakeModel(max_input_tokens=20, rank=lambda sentence: ranks.get(sentence, -9.0))
    [abstract] = write_abstracts([article(" ".join(FLOOD[1:]) + " " + FLOOD[0])], model)
    assert abstract.text == f"{FLOOD[1]} {FLOOD[0]}"
    assert abstract.sentences[0].support.positions == ((0, 0),)
    assert abstract.warnings == ()
    assert abstract.truncation is None
    assert model.calls == []


@pytest.mark.parametrize("rank", [None, len])
@pytest.mark.parametrize("first", ["A" * 200, "kata " * 40 + "selesai."])
def test_a_sentence_longer_than_the_model_can_take(first: str, rank: Callable[[str], float] | None) -> None:
    model = FakeModel(lambda task, source: source, max_input_tokens=50, rank=rank)
    model.count_tokens = len  # type: ignore[method-assign, assignment]
    [abstract] = write_abstracts([Article("a.txt", None, (first, "Taman itu dibuka untuk umum."))], model)
    assert first.startswith(abstract.text)
    assert 0 < len(abstract.text) <= 50
    assert abstract.truncation
    assert abstract.truncation.positions[0] == (0, 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Without a full stop, the two would be one sentence if they were split again.
        ("Banjir merendam pasar induk Girimulya -", "300 pedagang mengungsi ke gedung sekolah."),
        # So would they with a small letter behind it.
        ("Suara.com - Banjir merendam pasar induk Girimulya.", "pedagang ikan mengungsi ke gedung sekolah."),
    ],
)
def test_sentences_stay_apart_though_their_text_does_not_show_it(first: str, second: str) -> None:
    paragraphs = (first, "Cuaca cerah. Hujan reda.", second)
    model = FakeModel(rank=lambda sentence: 1.0 if sentence in (first, second) else -9.0)
    [result] = Summarizer(model).write([Article("a.txt", None, paragraphs)])
    assert isinstance(result, Result)
    told = [first.removeprefix("Suara.com - "), second]
    assert result.abstract == " ".join(told)
    assert [one.sentence.text for one in result.sentences] == told
    assert [one.translation for one in result.sentences] == told
    assert [one.sentence.support.positions for one in result.sentences] == [((0, 0),), ((2, 0),)]
    assert [one.sentence.support.sources for one in result.sentences] == [(first,), (second,)]
    assert [one["sources"][0]["position"] for one in result.to_dict()["sentences"]] == [[0, 0], [2, 0]]


def test_of_two_sentences_that_say_the_same_each_rests_on_itself() -> None:
    again = "Pedagang ikan dan polisi merugi karena lemari pendingin rusak, kata Gubernur Ratna Puspita."
    model = FakeModel(rank=lambda sentence: 1.0 if sentence in (FLOOD[0], FLOOD[3]) else -9.0)
    [abstract] = write_abstracts([article(" ".join([again, *FLOOD]))], model)
    assert [sentence.support.positions for sentence in abstract.sentences] == [((0, 1),), ((0, 4),)]


def test_a_written_sentence_rests_on_what_it_shares_words_with_or_copies() -> None:
    written = f"{FLOOD[0]} Polisi menutup jembatan yang retak."
    copied, shorter = write_abstract(written, article(" ".join(FLOOD))).sentences
    assert copied.copied
    assert copied.support == Support(((0, 0),), (FLOOD[0],), 1.0)
    assert not shorter.copied
    assert not shorter.cut
    assert shorter.support.positions == ((0, 4),)


def test_a_heading_of_two_sentences_in_a_digest_is_one_line() -> None:
    digest = Article("d.txt", "Top 2", ("Satu. Banjir!", FLOOD[2], "Dua", FLOOD[0]), stories=(0, 2))
    [abstract] = write_abstracts([digest], FakeModel())
    assert abstract.text == f"Satu. Banjir!\n{FLOOD[0]}"
    assert len(abstract.sentences) == 3


def test_a_digest_gets_a_line_for_each_story_and_no_model() -> None:
    model = FakeModel(lambda task, source: ABSTRACT)
    paragraphs = ("Satu", FLOOD[0], "Dua", f"{FLOOD[2]} {FLOOD[3]}", "Tiga", FLOOD[2])
    digest = Article("d.txt", "Top 3", paragraphs, stories=(0, 2, 4))
    before, of_digest, after = write_abstracts([article(), digest, article()], model)
    assert of_digest.text == f"{FLOOD[0]}\n{FLOOD[3]}\nTiga"
    assert [sentence.support.positions for sentence in of_digest.sentences] == [((1, 0),), ((3, 1),), ((4, 0),)]
    assert before.text == ABSTRACT
    assert before == after
    assert model.calls == [(Task.SUMMARIZE, [ARTICLE] * 2)]


NEWS = sorted(path for path in (ROOT / "eval/data/news").glob("*.txt") if path.name.count(".") == 1)


@pytest.mark.parametrize("page", NEWS, ids=lambda path: path.stem)
def test_nothing_unsupported_comes_through_whatever_the_model_writes(page: Path) -> None:
    """The model mixes the sentences of an article with those of another one, and changes numbers."""
    clean_page, other = (clean(read_file(one)) for one in (page, NEWS[NEWS.index(page) - 1]))
    own, foreign = ([*chain(*map(split_sentences, one.paragraphs))] for one in (clean_page, other))
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
