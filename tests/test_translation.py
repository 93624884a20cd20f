from summarizer.models.base import Generation, Task
from summarizer.translation import split_pieces, translate_paragraphs, translate_texts
from tests.conftest import FakeModel


def english(task: Task, source: str) -> str:
    return f"<{source}>"


def test_paragraph_for_paragraph() -> None:
    model = FakeModel(english)
    result = translate_paragraphs(["Hujan turun. Jalan licin.", "", "Warga pulang."], model)
    assert result.paragraphs == ("<Hujan turun.> <Jalan licin.>", "", "<Warga pulang.>")
    assert result.warnings == ()
    assert model.calls[0][1] == ["Hujan turun.", "Jalan licin.", "Warga pulang."]


def test_what_holds_no_letter_is_not_given_to_the_model() -> None:
    model = FakeModel(english)
    assert translate_paragraphs(["***", "1.250"], model).paragraphs == ("***", "1.250")
    assert model.calls == [(Task.TRANSLATE, [])]


def test_the_same_sentence_is_translated_once() -> None:
    model = FakeModel(english)
    result = translate_paragraphs(["Hujan turun.", "Hujan turun."], model)
    assert result.paragraphs == ("<Hujan turun.>",) * 2
    assert model.calls[0][1] == ["Hujan turun."]


def test_many_texts_are_translated_in_one_call_and_keep_their_warnings_apart() -> None:
    model = FakeModel(lambda task, source: "" if "47" in source else f"<{source}>")
    texts = [["Hujan turun.", "Ada 47 korban."], [], ["Hujan turun. Jalan licin."]]
    first, none, last = translate_texts(texts, model)
    assert first.paragraphs == ("<Hujan turun.>", "")
    assert [warning.split(":")[0] for warning in first.warnings] == ["a sentence was not translated"]
    assert (none.paragraphs, none.warnings) == ((), ())
    assert (last.paragraphs, last.warnings) == (("<Hujan turun.> <Jalan licin.>",), ())
    assert model.calls[0][1] == ["Hujan turun.", "Ada 47 korban.", "Jalan licin."]


def test_a_bad_translation_is_made_anew() -> None:
    source = "Ada 47 korban banjir di kota itu."
    bad_ones = ["", "rain rain rain rain rain", "There were 74 victims.", source, Generation("There were 47", False)]
    for bad in bad_ones:
        model = FakeModel(lambda task, text, bad=bad: bad, lambda task, text: "47 victims.")  # type: ignore[misc]
        result = translate_paragraphs([source], model)
        assert (result.text, result.warnings) == ("47 victims.", ()), bad


def test_what_stays_bad_is_named() -> None:
    cases = {
        "": "not translated",
        "There were 74 victims.": "numbers",
        "Ada 47 korban banjir di kota itu.": "left in Indonesian",
        "the 47 floods floods floods floods floods": "loop",
    }
    for bad, word in cases.items():
        result = translate_paragraphs(["Ada 47 korban banjir di kota itu."], FakeModel(lambda task, text, bad=bad: bad))  # type: ignore[misc]
        assert len(result.warnings) == 1
        assert word in result.warnings[0]
        assert "Ada 47 korban" in result.warnings[0]
    assert result.text == "the 47 floods"


def test_a_sentence_that_is_too_long_is_cut_where_it_hurts_least() -> None:
    model = FakeModel(capacity=6)
    assert split_pieces("satu dua tiga empat, lima enam tujuh delapan.", model) == [
        "satu dua tiga empat,",
        "lima enam tujuh delapan.",
    ]
    words = " ".join(f"k{number}" for number in range(50))
    pieces = split_pieces(words, model)
    assert " ".join(pieces) == words
    assert all(model.count_tokens(piece) <= 6 for piece in pieces)


def test_one_endless_word_ends() -> None:
    model = FakeModel(capacity=10)
    model.count_tokens = len  # type: ignore[method-assign, assignment]
    pieces = split_pieces("x" * 95, model)
    assert "".join(pieces) == "x" * 95
    assert max(map(len, pieces)) <= 10
