from __future__ import annotations

import pytest

from summarizer.writing.confidence import Kind, assess, features_of, load_calibration, score_words

SOURCE = "Pembawa obor pertama adalah juara dunia renang."
GOOD = (" The", " first", " torch", "bearer", " was", " the", " world", " swimming", " champion", ".", "")
BAD = (" The", " first", " speaker", " was", " the", " world", " champion", ".", "")


def text(tokens: tuple[str, ...]) -> str:
    return "".join(tokens).strip()


def test_words_have_the_scores_of_their_tokens() -> None:
    words = score_words((" The", " torch", "bearer", ".", ""), (-0.1, -1.0, -0.5, -0.2, -0.3))
    assert [word for word, _ in words] == ["The", "torchbearer."]
    assert [score for _, score in words] == pytest.approx([-0.1, -2.0])
    assert score_words((), ()) == []


def test_a_misread_word_costs_confidence_and_is_named() -> None:
    good = assess(SOURCE, text(GOOD), GOOD, (-0.1,) * len(GOOD), (), ())
    scores = tuple(-4.0 if token == " speaker" else -0.6 for token in BAD)
    bad = assess(SOURCE, text(BAD), BAD, scores, (), ())
    assert good.value is not None
    assert bad.value is not None
    assert 0 < bad.value < good.value < 1
    assert not good.doubtful
    assert good.reasons == ()
    named = assess(SOURCE, text(BAD), BAD, scores, (), ("“12” is missing",))
    assert named.doubtful
    assert named.reasons[:2] == ("“12” is missing", "“speaker” may be mistranslated")
    assert any("may be lost" in reason for reason in named.reasons)


def test_what_the_model_finds_unlikely_costs_confidence() -> None:
    values = [
        assess(SOURCE, text(GOOD), GOOD, (score,) * len(GOOD), (), ()).value or 0 for score in (-0.05, -0.5, -1.0, -3.0)
    ]
    assert values == sorted(values, reverse=True)


def test_without_scores_nothing_is_made_up() -> None:
    silent = assess(SOURCE, text(GOOD), (), (), (), ())
    assert (silent.value, silent.doubtful, silent.reasons) == (None, False, ())
    faulty = assess(SOURCE, text(GOOD), (), (), (), ("“12” is missing",))
    assert (faulty.value, faulty.doubtful, faulty.reasons) == (None, True, ("“12” is missing",))


def test_there_is_always_a_reason() -> None:
    unsure = assess("12.", "12.", (" 12", ".", ""), (-9.0, -9.0, -9.0), (), ())
    assert unsure.doubtful == bool(unsure.reasons)


def test_a_source_that_is_unlikely_given_the_translation_costs_confidence() -> None:
    values = [
        assess(SOURCE, text(GOOD), GOOD, (-0.3,) * len(GOOD), (score,) * 9, ()).value or 0
        for score in (-0.1, -1.0, -3.0, -6.0)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


@pytest.mark.parametrize(("kind", "back"), [("forward", ()), ("both", (-1.0, -2.0))])
def test_the_numbers_are_of_the_features(kind: Kind, back: tuple[float, ...]) -> None:
    calibration = load_calibration(kind)
    assert set(calibration.weights) == set(features_of(SOURCE, text(BAD), BAD, (-1.0,) * len(BAD), back, 0))
    assert 0 < calibration.threshold < 1
    assert all(scale > 0 for _, scale, _ in calibration.weights.values())


def test_the_least_likely_text_has_a_confidence_too() -> None:
    # A word of 400 tokens, as a model in a loop writes it.
    lost = assess(SOURCE, "x" * 400, ("x",) * 400, (-9.0,) * 400, (-9.0,) * 9, ())
    assert (lost.value, lost.doubtful) == (0.0, True)
