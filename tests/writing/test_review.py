from typing import Any

import pytest

from summarizer.writing.review import review, review_lines
from tests.conftest import FakeJudge

PARAGRAPHS = ("Taman itu dibuka pada Minggu. Warga senang.", "", "Biayanya Rp7,5 miliar.")
ENGLISH = "The park opened on Sunday. Residents are happy."
COST = "It cost Rp7.5 billion."


def written(source: str, translation: str, confidence: float = 0.9, *reasons: str, paragraph: int = 0) -> Any:
    fields = {"translation": translation, "confidence": confidence, "doubtful": bool(reasons), "reasons": list(reasons)}
    return {"abstract": source, "source": source, "paragraph": paragraph, **fields}


WRITTEN = (
    written("Taman itu dibuka pada Minggu.", "The park opened on Sunday.", 0.3, "“opened” may be mistranslated"),
    written("Warga senang.", "Residents are happy.", 0.8),
)


def column(found: dict[str, Any], name: str) -> list[Any]:
    return [sentence[name] for sentence in found["sentences"]]


def test_what_the_model_was_not_sure_of_is_a_doubt() -> None:
    found = review(PARAGRAPHS, PARAGRAPHS[0], ENGLISH, written=[one | {"alternative": "Or so."} for one in WRITTEN])
    assert column(found, "doubts") == [["translation: “opened” may be mistranslated"], []]
    assert column(found, "confidence") == [0.3, 0.8]
    assert column(found, "alternative") == ["Or so.", "Or so."]
    assert column(found, "positions") == [[[0, 0]], [[0, 1]]]
    assert found["doubts"] == []
    assert found["doubtful"] is True
    without = review(PARAGRAPHS, PARAGRAPHS[0], None, written=WRITTEN)
    assert column(without, "translation") == [None, None]
    assert without["doubtful"] is False


def test_what_the_article_does_not_say_is_a_doubt() -> None:
    found = review(PARAGRAPHS, "Biayanya Rp8,5 miliar. Gubernur menutup jembatan lama.", None)
    assert "8,5" in column(found, "doubts")[0][0]
    assert column(found, "doubts")[1]


RESTS = ({"position": [2, 0], "text": PARAGRAPHS[2]},)


def test_what_a_sentence_rests_on_stays_known_until_a_reader_changes_it() -> None:
    # A dash ends no sentence: split anew, these two would be one.
    model = (
        written("Biayanya Rp7,5 miliar -", "It cost Rp7.5 billion -") | {"sources": RESTS},
        written("warga senang.", "residents are happy.") | {"sources": [{"position": [0, 1], "text": "Warga senang."}]},
    )
    abstract, english = (" ".join(one[name] for one in model) for name in ("abstract", "translation"))
    found = review(PARAGRAPHS, abstract, english, written=model)
    assert column(found, "sentence") == ["Biayanya Rp7,5 miliar -", "warga senang."]
    assert column(found, "translation") == ["It cost Rp7.5 billion -", "residents are happy."]
    assert column(found, "positions") == [[[2, 0]], [[0, 1]]]
    assert column(found, "share") == [1.0, 1.0]
    # What is known is not searched for, not even where another sentence has the same words.
    known = written("Warga senang.", "") | {"sources": RESTS}
    [same] = review(PARAGRAPHS, "Warga senang.", None, written=[known])["sentences"]
    assert same["positions"] == [[2, 0]]
    assert same["share"] == 0.0
    # A reader's sentence is looked for in the article.
    known |= {"abstract": "Taman.", "source": "Taman."}
    [other] = review(PARAGRAPHS, "Warga senang.", None, written=[known])["sentences"]
    assert other["positions"] == [[0, 1]]
    assert other["share"] == 1.0


def test_of_what_a_reader_wrote_the_model_knows_nothing() -> None:
    edited = "The park was opened on Sunday. Residents are happy."
    found = review(PARAGRAPHS, PARAGRAPHS[0], edited, written=WRITTEN)
    assert column(found, "doubts") == [[], []]
    assert column(found, "confidence") == [None, 0.8]
    # Its doubt of the English stands as long as the English does; its number was about another sentence.
    found = review(PARAGRAPHS, "Taman itu dibuka Minggu. Warga senang.", ENGLISH, written=WRITTEN)
    assert column(found, "doubts")[0] == ["translation: “opened” may be mistranslated"]
    assert column(found, "confidence")[0] is None


def test_two_sentences_for_one_stay_together() -> None:
    two = "The park opened. It was a Sunday."
    model = (written("Taman itu dibuka pada Minggu.", two, 0.7), WRITTEN[1])
    # Also beside a sentence that a reader has changed.
    for other, confidence in (("Residents are happy.", 0.8), ("Residents cheer.", None)):
        found = review(PARAGRAPHS, PARAGRAPHS[0], f"{two} {other}", written=model)
        assert column(found, "translation") == [two, other]
        assert column(found, "confidence") == [0.7, confidence]


def test_where_sentences_cannot_be_told_apart_doubts_are_about_the_whole() -> None:
    found = review(PARAGRAPHS, PARAGRAPHS[0], f"{ENGLISH} That is all.", written=WRITTEN)
    assert column(found, "translation") == [None, None]
    assert "“The park opened on Sunday.”: “opened” may be mistranslated" in found["doubts"]
    assert found["doubtful"]


def test_where_sentences_cannot_be_told_apart_each_doubtful_one_that_is_left_is_named() -> None:
    first = written("Warga itu pulang.", "The resident left.", 0.2, "“left” may be wrong")
    second = written("Warga itu pergi.", "“The resident” went.", 0.2, "“went” may be wrong")
    third = written("Warga itu datang.", "The resident came.", 0.2, "“came” may be wrong")
    model = (first, second, first, third, written("Ya.", "No.", 0.2, "“No” may be wrong"))
    paragraph = " ".join(sentence["source"] for sentence in model)
    english = "The resident left. “The resident” went. No. The resident left early. The resident was here. It rained."
    found = review([paragraph], paragraph, english + " That is all. It ended.", written=model)
    named = [doubt for doubt in found["doubts"] if "may be wrong" in doubt]
    assert named == [
        "“The resident left.”: “left” may be wrong; “left” may be wrong",
        "““The resident” went.”: “went” may be wrong",
        "“No.”: “No” may be wrong",
    ]


def test_a_sentence_that_would_be_split_stays_whole_wherever_it_stands() -> None:
    short = written("Warga pulang.", "He left. It rained.", 0.7)
    long = written("Warga datang.", "He left. It rained. He came.", 0.6)
    english = "He left. It rained. He came. He left. It rained. He cheered. He left. It rained."
    source = "Warga datang. Warga pulang. Warga senang. Warga pulang."
    found = review([source], source, english, written=(short, long))
    texts = [short["translation"], long["translation"]]
    assert column(found, "translation") == [texts[1], texts[0], "He cheered.", texts[0]]
    assert column(found, "confidence") == [0.6, 0.7, None, 0.7]


def test_lines_of_a_digest_are_told_apart_where_a_heading_has_no_full_stop() -> None:
    model = (
        written("1. Banjir melanda Girimulya", "1. Flood hits Girimulya", 0.2, "“Banjir” may be lost"),
        written("Taman itu dibuka pada Minggu.", "The park opened. It was a Sunday.", 0.3, "“opened” may be wrong"),
    )
    abstract, english = ("\n".join(one[name] for one in model) for name in ("abstract", "translation"))
    found = review((model[0]["abstract"], *PARAGRAPHS), abstract, english, written=model)
    assert column(found, "sentence") == abstract.split("\n")
    assert column(found, "positions") == [[[0, 0]], [[1, 0]]]
    assert column(found, "translation") == english.split("\n")
    assert column(found, "confidence") == [0.2, 0.3]
    for doubts, one in zip(column(found, "doubts"), model, strict=True):
        assert f"translation: {one['reasons'][0]}" in doubts


def test_a_text_is_reviewed_paragraph_by_paragraph() -> None:
    model = (*WRITTEN, written(PARAGRAPHS[2], COST, 0.9, paragraph=2))
    found = review(PARAGRAPHS, None, f"{ENGLISH}\n\n{COST}", written=model)
    assert column(found, "translation") == [one["translation"] for one in model]
    assert column(found, "positions") == [[[0, 0]], [[0, 1]], [[2, 0]]]
    assert [bool(doubts) for doubts in column(found, "doubts")] == [True, False, False]
    wrong = review(PARAGRAPHS, None, f"{ENGLISH}\n\nIt cost Rp8.5 billion.", written=model)["sentences"][2]
    assert "7,5 miliar" in wrong["doubts"][0]
    assert wrong["confidence"] is None


def test_a_paragraph_with_other_sentences_in_english_stands_as_one() -> None:
    found = review(PARAGRAPHS, None, f"The park opened on Sunday to happy residents.\n\n{COST}")
    assert column(found, "sentence") == [PARAGRAPHS[0], PARAGRAPHS[2]]
    assert found["doubts"] == []
    # The model's doubts of what is left of it stay.
    [one] = review(PARAGRAPHS[:1], None, f"{ENGLISH} That is all.", written=WRITTEN)["sentences"]
    assert one["doubts"][-1] == "“The park opened on Sunday.”: “opened” may be mistranslated"
    assert one["confidence"] is None


def test_paragraphs_that_a_reader_has_run_together_are_reviewed_as_a_whole() -> None:
    found = review(PARAGRAPHS, None, f"{ENGLISH} It cost Rp8.5 billion.", written=WRITTEN)
    assert set(column(found, "translation")) == {None}
    for word in ("8.5 billion", "may be mistranslated"):
        assert any(word in doubt for doubt in found["doubts"])
    assert not review((), None, "")["doubtful"]


@pytest.mark.parametrize(
    ("source", "line", "is_sure", "doubt"),
    [
        ("Taman itu dibuka pada Minggu.", "The park was opened on Sunday.", True, ""),
        ("Warga senang.", "Residents are happy.", True, ""),
        ("Biayanya Rp7,5 miliar.", "It cost Rp7.5 billion.", True, ""),
        ("", "", None, ""),
        ("Taman itu dibuka pada Minggu.", "The speaker was opened on Sunday.", False, "speaker"),
        ("Biayanya Rp7,5 miliar.", "It cost Rp8.5 billion.", True, "7,5"),
        ("Warga senang.", "", None, "not translated"),
        ("", "Residents are happy.", None, "no such line"),
    ],
)
def test_each_line_is_marked_by_itself(source: str, line: str, is_sure: bool | None, doubt: str) -> None:
    first, second = review_lines(
        ("Warga senang.", source), ("Residents are happy.", line), FakeJudge("speaker")
    ).to_records()
    assert first["source"] == "Warga senang."
    assert first["translation"] == "Residents are happy."
    assert first["reasons"] == []
    assert second["source"] == source
    assert second["translation"] == line
    value = second["confidence"]
    assert (value if value is None else value > 0.5) is is_sure
    assert doubt in "; ".join(second["reasons"])
    assert bool(second["reasons"]) == bool(doubt)


def test_all_sentences_are_judged_in_one_go() -> None:
    judge = FakeJudge("speaker")
    found = review_lines(PARAGRAPHS, (ENGLISH, "", COST), judge)
    assert [(one.paragraph, one.text) for one in found.sentences] == [
        (0, "The park opened on Sunday."),
        (0, "Residents are happy."),
        (2, COST),
    ]
    assert list(map(len, judge.judged)) == [3]
    # Another number of sentences: the line stands as one.
    assert len(review_lines(PARAGRAPHS, ("The park opened on Sunday, to joy.", "", COST), judge).sentences) == 2


@pytest.mark.parametrize("judge", [None, FakeJudge("x", both=False), FakeJudge("x", max_input_tokens=1)])
def test_what_is_not_judged_has_no_confidence_but_is_checked(judge: FakeJudge | None) -> None:
    found = review_lines(("Biayanya Rp7,5 miliar.",), ("It cost Rp8.5 billion.",), judge)
    assert found.sentences[0].confidence.value is None
    assert found.sentences[0].confidence.doubtful
