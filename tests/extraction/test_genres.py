"""Which pages are taken for something else than a news report."""

from dataclasses import replace

import pytest

from summarizer.article import Article
from summarizer.extraction.genres import classify_genre, describe_genre
from summarizer.extraction.rules import load_toml
from tests.conftest import ARTICLE

KINDS = load_toml("genres")
REPORT = Article("a.html", "Taman Baru Dibuka", (ARTICLE, "Warga senang.", "Wali kota pulang."))
DIGEST = (
    "Berikut berita yang banyak dibaca kemarin.",
    "1. Harga Beras Naik",
    "Harga beras di Girimulya naik 5 persen. Warga mengeluh.",
    "2. Jembatan Laras Ditutup",
    "Ia menutup jembatan itu.",
    "Polisi menutup Jembatan Laras sejak Senin.",
    "3. Guru Mogok",
    "Guru mogok mengajar.",
)


@pytest.mark.parametrize("genre", KINDS)
def test_headlines_tell_the_genre(genre: str) -> None:
    for title in KINDS[genre]["hit"]:
        assert classify_genre(replace(REPORT, title=title)).genre == genre, title
    for title in KINDS[genre]["miss"]:
        assert classify_genre(replace(REPORT, title=title)).genre != genre, title


@pytest.mark.parametrize(
    ("genre", "changes"),
    [
        (None, {}),
        (None, {"title": None, "paragraphs": ()}),
        ("opinion", {"url": "https://contoh.id/opini/1"}),
        (None, {"url": "https://contoh.id/berita/opini-publik"}),
        ("opinion", {"paragraphs": (ARTICLE, "Penulis adalah dosen Universitas Girimulya.")}),
        (None, {"paragraphs": ("Penulis adalah dosen.", ARTICLE, ARTICLE, ARTICLE)}),
        ("opinion", {"paragraphs": ("Oleh: Ratna Puspita", ARTICLE)}),
        ("advertorial", {"paragraphs": (ARTICLE, "Datanglah ke taman. (ADV)")}),
        ("live", {"paragraphs": tuple(f"{hour}.15 WIB Hujan turun lagi." for hour in range(10, 15))}),
        (None, {"paragraphs": tuple(f"{hour}.15 WIB Hujan turun lagi." for hour in range(10, 13))}),
        (None, {"paragraphs": tuple(f"{hour},15 persen warga datang." for hour in range(10, 15))}),
        (None, {"paragraphs": tuple(f"{hour}.15 WIB: Laras FC vs Girimulya" for hour in range(10, 15))}),
        (None, {"title": "Foto Taman", "paragraphs": (ARTICLE,) * 9}),
    ],
)
def test_address_and_text_tell_the_genre_too(genre: str | None, changes: dict[str, object]) -> None:
    assert classify_genre(replace(REPORT, **changes)).genre == genre  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paragraphs", "stories"),
    [
        (DIGEST, (1, 3, 6)),
        ((), ()),
        (("Satu", "Dua", "Tiga."), ()),
        (("Satu", "Hujan turun.", "Dua", "Angin bertiup."), (0, 2)),
        (("1. Mengapa?", "Hujan turun.", "2) Dua", "Api padam."), (0, 2)),
    ],
)
def test_the_stories_of_a_digest_open_with_a_heading(paragraphs: tuple[str, ...], stories: tuple[int, ...]) -> None:
    told = classify_genre(replace(REPORT, title="3 Berita Terpopuler Girimulya", paragraphs=paragraphs))
    assert told.genre == "digest"
    assert told.stories == stories
    assert "several stories" in describe_genre("digest")
    # The headings of a report open no stories.
    assert classify_genre(replace(REPORT, paragraphs=paragraphs)).stories == ()
