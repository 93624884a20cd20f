"""What is done about words that a translation lacks, with a fake translator that reads English words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from summarizer.lexicon.glossary import Glossary, load_glossary
from summarizer.models import Generation, GuidedModel, Request, Task
from summarizer.writing.guidance import find_doubts, predict_gain
from summarizer.writing.translation import translate_texts
from tests.conftest import FakeJudge

PLAIN = "Polisi menyita gayung itu."
GUIDED = "Polisi menyita water scoop itu."
WRONG = "The police seized the water jets."
RIGHT = "The police seized the water scoop."


class FakeTranslator(FakeJudge):
    """Translates as a table says, what isn't in it by an English sentence without the word, and is as sure of all."""

    name = "fake translator"

    def __init__(self, table: Mapping[str, str], *, reads_english: bool = True) -> None:
        super().__init__(unlikely="jets")
        self.reads_english = reads_english
        self._table = table
        self._write = self._translate

    def draft(self, task: Task, requests: Sequence[Request], beams: int) -> list[Generation]:
        return self.generate(task, requests)

    def _translate(self, task: Task, source: str) -> Generation:
        text = self._table.get(source, "Something else.")
        tokens = (*(f" {word}" for word in text.split()), "")
        back = (-0.5,) * (len(source.split()) + 1)
        return Generation(text, True, -0.1, (-0.1,) * len(tokens), tokens, back)


def translate(table: Mapping[str, str], source: str = PLAIN, glossary: Glossary | None = None) -> tuple[str, list[str]]:
    """Return the translation, and what the translator was asked in its second call."""
    model = FakeTranslator(table)
    assert isinstance(model, GuidedModel)
    [translation] = translate_texts([[source]], model, glossary=glossary)
    asked = [text for _, texts in model.calls[1:] for text in texts]
    return translation.text, asked


def doubtful(source: str, translation: str) -> list[str]:
    return [match.written for match in find_doubts(source, translation, load_glossary())]


@pytest.mark.parametrize(
    ("source", "translation", "words"),
    [
        (PLAIN, WRONG, ["gayung"]),
        (PLAIN, RIGHT, []),
        (PLAIN, "The police seized the ladles.", []),
        # Another word that parallel text has for it.
        ("Warga itu tersenyum.", "The people smiled.", []),
        # A name, and a word that everybody knows.
        ("Polisi menangkap Gayung.", "Police arrested him.", []),
        ("Rumah itu besar.", "It is green.", []),
        ("", "", []),
    ],
)
def test_a_word_without_a_rendering_is_doubtful(source: str, translation: str, words: list[str]) -> None:
    assert doubtful(source, translation) == words


def test_a_doubtful_word_is_put_in_english_and_the_better_translation_taken() -> None:
    assert translate({PLAIN: WRONG, GUIDED: RIGHT}) == (RIGHT, [GUIDED])


def test_a_translation_that_lacks_nothing_is_made_once() -> None:
    assert translate({PLAIN: RIGHT}) == (RIGHT, [])


def test_a_guided_translation_that_is_worse_is_left() -> None:
    garbled = "Water seized 99 scoops at the of the police, it is said by who has not been there."
    assert translate({PLAIN: WRONG, GUIDED: garbled})[0] == WRONG
    assert translate({PLAIN: WRONG, GUIDED: ""})[0] == WRONG
    assert translate({PLAIN: WRONG, GUIDED: GUIDED})[0] == WRONG


def test_the_repair_names_the_words() -> None:
    [translation] = translate_texts([[PLAIN]], FakeTranslator({PLAIN: WRONG, GUIDED: RIGHT}))
    [repair] = translation.repairs
    assert repair.text == "translation"
    assert repair.how == "lexicon"
    assert repair.pieces == ("gayung",)


def test_a_translator_that_does_not_read_english_is_not_asked_again() -> None:
    model = FakeTranslator({PLAIN: WRONG, GUIDED: RIGHT}, reads_english=False)
    [translation] = translate_texts([[PLAIN]], model)
    assert translation.text == WRONG
    assert len(model.calls) == 1


def test_all_second_tries_are_one_batch() -> None:
    other = "Gayung hilang."
    table = {PLAIN: WRONG, GUIDED: RIGHT, other: "It is gone.", "Water scoop hilang.": "The water scoop is gone."}
    model = FakeTranslator(table)
    [translation] = translate_texts([[PLAIN, other]], model)
    assert translation.paragraphs == (RIGHT, "The water scoop is gone.")
    assert [texts for _, texts in model.calls] == [[PLAIN, other], [GUIDED, "Water scoop hilang."]]


def test_the_second_sense_of_a_word_is_tried_too() -> None:
    source = "Mereka memberikan suara dengan pelatuk."
    _, asked = translate({source: "They voted with it."}, source)
    assert asked == ["Mereka memberikan suara dengan trigger.", "Mereka memberikan suara dengan woodpecker."]


def test_a_term_of_the_user_is_obeyed() -> None:
    glossary = Glossary({**load_glossary().terms, "tim sar": ("rescue squad",)}, frozenset(["tim sar"]))
    source = "Kata tim SAR itu benar."
    table = {
        source: "What the SAR team says is true.",
        "Kata rescue squad itu benar.": "What the rescue squad says is true.",
    }
    assert translate(table, source, glossary)[0] == "What the rescue squad says is true."


def test_a_term_of_the_user_does_not_excuse_a_fault() -> None:
    glossary = Glossary({**load_glossary().terms, "gayung": ("dipper",)}, frozenset(["gayung"]))
    source = "Polisi menyita 15 gayung itu."
    table = {source: "The police seized 15 jets.", "Polisi menyita 15 dipper itu.": "The police seized 20 dippers."}
    assert translate(table, source, glossary)[0] == "The police seized 15 jets."


def test_misspelt_and_glued_words_are_read_as_what_they_are() -> None:
    model = FakeTranslator({"Polisi melakukan itu.": "The police did it."})
    [translation] = translate_texts([["Polisi melakuan itu."]], model)
    assert translation.text == "The police did it."
    assert [sentence.source for sentence in translation.sentences] == ["Polisi melakuan itu."]


def test_a_source_that_grows_too_long_is_not_tried() -> None:
    model = FakeTranslator({PLAIN: WRONG, GUIDED: RIGHT})
    model._max_input_tokens = len(PLAIN.split())
    [translation] = translate_texts([[PLAIN]], model)
    assert translation.text == WRONG


def test_what_renders_the_words_is_better_than_what_does_not() -> None:
    same = {"pairs": 2.0, "held": 1.0, "plain": 0.5, "back": 0.0, "change": 2.0, "coverage": 0.0, "faults": 0.0}
    assert predict_gain(same) > predict_gain({**same, "held": 0.0})
    assert predict_gain(same) > predict_gain({**same, "faults": 1.0})
    assert predict_gain(same) > predict_gain({**same, "pairs": 5.0})
