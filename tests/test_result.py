import json

import pytest

from summarizer.article import Article
from summarizer.checks import Support
from summarizer.output.doubts import count_doubts, sentence_lines
from summarizer.output.formats import escape_markdown, render
from summarizer.result import Result, ResultSentence, TranslatedText, pair_sentences
from summarizer.writing.confidence import Confidence
from summarizer.writing.repair import Repair
from summarizer.writing.translation import TranslatedSentence, Translation

HOSTILE = "<script>alert(1)</script> *tebal* [x](http://y) `kode` # bukan judul"


def result(**changes: object) -> Result:
    article = Article(source="a.txt", title=HOSTILE, paragraphs=("Satu.",), site="contoh.id", date="2025-01-02")
    fields = {
        "article": article,
        "abstract": "Abstrak.",
        "translation": "Abstract.",
        "article_translation": None,
        "warnings": ("awas",),
        "model": "fake",
    }
    return Result(**(fields | changes))  # type: ignore[arg-type]


def test_json_has_the_promised_fields() -> None:
    fields = json.loads(result().to_json())
    assert fields == {
        "source": "a.txt",
        "title": HOSTILE,
        "title_translation": None,
        "site": "contoh.id",
        "date": "2025-01-02",
        "abstract": "Abstrak.",
        "translation": "Abstract.",
        "support": [],
        "repairs": [],
        "warnings": ["awas"],
        "model": "fake",
    }
    assert "\n" not in result(abstract="dua\nbaris").to_json()


def test_article_translation() -> None:
    whole = result(article_translation=("One.", "Two."))
    assert whole.to_dict()["article_translation"] == ["One.", "Two."]
    assert "One.\n\nTwo." in whole.to_text()
    assert "## Article\n\nOne.\n\nTwo." in whole.to_markdown()


def test_the_headline_in_english_stands_below_the_headline() -> None:
    whole = result(article=Article("a.txt", "Taman Dibuka", ("Satu.",)), title_translation="*Park* <opens>")
    assert whole.to_dict()["title_translation"] == "*Park* <opens>"
    assert whole.to_text().startswith("Taman Dibuka\n*Park* <opens>\n\nAbstract")
    assert whole.to_markdown().startswith("# Taman Dibuka\n\n**\\*Park\\* &lt;opens&gt;**\n\n## Abstract")


def test_a_result_without_a_headline_in_english_has_no_place_for_it() -> None:
    fields = result(article=Article("a.txt", "Taman", ("Satu.",))).to_dict()
    older = {name: value for name, value in fields.items() if name != "title_translation"}
    for name in ("text", "md"):
        assert render(fields, name) == render(older, name)


def test_what_was_not_asked_for_is_left_out() -> None:
    assert result(length="short").to_dict()["length"] == "short"
    assert "length" not in result().to_dict()
    assert "Translation" not in result(translation=None).to_text()


def test_support_and_repairs() -> None:
    support = Support("Abstrak.", ((0, 0),), ("*Satu*.",), 0.5)
    whole = result(support=(support,), repairs=(Repair("abstract", "candidate", ("99",)),))
    assert whole.to_dict()["support"] == [
        {"sentence": "Abstrak.", "positions": [[0, 0]], "sources": ["*Satu*."], "share": 0.5}
    ]
    assert whole.to_dict()["repairs"] == [{"text": "abstract", "how": "candidate", "pieces": ["99"]}]
    assert "> Abstrak.\n\n- paragraph 1, sentence 1: \\*Satu\\*." in whole.to_markdown()
    assert "Support" not in result().to_markdown()


def test_markdown_shows_text_as_it_is() -> None:
    markdown = result().to_markdown()
    assert "<script>" not in markdown
    assert "&lt;script&gt;" in markdown
    assert r"\*tebal\*" in markdown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# satu\n- dua\n1. tiga", "\\# satu\n\\- dua\n1\\. tiga"),
        # CommonMark shows a backslash in front of a digit as it is.
        ("> a\n12) b 3. c", "&gt; a\n12\\) b 3. c"),
        ("###### Judul", r"\###### Judul"),
        ("Satu.\n##", "Satu.\n\\##"),
        # These make a headline of the line in front of them.
        ("Satu.\n---\nDua.", "Satu.\n\\---\nDua."),
        ("Satu.\n=== ", "Satu.\n\\=== "),
        ("Satu.\n-", "Satu.\n\\-"),
        ("- - -", r"\- - -"),
        # And these are nothing but text.
        ("#Girimulya", "#Girimulya"),
        ("####### Judul", "####### Judul"),
        ("-5 derajat, 3 - 2 = 1", "-5 derajat, 3 - 2 = 1"),
    ],
)
def test_marks_of_markdown_are_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_a_page_without_title_goes_by_its_name() -> None:
    article = Article(source="b.txt", title=None, paragraphs=("Satu.",))
    assert result(article=article).to_text().startswith("b.txt\n")


SURE, UNSURE = Confidence(0.9, (), doubtful=False), Confidence(0.2, ("“*dam*” may be wrong", "so"), doubtful=True)
SENTENCES = (
    ResultSentence(Support("Satu.", ((0, 0),), ("Satu.",), 1.0), "One.", SURE, copied=True),
    ResultSentence(Support("Dua.", (), (), 0.0), "Dam.", UNSURE, copied=False),
)


def test_doubtful_sentences_are_marked_with_one_reason() -> None:
    whole = result(translation="One. Dam.", sentences=SENTENCES)
    assert "Translation (English): machine draft, for the gist, not to quote\n" in whole.to_text()
    assert "One. Dam. [? “*dam*” may be wrong]" in whole.to_text()
    assert "*Machine draft, for the gist, not to quote.*\n\nOne. Dam. **\\[? “\\*dam\\*”" in whole.to_markdown()
    coloured = render(whole.to_dict(), "text", colorize=lambda text, colour: f"<{colour}>{text}</>")
    assert "One. <yellow>Dam. [? “*dam*” may be wrong]</>" in coloured
    page = whole._repr_html_()
    assert "<mark>Dam. <small>⚠ “*dam*” may be wrong</small></mark>" in page
    assert page.count("not to quote") == 1


def translated(*sentences: tuple[int, str, str, Confidence]) -> tuple[TranslatedSentence, ...]:
    return tuple(TranslatedSentence(*one) for one in sentences)


HEADLINE = translated((0, "Taman *dibuka*", "*Park* opens", UNSURE), (0, "Akhirnya", "At last", SURE))


def test_a_doubtful_headline_is_marked() -> None:
    whole = result(title_translation="*Park* opens At last", title_sentences=HEADLINE)
    assert whole.to_text().startswith(f"{HOSTILE}\n*Park* opens [? “*dam*” may be wrong] At last\n\nAbstract")
    assert "\n\n**\\*Park\\* opens** **\\[? “\\*dam\\*” may be wrong\\]** **At last**\n\n" in whole.to_markdown()
    page = whole._repr_html_()
    assert "<mark>*Park* opens <small>⚠ “*dam*” may be wrong</small></mark> At last</p>" in page
    assert whole.to_dict()["title_sentences"][0] == {
        "paragraph": 0,
        "source": "Taman *dibuka*",
        "translation": "*Park* opens",
        "confidence": 0.2,
        "doubtful": True,
        "reasons": list(UNSURE.reasons),
    }
    assert "title_sentences" not in result().to_dict()


def test_marks_are_of_the_headline_that_is_shown() -> None:
    for other in (None, "", "A park opens At last", "*Park* opens"):
        whole = result(title_translation=other, title_sentences=HEADLINE)
        assert "[?" not in whole.to_text()
        assert "<mark>" not in whole._repr_html_()
        assert count_doubts(whole.to_dict()) == 0


def test_doubtful_sentences_of_the_article_are_marked() -> None:
    sentences = translated((0, "Satu.", "One.", SURE), (0, "Dua.", "<Two>.", UNSURE), (2, "Tiga.", "Three.", UNSURE))
    whole = result(article_translation=("One. <Two>.", "", "Three."), article_sentences=sentences)
    mark = "[? “*dam*” may be wrong]"
    assert f"Article (English)\nOne. <Two>. {mark}\n\n" in whole.to_text()
    assert f"Three. {mark}\n\nWarnings" in whole.to_text()
    mark = "**\\[? “\\*dam\\*” may be wrong\\]**"
    assert f"## Article\n\nOne. &lt;Two&gt;. {mark}\n\nThree. {mark}\n\n" in whole.to_markdown()
    page = whole._repr_html_()
    assert "<p>One. <mark>&lt;Two&gt;. <small>⚠ “*dam*” may be wrong</small></mark></p>" in page
    assert "<p></p>" not in page
    assert [one["paragraph"] for one in whole.to_dict()["article_sentences"]] == [0, 0, 2]
    plain = result(article_translation=("One, two.", "", "Three."), article_sentences=sentences)
    assert "One, two.\n\n\n\nThree.\n\nWarnings" in plain.to_text()
    assert "<p>One, two.</p>\n<p>Three.</p>" in plain._repr_html_()


def test_doubtful_sentences_are_counted_wherever_they_are() -> None:
    whole = result(
        translation="One. Dam.",
        sentences=SENTENCES,
        title_translation="*Park* opens At last",
        title_sentences=HEADLINE,
        article_translation=("Three.",),
        article_sentences=translated((0, "Tiga.", "Three.", UNSURE)),
    ).to_dict()
    assert count_doubts(whole) == 3
    # A reader's changes are in the abstract and its translation; the rest stays as the model wrote it.
    reviewed = whole | {"review": {"sentences": [{"doubts": []}, {"doubts": []}], "doubts": []}}
    assert count_doubts(reviewed) == 2


def test_json_has_the_sentences() -> None:
    first, second = result(translation="One. Dam.", sentences=SENTENCES).to_dict()["sentences"]
    assert first == {
        "abstract": "Satu.",
        "translation": "One.",
        "confidence": 0.9,
        "doubtful": False,
        "reasons": [],
        "sources": [{"position": [0, 0], "text": "Satu."}],
        "copied": True,
    }
    assert second["reasons"] == list(UNSURE.reasons)


def test_marks_are_of_the_translation_that_is_shown() -> None:
    edited = result(translation="One. The dam.", sentences=SENTENCES)
    assert "[?" not in edited.to_text()
    assert "One. The dam." in edited.to_text()
    assert "not to quote" not in edited._repr_html_()


def test_a_digest_keeps_its_lines_and_its_marks() -> None:
    digest = result(translation="One.\nDam.", sentences=SENTENCES).to_dict()
    assert [[one["translation"] for one in line] for line in sentence_lines(digest)] == [["One."], ["Dam."]]
    assert "One.\nDam. [? “*dam*” may be wrong]" in render(digest, "text")
    assert count_doubts(digest) == 1
    assert sentence_lines(digest | {"translation": "One.\n\nDam."})[1] == []
    for other in (None, "", "One.", "One.\nDam.\nMore.", "One\n. Dam."):
        lines = sentence_lines(digest | {"translation": other})
        assert not any(one["doubtful"] for line in lines for one in line)


def test_a_text_that_is_only_translated_has_the_fields_of_a_result() -> None:
    sentences = (
        TranslatedSentence(0, "Satu.", "One.", SURE),
        TranslatedSentence(2, "Dua *bendungan*.", "Two *dams*.", UNSURE),
    )
    translation = Translation(("One.", "", "Two *dams*."), ("awas",), (), sentences)
    article = Article("a.txt", None, ("Satu.", "", "Dua *bendungan*."), warnings=("lama", "awas"))
    fields = TranslatedText(article, translation, "fake").to_record()
    assert (fields["title"], fields["abstract"]) == ("Satu. Dua *bendungan*.", None)
    assert fields["warnings"] == ["lama", "awas"]
    assert render(fields, "text") == (
        "Satu. Dua *bendungan*.\n\nTranslation (English): machine draft, for the gist, not to quote\n"
        "One.\n\nTwo *dams*. [? “*dam*” may be wrong]\n\nWarnings\n- lama\n- awas\n"
    )
    assert "\n\nOne.\n\n\n\nTwo \\*dams\\*. **\\[? “\\*dam\\*”" in render(fields, "md")
    assert "## Abstract" not in render(fields, "md")
    assert count_doubts(fields) == 1
    long = TranslatedText(Article("b.txt", None, ("kata " * 40,)), translation, "fake").to_record()["title"]
    assert long.endswith("kata…")
    assert len(long) <= 80
    assert TranslatedText(Article("c.txt", "Judul", ()), translation, "fake").to_record()["title"] == "Judul"


def test_confidence_that_is_not_known_is_not_made_up() -> None:
    unknown = Confidence(None, (), doubtful=False)
    sentences = (ResultSentence(SENTENCES[0].support, "One.", unknown, copied=True),)
    whole = result(translation="One.", sentences=sentences)
    assert whole.to_dict()["sentences"][0]["confidence"] is None
    assert "not to quote" not in whole.to_text()


def test_sentences_are_paired_with_their_translations() -> None:
    article = Article("a.txt", "Judul", ("Satu dua, tiga.", "Empat."))
    supports = (Support("Satu dua tiga.", ((0, 0),), ("Satu dua, tiga.",), 1.0), Support("Lima.", (), (), 0.0))
    english = tuple(
        TranslatedSentence(0, one.sentence, text, SURE) for one, text in zip(supports, ("One.", "Five."), strict=True)
    )
    paired = pair_sentences(article, supports, Translation(("One. Five.",), (), (), english))
    assert [(one.translation, one.copied) for one in paired] == [("One.", True), ("Five.", False)]
    assert [one.confidence for one in pair_sentences(article, supports, None)] == [None, None]
    assert pair_sentences(article, supports[:1], Translation(("One. Five.",), (), (), english)) == ()
