import pytest

from summarizer.lexicon import Entry, Lexicon, Sense, WordClass, load_lexicon

LINES = (
    "suara\tw\tvote [election] | sound, voice\t1000",
    "gayung\tw\twater scoop, dipper\t9",
    "hargasaham\tg\t= harga saham\t0",
    "melakuan\tt\t= melakukan\t1",
    "Jakarta\tn\t\t1000",
)


def test_an_entry_has_senses_with_renderings_and_hints() -> None:
    entry = Lexicon(LINES)["suara"]
    assert entry.word_class is WordClass.WORD
    assert entry.senses == (Sense(("vote",), "election"), Sense(("sound", "voice")))
    assert entry.renderings == ("vote", "sound", "voice")
    assert entry.pairs == 1000


def test_what_is_no_word_has_no_senses_and_only_wrong_spellings_a_correction() -> None:
    lexicon = Lexicon(LINES)
    assert lexicon["Jakarta"].senses == ()
    assert lexicon["hargasaham"].correction == "harga saham"
    assert lexicon["melakuan"].correction == "melakukan"
    assert lexicon["gayung"].correction == ""


def test_an_unknown_form_is_a_key_error() -> None:
    lexicon = Lexicon(LINES)
    assert lexicon.get("ember") is None
    assert "ember" not in lexicon
    with pytest.raises(KeyError):
        lexicon["ember"]


def test_every_line_of_the_package_can_be_read() -> None:
    lexicon = load_lexicon()
    entries = [lexicon[form] for form in lexicon]
    assert len(entries) > 40_000
    assert all(isinstance(entry, Entry) for entry in entries)
    assert all(rendering and rendering == rendering.strip() for entry in entries for rendering in entry.renderings)
    words = [entry for entry in entries if entry.word_class is WordClass.WORD]
    assert all(entry.senses for entry in words)
    assert not any(entry.word_class is WordClass.COMPOSITIONAL for entry in entries)
