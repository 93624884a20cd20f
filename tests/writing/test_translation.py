from dataclasses import replace
from typing import Any

import pytest

from summarizer.models.base import Generation, Task
from summarizer.writing.translation import split_pieces, translate_texts
from tests.conftest import FakeJudge, FakeModel


def english(task: Task, source: str) -> str:
    return ENGLISH[source]


ENGLISH = {
    "Hujan turun.": "It is raining.",
    "Jalan licin.": "The road is slippery.",
    "Warga pulang.": "The residents go home.",
    "Ada 47 korban.": "",
    '"Hujan turun."': '"It is raining."',
    '"Warga pulang," kata Budi.': '"The residents go home," said Budi.',
}


def test_paragraph_for_paragraph_and_each_sentence_once() -> None:
    model = FakeModel(english)
    [result] = translate_texts([["Hujan turun. Jalan licin.", "", "Warga pulang.", "Hujan turun."]], model)
    assert "|".join(result.paragraphs) == "It is raining. The road is slippery.||The residents go home.|It is raining."
    assert [one.paragraph for one in result.sentences] == [0, 0, 2, 3]
    assert result.warnings == ()
    assert model.calls == [(Task.TRANSLATE, ["Hujan turun.", "Jalan licin.", "Warga pulang."])]


def test_sentences_that_are_known_are_not_split_again() -> None:
    model = FakeModel(lambda task, source: source.upper())
    known = ("Hujan turun. Jalan licin.", "Warga  pulang", "Hujan turun.")
    [result] = translate_texts([[known, "Hujan turun. Jalan licin.", ()]], model)
    assert [(one.paragraph, one.source) for one in result.sentences] == [
        *((0, sentence) for sentence in known),
        (1, "Hujan turun."),
        (1, "Jalan licin."),
    ]
    first, second, last = result.paragraphs
    assert first == "HUJAN TURUN. JALAN LICIN. WARGA  PULANG HUJAN TURUN."
    assert second == "HUJAN TURUN. JALAN LICIN."
    assert last == ""


def test_each_sentence_of_a_quotation_is_translated_alone() -> None:
    model = FakeModel(english)
    [result] = translate_texts([['"Hujan turun. Jalan licin. Warga pulang," kata Budi. Hujan turun.']], model)
    assert result.text == '"It is raining. The road is slippery. The residents go home," said Budi. It is raining.'
    assert model.calls[0][1] == ['"Hujan turun."', "Jalan licin.", '"Warga pulang," kata Budi.', "Hujan turun."]


def test_what_holds_no_letter_is_not_given_to_the_model() -> None:
    model = FakeModel(english)
    shares = list[float]()
    [result] = translate_texts([["***", "1.250", "23,5 %"]], model, shares.append)
    assert result.paragraphs == ("***", "1,250", "23.5 %")
    assert model.calls == [(Task.TRANSLATE, [])]
    assert sum(shares) == 1


def test_many_texts_are_translated_in_one_call_and_keep_their_warnings_apart() -> None:
    model = FakeModel(english)
    first, none, last = translate_texts([["Hujan turun.", "Ada 47 korban."], [], ["Hujan turun. Jalan licin."]], model)
    assert first.paragraphs == ("It is raining.", "")
    assert ["“Ada 47 korban.”" in warning for warning in first.warnings] == [True]
    assert none.paragraphs == ()
    assert none.warnings == ()
    assert last.paragraphs == ("It is raining. The road is slippery.",)
    assert last.warnings == ()
    assert model.calls[0][1] == ["Hujan turun.", "Ada 47 korban.", "Jalan licin."]


def found(*texts: str | Generation) -> Generation:
    """What a search found, best first."""
    first, *others = (Generation(text, finished=True) if isinstance(text, str) else text for text in texts)
    return replace(first, others=tuple(others))


SOURCE = "Ada 47 korban banjir di kota itu."
GOOD = "There were 47 flood victims in the city."
WRONG = "There were 74 flood victims in the city."


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("", "there is none"),
        (WRONG, "“74” is not in the source"),
        (SOURCE, "left in Indonesian"),
        ("the 47 floods floods floods floods floods", "repeated itself"),
        (Generation("There were 47", finished=False), "cut off"),
    ],
)
def test_a_bad_translation_gives_way_to_what_else_was_found_or_is_named(bad: str | Generation, word: str) -> None:
    [result] = translate_texts([[SOURCE]], FakeModel(lambda task, text: found(bad, GOOD)))
    assert result.text == GOOD
    assert result.warnings == ()
    assert [repair.how for repair in result.repairs] == ["candidate"]
    [alone] = translate_texts([[SOURCE]], FakeModel(lambda task, text: bad))
    [warning] = alone.warnings
    assert word in warning
    assert f"“{SOURCE}”" in warning
    assert alone.sentences[0].confidence.doubtful
    assert "floods floods" not in alone.text


@pytest.mark.parametrize(
    ("best", "others", "alternative"),
    [
        (WRONG, ["There were 74 flood dead in the city."], "There were 74 flood dead in the city."),
        # Other words that say nothing; a worse one; one that is no translation; none.
        (WRONG, ["There are 74 flood victims in the city.", "There had been 74 flood victims in a city."], None),
        (WRONG, ["There were 74 flood dead in the city of Medan."], None),
        (WRONG, [SOURCE, ""], None),
        (WRONG, [], None),
        # No doubt.
        (GOOD, ["There were 47 flood dead in the city."], None),
    ],
)
def test_a_doubtful_sentence_has_another_with_other_words(
    best: str, others: list[str], alternative: str | None
) -> None:
    [result] = translate_texts([[SOURCE]], FakeModel(lambda task, source: found(best, *others)))
    [sentence] = result.sentences
    assert sentence.confidence.doubtful == (best == WRONG)
    assert sentence.confidence.alternative == alternative
    assert sentence.to_dict().get("alternative") == alternative


def test_the_one_with_the_fewest_faults_is_taken_and_the_likeliest_of_those() -> None:
    source = "Ada 47 korban banjir di Medan."
    texts = [
        "There were 48 victims in Jakarta and Surabaya.",
        "There were 48 victims in Surabaya.",
        "There were 48 flood victims in Medan.",
        "There were 48 victims of Medan.",
    ]
    [result] = translate_texts([[source]], FakeModel(lambda task, text: found(*texts)))
    assert result.text == texts[2]
    assert [repair.how for repair in result.repairs] == ["candidate"]
    assert "48" in result.warnings[0]
    [same] = translate_texts([[source]], FakeModel(lambda task, text: found(*texts[2:])))
    assert same.text == texts[2]
    assert same.repairs == ()


def test_forms_are_put_right_without_the_model() -> None:
    model = FakeModel(lambda task, text: "His jump in Korea Selatan was 16,05 meters.")
    [result] = translate_texts([["Lompatannya di Korea Selatan 16,05 meter."]], model)
    assert result.text == "His jump in South Korea was 16.05 meters."
    assert result.warnings == ()
    assert [repair.how for repair in result.repairs] == ["form"]


def test_a_sentence_that_is_too_long_is_cut_where_it_hurts_least() -> None:
    model = FakeModel(max_input_tokens=6)
    halves = ["satu dua tiga empat,", "lima enam tujuh delapan."]
    assert split_pieces(" ".join(halves), model) == halves
    for words in (" ".join(f"k{number}" for number in range(50)), "a, " * 20 + "b " * 20 + "c."):
        pieces = split_pieces(words, model)
        assert " ".join(pieces) == words
        assert all(model.count_tokens(piece) <= 6 for piece in pieces)
    quotation = '"Satu dua tiga empat lima enam. Tujuh delapan," kata dia.'
    assert " ".join(split_pieces(quotation, FakeModel(max_input_tokens=4))) == quotation


def test_one_endless_word_ends() -> None:
    model = FakeModel(max_input_tokens=10)
    model.count_tokens = len  # type: ignore[method-assign, assignment]
    pieces = split_pieces("x" * 95, model)
    assert "".join(pieces) == "x" * 95
    assert max(map(len, pieces)) <= 10


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, True),
        ({"tokens": (" A", ""), "token_scores": (-0.1, -0.1)}, True),
        ({"tokens": (" A", ""), "token_scores": (-0.1, -0.1), "source_scores": (-0.1,)}, False),
    ],
)
def test_a_judge_is_asked_where_the_model_does_not_say_it_both_ways(given: dict[str, Any], asked: bool) -> None:
    model = FakeModel(lambda _, source: Generation("The speaker was happy.", finished=True, **given))
    judge = FakeJudge("speaker")
    [first, _] = translate_texts([["Warga senang.", ""], ["Warga senang sekali."]], model, judge=judge)
    sources = [source for call in judge.judged for source, _ in call]
    assert sources == (["Warga senang.", "Warga senang sekali."] if asked else [])
    assert len(judge.judged) == asked
    confidence = first.sentences[0].confidence
    assert confidence.value is not None
    assert confidence.doubtful or not asked
    # Without one, what the model says counts if it says both.
    [alone] = translate_texts([["Warga senang."]], model)
    assert (alone.sentences[0].confidence.value is None) == asked


def test_a_judge_reads_the_final_text() -> None:
    judge = FakeJudge("x")
    model = FakeModel(lambda *_: "It cost Rp7,5 miliar.")
    [found] = translate_texts([["Biayanya Rp7,5 miliar."]], model, judge=judge)
    assert judge.judged == [[("Biayanya Rp7,5 miliar.", found.text)]]
    assert "billion" in found.text
