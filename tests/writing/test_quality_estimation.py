from dataclasses import replace
from typing import get_args

import pytest

from summarizer.checks.word_pairs import cover_words
from summarizer.models import Generation
from summarizer.result import Confidence
from summarizer.writing.quality_estimation import Evidence, assess, features_of, load_calibration, score_words

SOURCE = "Pembawa obor pertama adalah juara dunia renang."
GOOD = (" The", " first", " torch", "bearer", " was", " the", " world", " swimming", " champion", ".", "")
BAD = (" The", " first", " speaker", " was", " the", " world", " champion", ".", "")
FAULT = "“12” is missing"


def judge(
    tokens: tuple[str, ...], scores: tuple[float, ...], back: tuple[float, ...] = (-1.0,) * 9, *faults: str
) -> Confidence:
    text = "".join(tokens).strip()
    written = Generation(text, finished=True, tokens=tokens, token_scores=scores, source_scores=back)
    return assess(SOURCE, text, [written], faults)


def test_words_have_the_scores_of_their_tokens() -> None:
    words = score_words((" The", " torch", "bearer", ".", ""), (-0.1, -1.0, -0.5, -0.2, -0.3))
    assert [word for word, _ in words] == ["The", "torchbearer."]
    assert [score for _, score in words] == pytest.approx([-0.1, -2.0])


def test_a_misread_word_costs_confidence_and_is_named() -> None:
    good = judge(GOOD, (-0.1,) * len(GOOD))
    scores = tuple(-4.0 if token == " speaker" else -0.6 for token in BAD)
    bad = judge(BAD, scores)
    assert 0 < (bad.value or 0) < (good.value or 0) < 1
    assert not good.doubtful
    assert good.reasons == ()
    named = judge(BAD, scores, (-1.0,) * 9, FAULT)
    assert named.doubtful
    assert named.reasons[0] == FAULT
    assert named.reasons[1] == "“obor” (torch) is not in the translation"
    assert "“speaker” may be mistranslated" in named.reasons


def test_a_word_is_named_once() -> None:
    named = judge(BAD, (-0.6,) * len(BAD), (-1.0,) * 9, FAULT)
    assert sum("obor" in reason for reason in named.reasons) == 1
    # What a fault says of a word, nobody is told again.
    scores = tuple(-4.0 if token == " speaker" else -0.6 for token in BAD)
    fault = "“Speaker” is not in the source"
    reasons = judge(BAD, scores, (-1.0,) * 9, fault).reasons
    assert [reason for reason in reasons if "speaker" in reason.casefold()] == [fault]


def test_what_the_model_finds_unlikely_either_way_costs_confidence() -> None:
    for values in (
        [judge(GOOD, (score,) * len(GOOD)).value or 0 for score in (-0.05, -0.5, -1.0, -3.0)],
        [judge(GOOD, (-0.3,) * len(GOOD), (score,) * 9).value or 0 for score in (-0.1, -1.0, -3.0, -6.0)],
    ):
        assert values == sorted(values, reverse=True)
        assert values[0] > values[-1]


def test_the_least_likely_text_has_a_confidence_too() -> None:
    # A word of 400 tokens, as a model in a loop writes it.
    assert judge(("x",) * 400, (-9.0,) * 400, (-9.0,) * 9).value == 0.0


def test_what_was_written_in_parts_is_known_if_all_of_them_are() -> None:
    known = Generation("The", finished=True, tokens=(" The", ""), token_scores=(-0.1, -0.1), source_scores=(-0.1,))
    assert assess("Itu.", "The The", [known, known], []).value is not None
    silent = Generation("The", finished=True)
    for written in ([known, silent], [known, replace(known, source_scores=None)], [silent], []):
        assert assess("Itu.", "The The", written, []) == Confidence(None, (), doubtful=False)
        assert assess("Itu.", "The The", written, [FAULT]) == Confidence(None, (FAULT,), doubtful=True)


def test_there_is_always_a_reason() -> None:
    written = Generation("12.", True, tokens=(" 12", "."), token_scores=(-9.0, -9.0), source_scores=(-9.0, -9.0))
    unsure = assess("12.", "12.", [written], [])
    assert unsure.doubtful == bool(unsure.reasons)


@pytest.mark.parametrize("evidence", get_args(Evidence))
def test_the_numbers_are_of_the_features(evidence: Evidence) -> None:
    calibration = load_calibration(evidence)
    words, coverage = score_words(BAD, (-1.0,) * len(BAD)), cover_words(SOURCE, "The first.")
    assert set(calibration.weights) == set(features_of(words, coverage, (-1.0, -2.0), faults=0, missing=()))
    assert 0 < calibration.threshold < 1
    assert all(scale > 0 for _, scale, _ in calibration.weights.values())
