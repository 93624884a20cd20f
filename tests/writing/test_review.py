from __future__ import annotations

from typing import Any

from summarizer.writing.review import review, review_translation

PARAGRAPHS = ("Taman itu dibuka pada Minggu. Warga senang.", "", "Biayanya Rp7,5 miliar.")
ENGLISH = "The park opened on Sunday. Residents are happy."


def written(source: str, translation: str, confidence: float = 0.9, *reasons: str, paragraph: int = 0) -> Any:
    fields = {"translation": translation, "confidence": confidence, "doubtful": bool(reasons), "reasons": list(reasons)}
    return {"abstract": source, "source": source, "paragraph": paragraph, **fields}


WRITTEN = (
    written("Taman itu dibuka pada Minggu.", "The park opened on Sunday.", 0.3, "“opened” may be mistranslated"),
    written("Warga senang.", "Residents are happy.", 0.8),
)


def test_what_the_model_was_not_sure_of_is_a_doubt() -> None:
    first, second = review(PARAGRAPHS, PARAGRAPHS[0], ENGLISH, written=WRITTEN).sentences
    assert (first.doubts, first.confidence) == (("translation: “opened” may be mistranslated",), 0.3)
    assert (second.doubts, second.confidence) == ((), 0.8)


def test_of_what_a_reader_wrote_the_model_knows_nothing() -> None:
    edited = "The park was opened on Sunday. Residents are happy."
    first, second = review(PARAGRAPHS, PARAGRAPHS[0], edited, written=WRITTEN).sentences
    assert (first.doubts, first.confidence) == ((), None)
    assert second.confidence == 0.8
    # Its doubt of the English stands as long as the English does; its number was about another sentence.
    first, _ = review(PARAGRAPHS, "Taman itu dibuka Minggu. Warga senang.", ENGLISH, written=WRITTEN).sentences
    assert first.doubts == ("translation: “opened” may be mistranslated",)
    assert first.confidence is None


def test_two_sentences_for_one_stay_together() -> None:
    two = "The park opened. It was a Sunday."
    model = (written("Taman itu dibuka pada Minggu.", two, 0.7), WRITTEN[1])
    found = review(PARAGRAPHS, PARAGRAPHS[0], f"{two} Residents are happy.", written=model)
    assert [one.translation for one in found.sentences] == [two, "Residents are happy."]
    assert [one.confidence for one in found.sentences] == [0.7, 0.8]
    # Also beside a sentence that a reader has changed.
    found = review(PARAGRAPHS, PARAGRAPHS[0], f"{two} Residents cheer.", written=model)
    assert [one.translation for one in found.sentences] == [two, "Residents cheer."]


def test_where_sentences_cannot_be_told_apart_doubts_are_about_the_whole() -> None:
    found = review(PARAGRAPHS, PARAGRAPHS[0], f"{ENGLISH} That is all.", written=WRITTEN)
    assert [one.translation for one in found.sentences] == [None, None]
    assert "“The park opened on Sunday.”: “opened” may be mistranslated" in found.doubts
    assert found.is_doubtful


def test_lines_of_a_digest_are_told_apart_where_a_heading_has_no_full_stop() -> None:
    model = (
        written("1. Banjir melanda Girimulya", "1. Flood hits Girimulya", 0.2, "“Banjir” may be lost"),
        written("Taman itu dibuka pada Minggu.", "The park opened. It was a Sunday.", 0.3, "“opened” may be wrong"),
    )
    abstract, english = ("\n".join(one[name] for one in model) for name in ("abstract", "translation"))
    found = review((model[0]["abstract"], *PARAGRAPHS), abstract, english, written=model)
    assert [one.support.sentence for one in found.sentences] == abstract.split("\n")
    assert [one.support.positions for one in found.sentences] == [((0, 0),), ((1, 0),)]
    assert [one.translation for one in found.sentences] == english.split("\n")
    assert [one.confidence for one in found.sentences] == [0.2, 0.3]
    assert "translation: “Banjir” may be lost" in found.sentences[0].doubts
    assert "translation: “opened” may be wrong" in found.sentences[1].doubts


def test_a_text_is_reviewed_paragraph_by_paragraph() -> None:
    model = (*WRITTEN, written("Biayanya Rp7,5 miliar.", "It cost Rp7.5 billion.", 0.9, paragraph=2))
    found = review_translation(PARAGRAPHS, f"{ENGLISH}\n\nIt cost Rp7.5 billion.", written=model)
    assert [one.translation for one in found.sentences] == [*(one["translation"] for one in model)]
    assert [one.support.positions for one in found.sentences] == [((0, 0),), ((0, 1),), ((2, 0),)]
    assert [bool(one.doubts) for one in found.sentences] == [True, False, False]
    wrong = review_translation(PARAGRAPHS, f"{ENGLISH}\n\nIt cost Rp8.5 billion.", written=model).sentences[2]
    assert wrong.doubts[0] == "“7,5 miliar” is missing"
    assert wrong.confidence is None


def test_a_paragraph_with_other_sentences_in_english_stands_as_one() -> None:
    found = review_translation(PARAGRAPHS, "The park opened on Sunday to happy residents.\n\nIt cost Rp7.5 billion.")
    assert [one.support.sentence for one in found.sentences] == [PARAGRAPHS[0], PARAGRAPHS[2]]
    assert found.doubts == ()


def test_the_models_doubts_of_what_is_left_of_such_a_paragraph_stay() -> None:
    found = review_translation(PARAGRAPHS[:1], f"{ENGLISH} That is all.", written=WRITTEN).sentences
    assert [one.doubts[-1] for one in found] == ["“The park opened on Sunday.”: “opened” may be mistranslated"]
    assert found[0].confidence is None


def test_paragraphs_that_a_reader_has_run_together_are_reviewed_as_a_whole() -> None:
    found = review_translation(PARAGRAPHS, f"{ENGLISH} It cost Rp8.5 billion.", written=WRITTEN)
    assert {one.translation for one in found.sentences} == {None}
    assert any("8.5 billion" in doubt for doubt in found.doubts)
    assert any("may be mistranslated" in doubt for doubt in found.doubts)
    assert not review_translation((), "").is_doubtful
