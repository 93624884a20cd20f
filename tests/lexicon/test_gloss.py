from summarizer.lexicon import Lexicon
from summarizer.lexicon.gloss import Gloss, gloss_text

LEXICON = Lexicon(
    (
        "suara\tw\tvote [election] | sound, voice, noise, tone\t1000",
        "melakukan\tw\tdo, carry out\t1000",
        "melakuan\tt\t= melakukan\t1",
        "tersesat\tt\t= tersasar\t1",
        "hargasaham\tg\t= harga saham\t0",
        "Jakarta\tn\t\t1000",
        "surya\tw\tsun\t10",
    )
)


def glosses(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(gloss.word, gloss.form, gloss.senses) for gloss in gloss_text(text, LEXICON)]


def test_a_word_has_its_senses_with_their_hints_and_the_first_renderings() -> None:
    assert gloss_text("Dua suaranya", LEXICON) == [
        Gloss(4, 12, "suaranya", "suara", ("vote (election)", "sound, voice, noise"))
    ]


def test_misspelt_and_glued_words_are_told_as_what_they_are() -> None:
    assert glosses("melakuan") == [("melakuan", "melakukan", ("do, carry out",))]
    assert glosses("hargasaham") == [("hargasaham", "harga saham", ("harga saham",))]


def test_names_and_unknown_words_have_no_gloss() -> None:
    assert glosses("Pak Surya di Jakarta, tersesat") == []
    assert glosses("") == []
