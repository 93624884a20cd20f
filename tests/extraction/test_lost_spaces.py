"""Spaces that sites lose as they drop links."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.extraction.lost_spaces import restore_lost_spaces
from tests.conftest import in_some_try, processor_seconds
from tests.strategies import bare, paragraphs

# What the names of the cases stand alone in.
WITNESS = "Liverpool dan Marc Guehi bertemu Israel, kata WhatsApp dan KPK di Wulan."


def restored(text: str) -> str:
    return restore_lost_spaces([WITNESS, text])[1]


@pytest.mark.parametrize(
    ("glued", "text"),
    [
        ("Sari,Budi dan Tono datang.", "Sari, Budi dan Tono datang."),
        ("Rapat ditutup.Lurah pulang.", "Rapat ditutup. Lurah pulang."),
        ("Badan(BPOM)menarik obat itu.", "Badan (BPOM) menarik obat itu."),
        ("Ia menjagakemerdekaan.", "Ia menjaga kemerdekaan."),
        ("Pesawat milikSaudia mendarat.", "Pesawat milik Saudia mendarat."),
        ("Minat keinginanIranuntuk berunding.", "Minat keinginan Iran untuk berunding."),
        ("Ia menulis dalamKompas.com kemarin.", "Ia menulis dalam Kompas.com kemarin."),
        ("Dilansir Laras.compada Senin.", "Dilansir Laras.com pada Senin."),
        ("Pada 2025yang lalu, 45sahamunggulan naik.", "Pada 2025 yang lalu, 45 saham unggulan naik."),
        ("Pada 2 Juni 2025,Laras tutup.", "Pada 2 Juni 2025, Laras tutup."),
        ("Ia tiba diJakarta dan terbang keBali.", "Ia tiba di Jakarta dan terbang ke Bali."),
        ("Sejak Januari2025 dan tahun2024, semua naik.", "Sejak Januari 2025 dan tahun 2024, semua naik."),
    ],
)
def test_a_space_is_put_back_behind_a_mark_a_word_or_a_number(glued: str, text: str) -> None:
    assert restored(glued) == text


@pytest.mark.parametrize(
    ("glued", "text"),
    [
        ("Liverpoolbergerak cepat.", "Liverpool bergerak cepat."),
        ("WhatsAppakhirnya memuat iklan.", "WhatsApp akhirnya memuat iklan."),
        ("Kapten LiverpoolMarc Guehi pergi.", "Kapten Liverpool Marc Guehi pergi."),
        ("Penyidik KPKmenyebut namanya.", "Penyidik KPK menyebut namanya."),
        ("Bek itu, MarcGuehi, pulang.", "Bek itu, Marc Guehi, pulang."),
    ],
)
def test_a_name_that_stands_alone_elsewhere_is_parted_from_what_is_glued_to_it(glued: str, text: str) -> None:
    assert restored(glued) == text


@pytest.mark.parametrize(
    ("glued", "text"),
    [
        ("Saham PTBumi Laras naik.", "Saham PT Bumi Laras naik."),
        ("Presiden ASDonald Trump tiba, kata Donald.", "Presiden AS Donald Trump tiba, kata Donald."),
        ("Kata DPRSementara itu, ia pulang.", "Kata DPR Sementara itu, ia pulang."),
        ("Polisi VIRALsebuah video.", "Polisi VIRAL sebuah video."),
        ("Gubernur DKIJakartamenggratiskan bus Jakarta.", "Gubernur DKI Jakarta menggratiskan bus Jakarta."),
        # "BRMS" stands alone elsewhere, so that "BRM" is no abbreviation.
        ("Saham BRMSini naik, kata BRMS.", "Saham BRMS ini naik, kata BRMS."),
    ],
)
def test_an_abbreviation_is_parted_from_what_is_glued_to_it(glued: str, text: str) -> None:
    assert restored(glued) == text


def test_a_long_verb_is_parted_from_a_name_that_stands_nowhere_else() -> None:
    assert restored("Menurut laporan, Larasmelanjutkan rapat.") == "Menurut laporan, Laras melanjutkan rapat."


def test_two_words_of_english_side_by_side_are_no_witness_of_a_name_that_is_made_of_them() -> None:
    text = "Harga Play Station, atau PlayStation, naik."
    assert restored(text) == text


def test_the_longest_small_word_is_parted_from_a_name() -> None:
    assert restored("Gaun dipakaiAlyssamerupakan rancangan lama.") == "Gaun dipakai Alyssa merupakan rancangan lama."


def test_the_headline_is_a_witness() -> None:
    assert restore_lost_spaces(["Persibmenang lagi."]) == ["Persibmenang lagi."]
    assert restore_lost_spaces(["Persibmengaku lelah."], "Persib Kalah") == ["Persib mengaku lelah."]


@pytest.mark.parametrize(
    "text",
    [
        # Names that are made of other names and of words.
        "Wulandari dan Wulanbudi hadir.",
        "Liverpoolnya menang.",
        "Arisandi dan Ramadan hadir.",
        "Apple menjual iPhone dan PlayStation di TikTok.",
        "CloudFlare dan SurveyMonkey tumbuh, kata Cloud, Flare, Survey, Monkey.",
        "BRILink, XLSmart, JPMorgan dan MAXstream untung.",
        # The last capital is that of the word behind, which no abbreviation stands in front of.
        "Siaran TVCanda habis.",
        "Nilainya 2,5 dan 12,Z.",
        # Names of sites and programmes.
        "Kabar itu dimuat detikOto, 20detik dan Tribunnews.Com.",
        # Units, endings, addresses, users, hyphens.
        "Gambar 60fps dari 76ers di laras.id, @hargasaham, non-Liverpoolbergerak.",
        # Prefixes of a name, of a verb and of a decree.
        "Buruh diPHK; rasa keIndonesiaan; Kepmenakertrans; Subdirektorat; Antiterorisme.",
        # Years that are part of a name or of an address.
        "Wulanbudi2025 dan Formasi1998 hadir di pilkada2024.laras.id.",
        # Respect.
        "Kami memohon kepadaMu.",
    ],
)
def test_what_is_one_word_stays_one(text: str) -> None:
    assert restored(text) == text


def test_a_name_that_stands_there_twice_has_lost_no_space() -> None:
    text = "Liverpoolbergerak adalah nama klub; Liverpoolbergerak menang."
    assert restored(text) == text


def test_no_letter_is_changed_and_a_second_time_changes_nothing() -> None:
    text = "Dalam 2025yang lalu,Liverpoolbergerak cepat.Marc menjagakemerdekaan(KPK)untuk Israel."
    once = restored(text)
    assert once.replace(" ", "") == text.replace(" ", "")
    assert restored(once) == once


def test_an_endless_word_stays_as_it_is() -> None:
    text = "LiverpoolMarc" * 20_000
    assert restored(text) == text


def test_a_word_of_many_capitals_takes_no_longer_than_others() -> None:
    # Twenty-four seams: each looked at what follows anew, and the time doubled with each.
    text = "".join(f"X{letter}" for letter in "abcdefghijklmnopqrstuvwx")
    assert in_some_try(lambda: processor_seconds(lambda: restored(text)) < 1)


@settings(max_examples=100, deadline=None)
@given(st.lists(paragraphs, max_size=3))
def test_spaces_are_put_back_once_and_nothing_else_is(texts: list[str]) -> None:
    once = restore_lost_spaces(texts)
    assert list(map(bare, once)) == list(map(bare, texts))
    assert restore_lost_spaces(once) == once
