from pathlib import Path

import pytest

from summarizer.article import Article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.extraction.rules import Rule, load_rules
from summarizer.extraction.teasers import opens_teaser
from tests.conftest import ARTICLE, SAMPLES
from tests.extraction.pages import lines_of, page_of

BODY = ("Hujan turun deras sejak pagi di kota itu.", "Warga diminta tetap di rumah sampai sore.")


def cleaned(*paragraphs: str, title: str | None = None, url: str | None = None) -> Article:
    return clean(page_of(*paragraphs, title=title, url=url))


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)
def test_each_rule_does_what_it_says(rule: Rule) -> None:
    assert rule.finds(rule.hit)
    assert not any(opens_teaser(rule.miss, match.start()) for match in rule.finds(rule.miss))
    if rule.kind in ("prefix", "end", "inline", "teaser"):
        below = {"end": (), "prefix": (BODY[1],)}.get(rule.kind, BODY)
        first = {"end": (ARTICLE, f"{BODY[0]} {rule.hit}"), "prefix": (f"{rule.hit} {ARTICLE}",)}
        result = cleaned(*first.get(rule.kind, (ARTICLE, rule.hit)), *below)
        assert rule.name in {piece.rule for piece in result.removed}
        assert len(result.paragraphs) > len(below)
    elif rule.kind == "head":
        assert cleaned(rule.hit, ARTICLE, *BODY).paragraphs == (ARTICLE, *BODY)
    else:
        result = cleaned(*BODY, rule.hit)
        assert result.paragraphs == BODY
        assert [piece.rule for piece in result.removed] == [rule.name]
    assert cleaned(BODY[0], rule.miss, BODY[1]).paragraphs == (BODY[0], rule.miss, BODY[1])


@pytest.mark.parametrize(
    "notice",
    [
        ("Cek Berita dan Artikel yang lain di", "Google News dan WA Channel"),
        ("Ikuti terus berita terhangat dari KabarLaras.com via whatsapp",),
        ("Baca juga artikel terkait BANJIR atau tulisan lainnya dari Ani Lestari",),
        ("* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor kami.",),
        ("IDN Times Community adalah media yang menyediakan platform. Semua tulisan tanggung jawab penulis.",),
        ("Jangan Lewatkan Video Terbaru:",),
    ],
)
def test_notices_of_outlets_go(notice: tuple[str, ...]) -> None:
    assert cleaned(ARTICLE, *BODY, *notice).paragraphs == (ARTICLE, *BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Baca juga artikel terkait itu sebelum rapat, pinta lurah.",
    ],
)
def test_sentences_that_begin_like_a_notice_stay(sentence: str) -> None:
    assert cleaned(BODY[0], sentence, BODY[1]).paragraphs == (BODY[0], sentence, BODY[1])


def test_names_are_unique() -> None:
    names = [rule.name for rule in load_rules()]
    assert len(names) == len(set(names))


def test_sample_page() -> None:
    page = read_file(SAMPLES / "jembatan.txt")
    result = clean(page)
    raw = lines_of(page)
    end = raw.index("Berita Terkait")
    assert result.title == "Jembatan Sungai Laras Ambrol Diterjang Banjir, Dua Desa di Kabupaten Girimulya Terisolasi"
    assert result.paragraphs == (raw[1].removeprefix("Suara.com - "), *raw[2:end])
    # Every line is either kept or accounted for.
    assert [piece.text for piece in result.removed] == [raw[0], "Suara.com -", *raw[end:]]
    assert {piece.line for piece in result.removed} == {1, 2, *range(end + 1, len(raw) + 1)}


@pytest.mark.parametrize("bullet", ["", "- ", "• ", "1. "])
def test_bullets_make_no_difference(bullet: str) -> None:
    items = [f"{bullet}Harga Cabai Naik di Tiga Pasar", f"{bullet}Siapa Wali Kota Baru?"]
    assert cleaned(*BODY, "Terpopuler", *items).paragraphs == BODY


def test_a_list_in_the_middle_goes_and_the_text_behind_it_stays() -> None:
    result = cleaned(BODY[0], "Baca Juga:", "Harga Cabai Naik di Tiga Pasar", BODY[1])
    assert result.paragraphs == BODY
    assert not any(piece.leading for piece in result.removed)


@pytest.mark.parametrize(
    "paragraph",
    [
        '"Saya tidak tahu."',
        "Pilihan terakhir ada pada hakim, kata dia.",
        "Mereka baca juga surat itu.",
        "Ronaldo - yang mencetak dua gol - keluar lapangan.",
        "1. Matikan listrik sebelum air masuk.",
        "Persija 2-1 Persib",
        "Kronologi Kejadian",
        "Penulis: begitu ia menyebut dirinya sejak muda, tanpa pernah menerbitkan satu buku pun selama hidupnya.",
        "Berita terkait gempa itu ternyata palsu.",
        "Tag harga masih menempel.",
        "Cek video itu, kata polisi.",
        "Selengkapnya ia simpan di lemari.",
        "Syarat dan Ketentuan",
        "Kapal itu milik negara. (Nomor lambungnya 12.)",
        "Ia menulis [jembatan] di papan.",
    ],
)
def test_the_article_is_not_eaten(paragraph: str) -> None:
    result = cleaned(BODY[0], paragraph, BODY[1])
    assert result.paragraphs == (BODY[0], paragraph, BODY[1])
    assert result.removed == ()


@pytest.mark.parametrize(
    "line",
    [
        *("Simak: Begini Kata Tetangga Pelaku", "Baca juga: Pemain Cedera... karena Masak di Rumah"),
        *("ilustrasi jembatan. (Harian Laras/Rina Wulandari)", "(Harian Laras/Rina Wulandari)"),
        *(
            "Jembatan Laras. (Foto: Laras.com/Rina).",
            "Kapal di dermaga Laras. (laras.go.id)",
            "©2025 Laras.com/Istimewa",
        ),
        *("12 Flares 12 Flares ×", "Pin It", "Dislike 3", "• LARASbola | Share :", "Mari Berbagi berita ini!"),
        *("JANGAN LEWATKAN!!!", "Cek Video di Bawah Ini", "Selengkapnya..."),
        "IFRAME: https://laras.id/komentar?page=2",
    ],
)
def test_what_stands_between_paragraphs_without_belonging_there(line: str) -> None:
    assert cleaned(BODY[0], line, BODY[1]).paragraphs == BODY


@pytest.mark.parametrize(
    "line",
    [
        *("HARIAN LARAS | KABAR | RINA WULANDARI", 'Versi cetak artikel ini terbit dengan judul "Hujan".'),
        *("Pembaca Kami Juga Menyukai ini :", "Other Featured Articles"),
    ],
)
def test_what_stands_below_the_last_paragraph(line: str) -> None:
    assert cleaned(*BODY, line).paragraphs == BODY


def test_stacked_datelines() -> None:
    result = cleaned(f"Suara.com - Jakarta - {BODY[0]}", BODY[1])
    assert result.paragraphs == BODY
    assert [(piece.rule, piece.leading) for piece in result.removed] == [
        ("outlet_dateline", True),
        ("city_dateline", True),
    ]


@pytest.mark.parametrize(
    "dateline",
    [
        *("JAKARTA (Pos Kota) – ", "Rimanews-", "Laras (WARTALARAS) - ", "LARAS, KABARLARAS.COM | ", "Jakarta: "),
        *("PIKIRAN RAKYAT - ", "Laras, Harian Laras - ", "Kabarlaras.com, Girimulya – ", "KONTAN.CO.ID - JAKARTA. "),
        *("Harian Laras - LARAS - ", "JAKARTA, KOMPAS.com - Jakarta - "),
        *("LARAS--", "Berita Laras, (kabarlaras.com),- "),
        *("KBRN, Girimulya: ", "KBRN, Girimulya : ", "KBR, Laras - ", "LARAS, (PR).- ", "RMOLGirimulya. "),
        *(
            "Sukamaju | wartalaras.co - ",
            "Sukamaju (kabarlaras.com) – ",
            "Sukamaju | Wartalaras.net : ",
            "SUKAMAJU (WL) — ",
        ),
        *(
            "Jakarta,- ",
            "JAKARTA,-",
            "Sungai Laras, Girimulya – ",
            "POS-LARAS.COM | LARAS - ",
        ),
        *(
            "Wartalaras.com, Jakarta ",
            "Wartalaras.com, Jakarta",
            "WL Online, Sukamaju - ",
            "Girimulya, (Wartalaras.com)-",
        ),
        *("Sukamaju, Girimulya (WARTALARAS) - ", "SUKAMAJU, Radar Laras – ", "TOBELO, LPost— ", "VIVAlaras - "),
        "Kabarlaras.com, Girimulya: ",
    ],
)
def test_datelines_of_outlets_that_no_rule_names(dateline: str) -> None:
    assert cleaned(f"{dateline}{BODY[0]}", BODY[1]).paragraphs == BODY


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "Ronaldo - yang mencetak dua gol - ",
            "KPK - lembaga itu - ",
            "Al-",
            "Jakarta (dan sekitarnya) - kata dia - ",
        ),
        *("Suara.com memuat foto, ", "Radar Laras memuat foto, ", "Persib 2-1 Persija, ", "Anti-"),
        *("KPK: ", "Polisi: ", "PT. ", "RUU. ", "Sukamaju | Girimulya, ", "Girimulya (12 tahun) "),
        *("Wali Kota, Ratna - istri camat - ", "Presiden (ketiga) - Habibie - ", "Jakarta, kota itu, "),
    ],
)
def test_openings_that_are_no_datelines(opening: str) -> None:
    assert cleaned(f"{opening}{BODY[0]}", BODY[1]).paragraphs == (f"{opening}{BODY[0]}", BODY[1])


@pytest.mark.parametrize("reporter", ["Laporan Wartawan KabarLaras.com, Ani Lestari", "Penulis: Ani Lestari"])
def test_a_call_behind_a_dateline_opens_the_story(reporter: str) -> None:
    head = ("Taman Baru Dibuka di Girimulya", "Senin, 3 Februari 2025", "SERBU - Warga di taman, Senin (3/2/2025).")
    story = (ARTICLE, *BODY)
    article = cleaned(*head, reporter, 'KABARLARAS.COM, GIRIMULYA - "Buka sekarang!"', *story)
    assert article.paragraphs == ('"Buka sekarang!"', *story)
    # Without a dateline, it may as well be a label.
    assert cleaned(*head, reporter, '"Buka sekarang!"', *story).paragraphs == story


def test_nothing_but_a_dateline_or_navigation() -> None:
    assert cleaned("Suara.com -").paragraphs == ("Suara.com -",)
    assert cleaned("Terpopuler", "- Harga Naik").paragraphs == ()
    assert cleaned().paragraphs == ()


def test_title_is_kept_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Judul Berita Ini\n{ARTICLE}\n{BODY[0]}\nTerkini\nBerita Lain Lagi", encoding="utf-8")
    article = clean(read_file(file))
    assert article.title == "Judul Berita Ini"
    assert article.paragraphs == (ARTICLE, BODY[0])


def test_lines_say_where_each_paragraph_stood() -> None:
    article = clean(read_file(SAMPLES / "jembatan.txt"))
    assert article.lines == tuple(range(2, 10))


@pytest.mark.parametrize(
    "line",
    [
        *("Artikel ini khusus pelanggan", "Artikel premium", "Berlangganan untuk membaca artikel ini selengkapnya"),
        *("Anda sudah membaca 3 dari 3 artikel gratis bulan ini", "Sudah berlangganan? Masuk di sini"),
    ],
)
def test_a_teaser_of_an_article_that_is_sold_is_a_warning(line: str) -> None:
    article = cleaned(*BODY, line)
    assert article.paragraphs == BODY
    assert article.warnings == ("the page asks for a subscription: its text may be only the beginning of the article",)


def test_text_that_seems_to_be_cut_off_is_a_warning() -> None:
    assert cleaned(BODY[0], "Warga diminta tetap di ...").warnings == (
        "the text seems to be cut off: it ends with dots",
    )
    assert cleaned("Warga diminta tetap di ...", BODY[0], '"Entahlah ..."').warnings == ()
    assert "that of page 3" in cleaned(*BODY, url="https://contoh.id/a?page=3").warnings[0]
    for address in ("https://contoh.id/a?page=1", "https://contoh.id/a?page=all", "https://contoh.id/page=3"):
        assert cleaned(*BODY, url=address).warnings == ()


def test_pages_of_an_article_that_are_missing_are_a_warning() -> None:
    assert cleaned(*BODY, "2 dari 4 halaman").warnings == ("the article has 4 pages, of which 3 are not in the file",)
    assert cleaned(BODY[0], "1 dari 2 halaman", BODY[1], "2 dari 2 halaman").warnings == ()
    assert cleaned(BODY[0], "2 dari 3 halaman", BODY[1], "3 dari 3 halaman").warnings == ()
    assert cleaned(*BODY).warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        *(
            "(ant/bbs)",
            "[rin]",
            "-rin-",
            "*Rina",
            "(red.)",
            "RW/WS",
            "(mg-1/rin)",
            "(Rina/Kominfo Laras)",
            "Tim Liputan",
        ),
        *("Rina Wulandari/Wira Santoso", "Penulis: Rina | Editor: Wira", "Oleh Rina Wulandari", "Jurnalis: Rina"),
        *("REDAKSI-RnW", "Redaksi/Rw", "2 dari 4 Next »"),
        *("2 dari 4 halaman", "Hal. 2 dari 4", "Halaman 2 dari 4", "Sumber berita : https://laras.id/2022/pasar"),
    ],
)
def test_signatures_and_page_counters_below_the_article_go(line: str) -> None:
    assert cleaned(*BODY, line).paragraphs == BODY


@pytest.mark.parametrize(
    "line",
    [
        "(dan/atau sebaliknya)",
        "Oleh karena itu jembatan ditutup.",
        "Editor itu diam.",
        "Redaksi - begitu ia menyebutnya - diam.",
        "2 dari 4 warga mengungsi.",
        "Suami/istri yang mengungsi diberi makan.",
        "Sumber berita itu tidak disebut.",
    ],
)
def test_what_only_looks_like_a_signature_stays(line: str) -> None:
    assert line in cleaned(*BODY, line).paragraphs
