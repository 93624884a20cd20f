import pytest

from summarizer.lexicon import EnglishText


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("He took the bus.", "take"),
        ("The children were crying.", "child"),
        ("The children were crying.", "cry"),
        ("Prices climbed steeply.", "climb"),
        ("The colors of the organization", "colour"),
        ("The colors of the organization", "organisation"),
        ("They analyzed the centers.", "analyse"),
        ("They analyzed the centers.", "centre"),
        ("He is the right back.", "right-back"),
        ("a right-back", "back"),
        ("They were travelling.", "travel"),
        ("The plan was held up.", "be held up"),
        ("It bears the costs.", "cost"),
    ],
)
def test_a_text_has_a_rendering_in_any_form(text: str, rendering: str) -> None:
    assert EnglishText(text).has(rendering)


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        ("He took the bus.", "taken aback"),
        ("The water was cold.", "water scoop"),
        ("A caring nurse", "cart"),
        ("The economic plan", "economy"),
        ("", "word"),
        ("He ran up the hill.", ""),
    ],
)
def test_a_text_does_not_have_what_it_does_not_say(text: str, rendering: str) -> None:
    assert not EnglishText(text).has(rendering)


def test_a_word_of_the_same_family_will_do_where_that_is_asked_for() -> None:
    text = EnglishText("The economic plan")
    assert text.has("economy", family=True)
    assert not text.has("planet", family=True)
