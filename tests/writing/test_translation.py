from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.models.base import Generation, Task, TextModel
from summarizer.writing.translation import Translation, split_pieces, translate_texts
from tests.conftest import FakeModel


def english(task: Task, source: str) -> str:
    return ENGLISH[source]


def translate_paragraphs(paragraphs: Sequence[str], model: TextModel) -> Translation:
    """Translate one text."""
    [translation] = translate_texts([paragraphs], model)
    return translation


ENGLISH = {
    "Hujan turun.": "It is raining.",
    "Jalan licin.": "The road is slippery.",
    "Warga pulang.": "The residents go home.",
    "Ada 47 korban.": "",
    '"Hujan turun."': '"It is raining."',
    '"Warga pulang," kata Budi.': '"The residents go home," said Budi.',
}


def test_paragraph_for_paragraph() -> None:
    model = FakeModel(english)
    result = translate_paragraphs(["Hujan turun. Jalan licin.", "", "Warga pulang."], model)
    assert result.paragraphs == ("It is raining. The road is slippery.", "", "The residents go home.")
    assert result.warnings == ()
    assert model.calls[0][1] == ["Hujan turun.", "Jalan licin.", "Warga pulang."]


def test_each_sentence_of_a_quotation_is_translated_alone() -> None:
    model = FakeModel(english)
    result = translate_paragraphs(['"Hujan turun. Jalan licin. Warga pulang," kata Budi. Hujan turun.'], model)
    assert result.paragraphs == (
        '"It is raining. The road is slippery. The residents go home," said Budi. It is raining.',
    )
    assert model.calls[0][1] == ['"Hujan turun."', "Jalan licin.", '"Warga pulang," kata Budi.', "Hujan turun."]


def test_what_holds_no_letter_is_not_given_to_the_model() -> None:
    model = FakeModel(english)
    assert translate_paragraphs(["***", "1.250", "23,5 %"], model).paragraphs == ("***", "1,250", "23.5 %")
    assert model.calls == [(Task.TRANSLATE, [])]


def test_progress_reaches_its_end_without_anything_for_the_model() -> None:
    shares: list[float] = []
    translate_texts([["***"]], FakeModel(english), shares.append)
    assert sum(shares) == 1


def test_the_same_sentence_is_translated_once() -> None:
    model = FakeModel(english)
    result = translate_paragraphs(["Hujan turun.", "Hujan turun."], model)
    assert result.paragraphs == ("It is raining.",) * 2
    assert model.calls[0][1] == ["Hujan turun."]


def test_many_texts_are_translated_in_one_call_and_keep_their_warnings_apart() -> None:
    model = FakeModel(english)
    texts = [["Hujan turun.", "Ada 47 korban."], [], ["Hujan turun. Jalan licin."]]
    first, none, last = translate_texts(texts, model)
    assert first.paragraphs == ("It is raining.", "")
    assert first.warnings == ("the translation of “Ada 47 korban.”: there is none",)
    assert (none.paragraphs, none.warnings) == ((), ())
    assert (last.paragraphs, last.warnings) == (("It is raining. The road is slippery.",), ())
    assert model.calls[0][1] == ["Hujan turun.", "Ada 47 korban.", "Jalan licin."]


def found(*texts: str | Generation) -> Generation:
    """What a search found, best first."""
    first, *others = (Generation(text, finished=True) if isinstance(text, str) else text for text in texts)
    return replace(first, others=tuple(others))


def test_a_bad_translation_gives_way_to_what_else_was_found() -> None:
    source, good = "Ada 47 korban banjir di kota itu.", "There were 47 flood victims in the city."
    for bad in ("", "rain rain rain rain rain", "There were 74 victims.", source, Generation("There were 47", False)):
        result = translate_paragraphs([source], FakeModel(lambda task, text, bad=bad: found(bad, good)))  # type: ignore[misc]
        assert (result.text, result.warnings) == (good, ()), bad


def test_the_one_with_the_fewest_faults_is_taken_and_the_likeliest_of_those() -> None:
    source = "Ada 47 korban banjir di Medan."
    texts = [
        "There were 48 victims in Jakarta and Surabaya.",
        "There were 48 victims in Surabaya.",
        "There were 48 flood victims in Medan.",
        "There were 48 victims of Medan.",
    ]
    result = translate_paragraphs([source], FakeModel(lambda task, text: found(*texts)))
    assert result.text == texts[2]
    assert "48" in result.warnings[0]
    assert [repair.how for repair in result.repairs] == ["candidate"]
    same = translate_paragraphs([source], FakeModel(lambda task, text: found(*texts[2:])))
    assert (same.text, same.repairs) == (texts[2], ())


def test_forms_are_put_right_without_the_model() -> None:
    model = FakeModel(lambda task, text: "His jump in Korea Selatan was 16,05 meters.")
    result = translate_paragraphs(["Lompatannya di Korea Selatan 16,05 meter."], model)
    assert (result.text, result.warnings) == ("His jump in South Korea was 16.05 meters.", ())
    assert [repair.how for repair in result.repairs] == ["form"]


def test_a_sentence_is_split_when_nothing_else_helps() -> None:
    halves = {
        "Wali kota membuka taman baru itu,": "The mayor opened the new park,",
        "lalu 47 warga menanam pohon di tepi sungai.": "Then 47 residents planted trees by the river.",
    }
    model = FakeModel(lambda task, text: halves.get(text, "The mayor opened the new park by the river in the city."))
    result = translate_paragraphs([" ".join(halves)], model)
    assert result.text == "The mayor opened the new park, then 47 residents planted trees by the river."
    assert result.warnings == ()
    assert [repair.how for repair in result.repairs] == ["split"]


def test_what_stays_bad_is_named() -> None:
    cases = {
        "": "there is none",
        "There were 74 flood victims in the city.": "“47” is missing; “74” is not in the source",
        "Ada 47 korban banjir di kota itu.": "left in Indonesian",
        "the 47 floods floods floods floods floods": "it repeated itself",
    }
    for bad, word in cases.items():
        result = translate_paragraphs(["Ada 47 korban banjir di kota itu."], FakeModel(lambda task, text, bad=bad: bad))  # type: ignore[misc]
        assert len(result.warnings) == 1
        assert word in result.warnings[0]
        assert "Ada 47 korban" in result.warnings[0]
    assert result.text == "the 47 floods"


def test_a_sentence_that_is_too_long_is_cut_where_it_hurts_least() -> None:
    model = FakeModel(max_input_tokens=6)
    assert split_pieces("satu dua tiga empat, lima enam tujuh delapan.", model) == [
        "satu dua tiga empat,",
        "lima enam tujuh delapan.",
    ]
    words = " ".join(f"k{number}" for number in range(50))
    pieces = split_pieces(words, model)
    assert " ".join(pieces) == words
    assert all(model.count_tokens(piece) <= 6 for piece in pieces)


def test_a_quotation_that_is_too_long_loses_no_word() -> None:
    model = FakeModel(max_input_tokens=4)
    words = '"Satu dua tiga empat lima enam. Tujuh delapan," kata dia.'
    assert " ".join(split_pieces(words, model)) == words


def test_one_endless_word_ends() -> None:
    model = FakeModel(max_input_tokens=10)
    model.count_tokens = len  # type: ignore[method-assign, assignment]
    pieces = split_pieces("x" * 95, model)
    assert "".join(pieces) == "x" * 95
    assert max(map(len, pieces)) <= 10


def test_parts_are_put_together() -> None:
    texts = [["Hujan turun. Jalan licin.", ""], ["Warga pulang."]]
    parts = translate_texts(texts, FakeModel(english))
    assert Translation.join(parts) == translate_paragraphs([*texts[0], *texts[1]], FakeModel(english))
    assert [one.paragraph for one in Translation.join(parts).sentences] == [0, 0, 2]
    assert Translation.join([]) == Translation((), ())


def test_plain_values_have_the_sentences() -> None:
    fields = translate_paragraphs(["Hujan turun.", "Ada 47 korban."], FakeModel(english)).to_dict()
    first, second = fields["sentences"]
    assert first == {
        "paragraph": 0,
        "source": "Hujan turun.",
        "translation": "It is raining.",
        "confidence": None,
        "doubtful": False,
        "reasons": [],
    }
    assert (second["doubtful"], second["reasons"]) == (True, ["there is none"])
    assert fields["paragraphs"] == ["It is raining.", ""]
    assert len(fields["warnings"]) == 1
