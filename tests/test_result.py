import json
from dataclasses import replace

import pytest

from summarizer import Article, Result, Translation
from summarizer.checks import Support
from summarizer.output.doubts import count_doubts, lowest_confidence, page_warnings, sentence_lines
from summarizer.output.formats import escape_markdown, render
from summarizer.output.html import render_page
from summarizer.output.terminal import Look
from summarizer.result import (
    Abstract,
    AbstractSentence,
    Confidence,
    Repair,
    ResultSentence,
    TranslatedSentence,
    TranslatedText,
    Truncation,
)
from summarizer.text.sentences import PlacedSentence

HOSTILE = "<script>alert(1)</script> *tebal* [x](http://y) `kode` # bukan judul"
SURE = Confidence(0.9, (), doubtful=False)
UNSURE = Confidence(0.2, ("“*dam*” may be wrong", "so"), doubtful=True, alternative="Two.")
# How a doubt is shown in text, in Markdown and in HTML.
NOTE = "[1] “*dam*” may be wrong; so\n    second choice: Two."
MARKS = (
    "[1]",
    "**\\[? “\\*dam\\*” may be wrong; so; second choice: Two.\\]**",
    '<small>⚠ <span lang="en" translate="yes">“*dam*” may be wrong</span>; <span lang="en" translate="yes">so</span>; '
    '<span lang="en" translate="yes">second choice</span>: Two.</small></mark>',
)
SENTENCES = (
    ResultSentence(AbstractSentence("Satu.", Support(((0, 0),), ("*Satu*.",), 1.0), copied=True), "One.", SURE),
    ResultSentence(AbstractSentence("Dua.", Support((), (), 0.0), copied=False), "Dam.", UNSURE),
)


def result(**changes: object) -> Result:
    article = Article(source="a.txt", title=HOSTILE, paragraphs=("Satu.",), site="contoh.id", date="2025-01-02")
    whole = Result(article, "Abstrak.", "Abstract.", None, ("awas",), "fake")
    return replace(whole, **changes)  # type: ignore[arg-type]


def translated(*sentences: tuple[int, str, str, Confidence]) -> tuple[TranslatedSentence, ...]:
    return tuple(TranslatedSentence(*one) for one in sentences)


HEADLINE = translated((0, "Taman *dibuka*", "*Park* opens", UNSURE), (0, "Akhirnya", "At last", SURE))


def test_the_fields_of_json_hold_what_the_result_says() -> None:
    """The schema holds all of them; here is what they say."""
    assert "\n" not in result(abstract="dua\nbaris").to_json()
    whole = result(
        repairs=(Repair("abstract", "candidate", ("99",)),),
        length="short",
        unread=Truncation(((0, 2),), 4, 3),
        article_translation=("One.", "Two."),
        sentences=SENTENCES,
        title_sentences=HEADLINE,
    )
    fields = json.loads(whole.to_json())
    assert fields["title"] == HOSTILE
    assert fields["site"] == "contoh.id"
    assert fields["date"] == "2025-01-02"
    assert fields["support"] == [
        {"sentence": "Satu.", "positions": [[0, 0]], "sources": ["*Satu*."], "share": 1.0},
        {"sentence": "Dua.", "positions": [], "sources": [], "share": 0.0},
    ]
    assert fields["repairs"] == [{"text": "abstract", "how": "candidate", "pieces": ["99"]}]
    assert fields["length"] == "short"
    assert fields["unread"] == {"positions": [[0, 2]], "words": 4, "total": 3}
    assert fields["article_translation"] == ["One.", "Two."]
    judged = {"confidence": 0.9, "doubtful": False, "reasons": []}
    doubted = {"confidence": 0.2, "doubtful": True, "reasons": list(UNSURE.reasons), "alternative": "Two."}
    source = {"position": [0, 0], "text": "*Satu*."}
    assert fields["sentences"] == [
        {"abstract": "Satu.", "translation": "One.", **judged, "sources": [source], "copied": True, "kept": 1.0},
        {"abstract": "Dua.", "translation": "Dam.", **doubted, "sources": [], "copied": False, "kept": None},
    ]
    known = {"paragraph": 0, "source": "Taman *dibuka*", "translation": "*Park* opens"}
    assert fields["title_sentences"][0] == known | doubted
    assert "> Dua.\n\n- nothing" in whole.to_markdown()
    # Markdown shows hostile text as it is.
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\*tebal\\*" in result(translation=None).to_markdown()
    # What isn't known is not made up.
    unknown = ResultSentence(SENTENCES[0].sentence, "One.", Confidence(None, (), doubtful=False))
    whole = result(translation="One.", sentences=(unknown,))
    assert whole.to_dict()["sentences"][0]["confidence"] is None
    assert "not to quote" not in whole.to_text()


def test_the_headline_in_english_stands_below_the_headline() -> None:
    whole = result(article=Article("a.txt", "Taman Dibuka", ("Satu.",)), title_translation="*Park* <opens>")
    assert whole.to_text().startswith("Taman Dibuka\n*Park* <opens>\na.txt\n\nAbstract")
    assert whole.to_markdown().startswith("# Taman Dibuka\n\n**\\*Park\\* &lt;opens&gt;**\n\n## Abstract")
    assert result(article=Article("b.txt", None, ("Satu.",))).to_text().startswith("b.txt\n")
    # A doubt has marks of its own: bold type within bold type would end it.
    doubted = replace(whole, title_translation="*Park* opens At last", title_sentences=HEADLINE)
    assert f"\n\n**\\*Park\\* opens** {MARKS[1]} **At last**\n\n" in doubted.to_markdown()


SOURCE = PlacedSentence((2, 1), "Suara.com-Namun, Taman itu (seluas 12 hektare) dibuka pada Minggu.")


@pytest.mark.parametrize(
    ("text", "copied", "kept"),
    [
        (SOURCE.text, True, 1.0),
        # What is left of it stands in a row there, whatever its capital letters and punctuation.
        ("Namun, Taman itu (seluas 12 hektare) dibuka pada Minggu.", True, 1.0),
        ("Taman itu seluas 12 hektare.", True, 5 / 9),
        ("Taman itu dibuka pada Minggu.", False, 5 / 9),
    ],
)
def test_what_is_left_of_a_sentence_rests_on_it(text: str, copied: bool, kept: float) -> None:
    sentence = AbstractSentence.from_article(SOURCE).shortened(text)
    assert sentence.text == text
    assert sentence.copied == copied
    assert sentence.cut == (not copied)
    assert sentence.kept == kept
    assert sentence.support == Support(((2, 1),), (SOURCE.text,), 1.0)
    # What was cut may be cut again, and is still seen beside the whole source.
    assert sentence.shortened("Taman dibuka.").kept == 2 / 9


def test_what_a_model_wrote_is_no_part_of_a_sentence() -> None:
    for positions, sources in (((), ()), (((0, 0), (1, 0)), ("Taman dibuka.", "Warga senang."))):
        sentence = AbstractSentence("Taman dibuka.", Support(positions, sources, 0.5), copied=False)
        with pytest.raises(ValueError, match="Taman dibuka"):
            sentence.shortened("Taman.")


def test_an_abstract_is_its_sentences_line_by_line() -> None:
    first, second = (one.sentence for one in SENTENCES)
    assert Abstract(((first, second),)).text == "Satu. Dua."
    assert Abstract(((first,), (), (second,))).text == "Satu.\n\nDua."
    assert Abstract(()).text == ""
    assert Abstract(((first,), (second,))).sentences == (first, second)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# satu\n- dua\n1. tiga", "\\# satu\n\\- dua\n1\\. tiga"),
        # CommonMark shows a backslash in front of a digit as it is.
        ("> a\n12) b 3. c", "&gt; a\n12\\) b 3. c"),
        ("###### Judul", r"\###### Judul"),
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


def shown(whole: Result) -> tuple[str, str, str]:
    return whole.to_text(), whole.to_markdown(), whole._repr_html_()


def test_doubtful_sentences_are_marked_with_their_reasons() -> None:
    text, markdown, page = shown(result(translation="One. Dam.", sentences=SENTENCES))
    assert "Translation (English): machine draft, not to quote; many faults have no mark\n" in text
    assert f"One. Dam. {MARKS[0]}\n\n{NOTE}\n" in text
    assert f"*Machine draft, not to quote; many faults have no mark.*\n\nOne. Dam. {MARKS[1]}" in markdown
    assert f"<mark>Dam. {MARKS[2]}" in page
    assert page.count("not to quote") == 1


def test_doubtful_sentences_of_the_article_are_marked() -> None:
    sentences = translated((0, "Satu.", "One.", SURE), (0, "Dua.", "<Two>.", UNSURE), (2, "Tiga.", "Three.", UNSURE))
    text, markdown, page = shown(result(article_translation=("One. <Two>.", "", "Three."), article_sentences=sentences))
    assert f"Article (English)\nOne. <Two>. [1]\n\n\n\nThree. [2]\n\n{NOTE}\n[2] “*dam*”" in text
    assert f"## Article\n\nOne. &lt;Two&gt;. {MARKS[1]}\n\nThree. {MARKS[1]}\n\n" in markdown
    assert f'<p lang="en">One. <mark>&lt;Two&gt;. {MARKS[2]}</p>' in page
    assert '<p lang="en"></p>' not in page
    plain = result(article_translation=("One, two.", "", "Three."), article_sentences=sentences)
    assert "One, two.\n\n\n\nThree.\n\nWarnings" in plain.to_text()


@pytest.mark.parametrize("other", [None, "", "A park opens At last", "*Park* opens"])
def test_marks_are_of_the_text_that_is_shown(other: str | None) -> None:
    edited = result(title_translation=other, title_sentences=HEADLINE, translation=other, sentences=SENTENCES)
    assert [any(mark in text for mark in ("[1]", "[?", "<mark>")) for text in shown(edited)] == [False] * 3
    assert "not to quote" not in edited.to_text()
    assert count_doubts(edited.to_dict()) == 0


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
    assert lowest_confidence(whole) == 0.2
    assert lowest_confidence(result().to_dict()) is None


def test_where_a_result_comes_from_stands_in_one_line_below_its_headline() -> None:
    article = Article("a.txt", "Taman", ("Satu.",), site="contoh.id", url="https://contoh.id/*a", date="2025-01-02")
    assert result(article=article).to_text().startswith("Taman\ncontoh.id · 2025-01-02 · a.txt\n\n")
    expected = "# Taman\n\ncontoh.id · 2025-01-02 · https://contoh.id/\\*a\n\n"
    assert result(article=article).to_markdown().startswith(expected)
    assert "\n·" not in result(article=Article("a.txt", "Taman", ("Satu.",))).to_text()


def test_markdown_has_no_support_that_is_the_sentence_itself() -> None:
    def supported(text: str, source: str) -> ResultSentence:
        sentence = AbstractSentence(text, Support(((0, 0),), (source,), 1.0), copied=True)
        return ResultSentence(sentence, None, None)

    copied = supported("Taman dibuka.", "Taman  dibuka!")
    other = supported("Taman baru.", "Taman *itu* baru.")
    assert "## Support" not in result(sentences=(copied,)).to_markdown()
    markdown = result(sentences=(copied, other)).to_markdown()
    assert "Taman dibuka" not in markdown
    assert "> Taman baru.\n\n- paragraph 1, sentence 1: Taman ~~\\*itu\\*~~ baru." in markdown


def test_a_warning_that_stands_at_its_sentence_is_not_repeated() -> None:
    warnings = ("the translation of “Dua.”: “dam” is not in the source", "awas")
    marked = result(translation="One. Dam.", sentences=SENTENCES, warnings=warnings)
    assert page_warnings(marked.to_dict()) == ["awas"]
    assert all("the translation of" not in text for text in shown(marked))
    # Where no sentence is known, nothing is left out.
    assert page_warnings(result(warnings=warnings).to_dict()) == list(warnings)


def test_text_is_wrapped_at_words_to_the_width_of_a_terminal() -> None:
    words = " ".join(["Kata"] * 60)
    whole = result(abstract=f"{words}\n{words}.", translation="One. Dam.", sentences=SENTENCES)
    wrapped = render(whole.to_dict(), "text", Look(width=40))
    assert max(map(len, wrapped.splitlines())) <= 40
    assert wrapped.split() == whole.to_text().split()
    # What has no place to break stays whole, as an address must.
    long = result(abstract="https://contoh.id/" + "x" * 90)
    assert long.abstract in render(long.to_dict(), "text", Look(width=40)).splitlines()


def test_what_is_printed_is_short() -> None:
    whole = result(article=Article("a.txt", "Taman Dibuka", ("Satu.",)), abstract="kata " * 100)
    assert str(whole).startswith("Taman Dibuka: kata kata")
    assert len(str(whole)) < 110
    assert "\n" not in str(whole)
    assert str(TRANSLATION) == "One.\n\nTwo *dams*."


def test_a_translation_displays_itself_in_a_notebook() -> None:
    html = TRANSLATION._repr_html_()
    assert f"<mark>Two *dams*. {MARKS[2]}" in html
    assert '<p lang="id">Dua *bendungan*.</p>' in html
    hostile = replace(TRANSLATION, sentences=translated((0, HOSTILE, HOSTILE, UNSURE)))
    assert "<script>" not in hostile._repr_html_()


def test_a_digest_keeps_its_lines_and_its_marks() -> None:
    digest = result(translation="One.\nDam.", sentences=SENTENCES).to_dict()
    assert [[one["translation"] for one in line] for line in sentence_lines(digest)] == [["One."], ["Dam."]]
    assert f"One.\nDam. {MARKS[0]}\n\n{NOTE}\n" in render(digest, "text")
    assert count_doubts(digest) == 1
    assert sentence_lines(digest | {"translation": "One.\n\nDam."})[1] == []
    for other in (None, "", "One.", "One.\nDam.\nMore.", "One\n. Dam."):
        assert not any(one["doubtful"] for line in sentence_lines(digest | {"translation": other}) for one in line)


TRANSLATION = Translation(
    ("One.", "", "Two *dams*."),
    ("awas",),
    (Repair("translation", "form", ("1,5",)),),
    translated((0, "Satu.", "One.", SURE), (2, "Dua *bendungan*.", "Two *dams*.", UNSURE)),
)


def test_a_text_that_is_only_translated_has_the_fields_of_a_result() -> None:
    article = Article("a.txt", None, ("Satu.", "", "Dua *bendungan*."), warnings=("lama", "awas"))
    fields = TranslatedText(article, TRANSLATION, "fake").to_record()
    assert render(fields, "text") == (
        "Satu. Dua *bendungan*.\na.txt\n\n"
        "Translation (English): machine draft, not to quote; many faults have no mark\n"
        f"One.\n\nTwo *dams*. {MARKS[0]}\n\n{NOTE}\n\nWarnings\n- lama\n- awas\n"
    )
    assert f"\n\nOne.\n\n\n\nTwo \\*dams\\*. {MARKS[1]}" in render(fields, "md")
    assert "## Abstract" not in render(fields, "md")
    page = render_page([fields])
    assert "<h3>Indonesian</h3>" in page
    assert "<h3>Abstract</h3>" not in page
    assert MARKS[2] in page
    assert count_doubts(fields) == 1
    title = TranslatedText(Article("b.txt", None, ("kata " * 40,)), TRANSLATION, "fake").to_record()["title"]
    assert title.endswith("kata…")
    assert len(title) <= 80
    assert TranslatedText(Article("c.txt", "Judul", ()), TRANSLATION, "fake").to_record()["title"] == "Judul"
