from dataclasses import replace

import pytest

from summarizer.article import Article
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_file
from summarizer.extraction.rules import WHOLE_LINE, Rule, html_pattern, load_rules, make_rule, substituted
from summarizer.extraction.teasers import opens_teaser
from tests.conftest import ARTICLE, SAMPLES
from tests.extraction.pages import lines_of, page_of

HEADLINE = "Taman Baru Dibuka di Girimulya"
BODY = ("Hujan turun deras sejak pagi di kota itu.", "Warga diminta tetap di rumah sampai sore.")


def cleaned(*paragraphs: str, url: str | None = None) -> Article:
    return clean(page_of(*paragraphs, url=url))


each_rule = pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)


@each_rule
def test_a_rule_matches_its_hit(rule: Rule) -> None:
    assert rule.finds(rule.hit), f"the pattern of {rule.name} does not match its hit: {rule.hit}"


def page_with_hit(rule: Rule) -> tuple[str, ...]:
    """The paragraphs of an article, with a rule's hit where rules of its kind look for it."""
    match rule.kind:
        case "prefix":
            return f"{rule.hit} {ARTICLE}", BODY[1]
        case "end":
            return ARTICLE, f"{BODY[0]} {rule.hit}"
        case "inline" | "teaser":
            return ARTICLE, rule.hit, *BODY
        case "head":
            return HEADLINE, rule.hit, ARTICLE, *BODY
        case _:
            return *BODY, rule.hit


@each_rule
def test_a_rule_takes_its_hit_from_a_page(rule: Rule) -> None:
    if rule.kind == "cut":
        return
    removed_by = [piece.rule for piece in cleaned(*page_with_hit(rule)).removed if piece.text != HEADLINE]
    message = f"the hit of {rule.name} is not removed by it, but by {removed_by or 'no rule'}"
    assert rule.name in removed_by, message
    if rule.kind in WHOLE_LINE:
        assert removed_by == [rule.name], message


@each_rule
def test_a_rule_takes_nothing_but_its_hit(rule: Rule) -> None:
    kept = cleaned(*page_with_hit(rule)).paragraphs
    match rule.kind:
        case "prefix":
            assert kept[0].endswith(ARTICLE)
            assert kept[1:] == (BODY[1],)
        case "end":
            assert kept[0] == ARTICLE
        case "inline" | "teaser":
            assert {ARTICLE, *BODY} <= set(kept)
        case "head":
            assert kept == (ARTICLE, *BODY)
        case "line" | "section" | "tail":
            assert kept == BODY


@each_rule
def test_a_rule_leaves_its_miss_alone(rule: Rule) -> None:
    matches = rule.finds(rule.miss)
    # A headline may follow what a teaser's rule matches; where none does, nothing goes.
    if rule.kind != "cut":
        matches = [match for match in matches if opens_teaser(rule.miss, match.start())]
    assert not matches, f"the pattern of {rule.name} matches its miss, at {matches[0].group()!r}"
    if rule.kind != "cut":
        article = cleaned(BODY[0], rule.miss, BODY[1])
        taken_by = {piece.rule for piece in article.removed}
        assert article.paragraphs == (BODY[0], rule.miss, BODY[1]), f"the miss of {rule.name} is taken by {taken_by}"


ENTRY = {"name": "scan_prompt", "kind": "line", "pattern": "pindai kode ini", "hit": "Pindai kode ini", "miss": "Kode"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"betwen": True}, "'betwen' is no field of a rule"),
        ({"miss": None}, "it has no 'miss'"),
        ({"kind": "lines"}, "'lines' is no kind of rule"),
        ({"role": "date"}, "'date' is no role"),
        ({"pattern": 5}, "its 'pattern' is no text"),
        ({"hit": ["Pindai kode ini"]}, "its 'hit' is no text"),
        ({"between": "false"}, "'between' is true, or left out"),
        ({"kind": "inline", "needs": "kode"}, "'needs' is a list of pieces of text"),
        ({"needs": ["kode"]}, "'needs' is a list of pieces of text, and for no rule of a whole line"),
        ({"pattern": "pindai (kode"}, "its pattern is no regular expression"),
    ],
)
def test_a_rule_that_is_written_wrongly_is_named_with_its_fault(change: dict[str, object], fault: str) -> None:
    entry = {name: value for name, value in {**ENTRY, **change}.items() if value is not None}
    with pytest.raises(ValueError, match=f"scan_prompt: {fault}"):
        make_rule(entry)


def test_no_two_rules_have_the_same_name() -> None:
    names = [rule.name for rule in load_rules()]
    assert sorted(names) == sorted(set(names))


def test_a_rule_is_tried_where_one_of_the_pieces_stands_that_it_needs() -> None:
    rule = make_rule({**ENTRY, "kind": "inline", "pattern": "[Pp]indai (?:kode|gambar)", "needs": ["kode", "gambar"]})
    assert [match.group() for match in rule.finds("Pindai gambar, pindai kode")] == ["Pindai gambar", "pindai kode"]
    assert not rule.finds("Pindai layar")


def test_a_rule_is_not_tried_where_no_piece_stands_that_it_needs() -> None:
    rule = make_rule({**ENTRY, "kind": "inline", "needs": ["kode QR"]})
    assert not rule.finds("pindai kode ini")


def test_a_rule_for_the_beginning_of_a_paragraph_finds_nothing_behind_it() -> None:
    rule = make_rule({**ENTRY, "kind": "prefix"})
    assert [match.span() for match in rule.finds("pindai kode ini, pindai kode ini")] == [(0, 15)]
    assert not rule.finds("Lalu pindai kode ini")


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("\npindai\n|kode\n", "kode"),
        ("pindai (?:\n  kode|\n  gambar\n) ini", "pindai gambar ini"),
        ("\n  pindai[ ]\n  kode\n", "pindai kode"),
        ("pindai kode ", "pindai kode "),
    ],
)
def test_line_breaks_of_a_pattern_do_not_count(pattern: str, line: str) -> None:
    assert make_rule({**ENTRY, "pattern": pattern}).pattern.fullmatch(line)


def test_a_pattern_of_html_lists_that_is_broken_is_named() -> None:
    with (
        substituted("html_lists", {"junk": ["iklan", "sisip(an"]}),
        pytest.raises(ValueError, match=r"'sisip\(an' in junk of html_lists\.toml"),
    ):
        html_pattern("junk")


def test_the_sample_page_loses_its_lists_and_keeps_the_rest() -> None:
    page = read_file(SAMPLES / "jembatan.txt")
    result = clean(page)
    raw = lines_of(page)
    end = raw.index("Berita Terkait")
    assert result.title == "Jembatan Sungai Laras Ambrol Diterjang Banjir, Dua Desa di Kabupaten Girimulya Terisolasi"
    assert result.paragraphs == (raw[1].removeprefix("Suara.com - "), *raw[2:end])
    # Every line is either kept or accounted for.
    assert [piece.text for piece in result.removed] == [raw[0], "Suara.com -", *raw[end:]]
    assert {piece.paragraph_number for piece in result.removed} == {1, 2, *range(end + 1, len(raw) + 1)}
    assert result.paragraph_numbers == tuple(range(2, end + 1))


def test_a_list_in_the_middle_goes_and_the_text_behind_it_stays() -> None:
    result = cleaned(BODY[0], "Baca Juga:", "Harga Cabai Naik di Tiga Pasar", BODY[1])
    assert result.paragraphs == BODY
    assert not any(piece.leading for piece in result.removed)
    told = (BODY[0], "Baca Juga:", "Harga Cabai Naik di Tiga Pasar", "Kontrak Dibekukan", ARTICLE)
    assert cleaned(*told).paragraphs == (BODY[0], "Kontrak Dibekukan", ARTICLE)


# Prose, headings and rows of tables that look like boilerplate.
KEPT = (
    '"Saya tidak tahu."|Pilihan terakhir ada pada hakim, kata dia.|Mereka baca juga surat itu.|Persija 2-1 Persib|'
    "Ronaldo - yang mencetak dua gol - keluar lapangan.|1. Matikan listrik sebelum air masuk.|Kronologi Kejadian|"
    "Penulis: begitu ia menyebut dirinya sejak muda, tanpa pernah menerbitkan satu buku pun selama hidupnya.|"
    "Berita terkait gempa itu ternyata palsu.|Tag harga masih menempel.|Cek video itu, kata polisi.|"
    "Selengkapnya ia simpan di lemari.|Syarat dan Ketentuan|Kapal itu milik negara. (Nomor lambungnya 12.)|"
    "Ia menulis [jembatan] di papan.|Baca juga artikel terkait itu sebelum rapat, pinta lurah.|"
    "Fakta atau hoaks? Warga tidak tahu, kata lurah.|IDN Times Community memuat tulisan warga itu pekan lalu."
)


@pytest.mark.parametrize("paragraph", KEPT.split("|"))
def test_the_article_is_not_eaten(paragraph: str) -> None:
    result = cleaned(BODY[0], paragraph, BODY[1])
    assert result.paragraphs == (BODY[0], paragraph, BODY[1])
    assert result.removed == ()


BETWEEN = (
    "Simak: Begini Kata Tetangga Pelaku;Baca juga: Pemain Cedera... karena Masak di Rumah;Pin It;Dislike 3;"
    "ilustrasi jembatan. (Harian Laras/Rina Wulandari);(Harian Laras/Rina Wulandari);©2025 Laras.com/Istimewa;"
    "Jembatan Laras. (Foto: Laras.com/Rina).;Kapal di dermaga Laras. (laras.go.id);12 Flares 12 Flares ×;"
    "• LARASbola | Share :;Mari Berbagi berita ini!;JANGAN LEWATKAN!!!;Cek Video di Bawah Ini;Selengkapnya...;"
    "IFRAME: https://laras.id/komentar?page=2"
)
BELOW = (
    'HARIAN LARAS | KABAR | RINA WULANDARI;Versi cetak artikel ini terbit dengan judul "Hujan".;(ant/bbs);[rin];-rin-;'
    "Pembaca Kami Juga Menyukai ini :;Other Featured Articles;Cek Berita dan Artikel yang lain di;*Rina;(red.);RW/WS;"
    "Ikuti terus berita terhangat dari KabarLaras.com via whatsapp;Jangan Lewatkan Video Terbaru:;Tim Liputan;"
    "Baca juga artikel terkait BANJIR atau tulisan lainnya dari Ani Lestari;(mg-1/rin);(Rina/Kominfo Laras);"
    "* Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor kami.;"
    "IDN Times Community adalah media yang menyediakan platform. Semua tulisan tanggung jawab penulis.;"
    "Rina Wulandari/Wira Santoso;Penulis: Rina | Editor: Wira;Oleh Rina Wulandari;Jurnalis: Rina;REDAKSI-RnW;"
    "2 dari 4 Next »;Hal. 2 dari 4;Sumber berita : https://laras.id/2022/pasar"
)
SIGNED = (
    "(dan/atau sebaliknya);Oleh karena itu jembatan ditutup.;Redaksi - begitu ia menyebutnya - diam.;"
    "2 dari 4 warga mengungsi.;Suami/istri yang mengungsi diberi makan.;Sumber berita itu tidak disebut."
)


def test_what_stands_between_and_below_paragraphs_without_belonging_there() -> None:
    for line in BETWEEN.split(";"):
        assert cleaned(BODY[0], line, BODY[1]).paragraphs == BODY, line
    for line in BELOW.split(";"):
        assert cleaned(*BODY, line).paragraphs == BODY, line
    for line in SIGNED.split(";"):
        assert line in cleaned(*BODY, line).paragraphs


DATELINES = (
    "JAKARTA (Pos Kota) – ;Rimanews-;Laras (WARTALARAS) - ;LARAS, KABARLARAS.COM | ;Jakarta: ;PIKIRAN RAKYAT - ;"
    "Laras, Harian Laras - ;Kabarlaras.com, Girimulya – ;KONTAN.CO.ID - JAKARTA. ;Harian Laras - LARAS - ;"
    "JAKARTA, KOMPAS.com - Jakarta - ;LARAS--;Berita Laras, (kabarlaras.com),- ;KBRN, Girimulya: ;KBR, Laras - ;"
    "LARAS, (PR).- ;RMOLGirimulya. ;Sukamaju | wartalaras.co - ;Sukamaju (kabarlaras.com) – ;SUKAMAJU (WL) — ;"
    "Sukamaju | Wartalaras.net : ;Jakarta,- ;JAKARTA,-;Sungai Laras, Girimulya – ;POS-LARAS.COM | LARAS - ;"
    "Wartalaras.com, Jakarta ;Wartalaras.com, Jakarta;WL Online, Sukamaju - ;Girimulya, (Wartalaras.com)-;"
    "Sukamaju, Girimulya (WARTALARAS) - ;SUKAMAJU, Radar Laras – ;TOBELO, LPost— ;VIVAlaras - "
    ";Jakarta, CNN Indonesia - - ;GIRIMULYA— ;HO CHI MINH CITY– ;Nouméa - "
)
OPENINGS = (
    "Ronaldo - yang mencetak dua gol - ;KPK - lembaga itu - ;Al-;Jakarta (dan sekitarnya) - kata dia - ;Anti-;KPK: ;"
    "Suara.com memuat foto, ;Radar Laras memuat foto, ;Persib 2-1 Persija, ;Polisi: ;PT. ;RUU. ;Sukamaju | Girimulya, ;"
    "Girimulya (12 tahun) ;Suara-Suara ;Media-media ;Online Role-;Pilihan Redaksi U-"
    ";Wali Kota, Ratna - istri camat - ;Presiden (ketiga) - Habibie - ;Jakarta, kota itu, "
)


def test_datelines_of_outlets_that_no_rule_names() -> None:
    for dateline in DATELINES.split(";"):
        assert cleaned(f"{dateline}{BODY[0]}", BODY[1]).paragraphs == BODY, dateline
    for opening in OPENINGS.split(";"):
        assert cleaned(f"{opening}{BODY[0]}", BODY[1]).paragraphs == (f"{opening}{BODY[0]}", BODY[1]), opening


@pytest.mark.parametrize("reporter", ["Laporan Wartawan KabarLaras.com, Ani Lestari", "Penulis: Ani Lestari"])
def test_a_call_behind_a_dateline_opens_the_story(reporter: str) -> None:
    head = ("Taman Baru Dibuka di Girimulya", "Senin, 3 Februari 2025", "SERBU - Warga di taman, Senin (3/2/2025).")
    story = (ARTICLE, *BODY)
    article = cleaned(*head, reporter, 'KABARLARAS.COM, GIRIMULYA - "Buka sekarang!"', *story)
    assert article.paragraphs == ('"Buka sekarang!"', *story)
    # Without a dateline, it may as well be a label.
    assert cleaned(*head, reporter, '"Buka sekarang!"', *story).paragraphs == story


def test_little_but_a_dateline_or_navigation() -> None:
    assert cleaned("Judul Berita Ini", ARTICLE, BODY[0], "Terkini", "Berita Lain Lagi").paragraphs == (ARTICLE, BODY[0])
    assert cleaned("Suara.com -").paragraphs == ("Suara.com -",)
    assert cleaned(f"Suara.com - Jakarta - {BODY[0]}", BODY[1]).paragraphs == BODY
    assert cleaned("Terpopuler", "- Harga Naik").paragraphs == ()
    assert cleaned().paragraphs == ()


@pytest.mark.parametrize(
    ("told", "lines", "url"),
    [
        ("subscription", [*BODY, "Artikel ini khusus pelanggan"], None),
        ("cut off", [BODY[0], "Warga diminta tetap di ..."], None),
        ("", ["Warga diminta tetap di ...", BODY[0], '"Entahlah ..."'], None),
        ("page 3", BODY, "https://contoh.id/a?page=3"),
        *(("", BODY, f"https://contoh.id/{end}") for end in ("a?page=1", "a?page=all", "page=3")),
    ],
)
def test_signs_that_not_all_of_the_article_is_there_are_a_warning(told: str, lines: list[str], url: str | None) -> None:
    warnings = cleaned(*lines, url=url).warnings
    assert len(warnings) == bool(told)
    assert told in "".join(warnings)


# Where a headline stops in a paragraph and the article goes on.
LEAD = "Rapat desa membahas jembatan baru di tepi sungai sejak pagi."
STORY = "Lurah Ratna Puspita mengatakan jembatan itu dibuka pekan depan. Warga sudah lama menunggu jembatan."


@pytest.mark.parametrize(
    ("teaser", "rest"),
    [
        ("Pilihan editor: Isu Lama Pasar Desa Setelah Geger Harga ", "Ratna Puspita menyebut biaya itu wajar."),
        ("Baca juga: Isu Lama Pasar Desa Girimulya ", "Setelah Ratna Puspita menyebut biaya itu, warga diam."),
        (
            "Baca Juga:Skenario Lama UUDBuat Apa Desa NegaraWaspada Agenda TersembunyiNgotot Tiga Periode",
            "Pada rapat lalu, biaya itu dibahas juga.",
        ),
        ("Baca juga: Harga Cabai Naik, Diumumkan 18 Januari? Video: Rapat Desa Ricuh Soal Harga", ""),
        ("Video: Lurah Tak Akan Diam Jika Harga Naik Video: Lurah Tak Akan Diam Jika Harga Naik", ""),
    ],
)
def test_the_headline_goes_and_the_sentence_stays(teaser: str, rest: str) -> None:
    assert cleaned(f"{LEAD} {teaser}{rest}", STORY).paragraphs == (LEAD, *([rest] if rest else []), STORY)


def test_prose_that_looks_like_a_teaser_stays() -> None:
    for rest in ("Baca juga akan sulit bila huruf itu kecil, kata dia.", "Ia memutar video: jembatan itu retak."):
        assert cleaned(f"{LEAD} {rest}", STORY).paragraphs == (f"{LEAD} {rest}", STORY)


def test_a_dateline_below_a_lead_goes_too() -> None:
    lead = "Taman itu sudah lama dinanti warga yang tinggal di dekat sungai, dan kini siap dipakai bermain."
    result = cleaned(lead, f"JAKARTA, KOMPAS.com - {ARTICLE}", *BODY)
    assert result.paragraphs == (lead, ARTICLE, *BODY)
    assert [piece.text for piece in result.removed] == ["JAKARTA, KOMPAS.com -"]


# What a site's template put in front of a dateline and lost the line break behind it.
FRONTS = (
    '"Jembatan itu kami perbaiki, kata lurah, supaya warga dapat lewat lagi,"Girimulya, Laras (ANTARA) - ',
    "Pemerintah desa menyiapkan dana untuk jembatan darurat bagi warga di seberang DPRDGirimulya (ANTARA) - ",
    "Laporan Reporter Kontan, Rina Wulandari TRIBUNNEWS.COM, JAKARTA - ",
    "Kabarlaras.com/Rina JAKARTA, KOMPAS.com - ",
    "Daftar Isi Jalan Tol 1. Tarif Jakarta - ",
    "Jembatan Rusak Rina - kabarLaras Senin, 3 Feb 2025 08:00 WIB Jakarta - ",
)
# What is the article's own in front of something that looks like a dateline.
NOT_FRONTS = (
    "Kereta jurusan Jakarta - ",
    "Kereta itu tiba. Warga Stasiun Girimulya (ANTARA) - begitu mereka menyebutnya - menunggu. ",
    "Warga menyebut portal KABARLARAS.COM - tempat berita itu dimuat - tidak adil. ",
    "Daftar isi buku itu panjang. Kereta jurusan Jakarta - Bandung dibahas di bab ketiga. ",
)


@pytest.mark.parametrize("front", FRONTS)
def test_what_stands_in_front_of_a_dateline_is_no_part_of_the_article(front: str) -> None:
    result = cleaned(f"{front}{ARTICLE}", *BODY)
    assert result.paragraphs == (ARTICLE, *BODY)
    assert [(piece.text, piece.leading) for piece in result.removed] == [(front.strip(), True)]


@pytest.mark.parametrize("front", NOT_FRONTS)
def test_what_only_looks_like_a_dateline_keeps_what_stands_in_front_of_it(front: str) -> None:
    assert cleaned(f"{front}{ARTICLE}", *BODY).paragraphs == (f"{front}{ARTICLE}", *BODY)


def test_what_stands_in_front_of_a_dateline_stays_if_it_is_much_or_one_of_several() -> None:
    front = FRONTS[1]
    assert cleaned(f"{front}{BODY[0]}", BODY[1]).paragraphs == (f"{front}{BODY[0]}", BODY[1])
    # Where the article names the place once more, the space that it had lost comes back.
    kept = front.replace("DPRDGirimulya", "DPRD Girimulya")
    assert cleaned(BODY[0], f"{front}{ARTICLE}", BODY[1]).paragraphs == (BODY[0], f"{kept}{ARTICLE}", BODY[1])
    digest = f"{ARTICLE} Girimulya (ANTARA) - {ARTICLE}"
    assert cleaned(f"{front}{digest}", *BODY).paragraphs == (f"{kept}{digest}", *BODY)


@pytest.mark.parametrize(("site", "kept"), [("www.laras.co.id", ARTICLE), ("www.kabar.id", f"Laras - {ARTICLE}")])
def test_a_name_in_front_of_a_later_paragraph_is_a_dateline_if_it_is_the_site(site: str, kept: str) -> None:
    page = replace(page_of(BODY[0], f"Laras - {ARTICLE}", BODY[1]), site=site)
    assert clean(page).paragraphs == (BODY[0], kept, BODY[1])


def test_headlines_in_a_row_go_without_a_heading_above_them_but_not_two() -> None:
    headlines = (
        "Harga Cabai di Kota Laras Naik Lagi",
        "Warga Menanam Seribu Pohon di Bantaran Sungai",
        "Klub Laras United Menang Telak di Kandang",
    )
    result = cleaned(BODY[0], *headlines, BODY[1])
    assert result.paragraphs == BODY
    assert [piece.rule for piece in result.removed] == ["headline_run"] * 3
    assert cleaned(BODY[0], *headlines[:2], BODY[1]).paragraphs == (BODY[0], *headlines[:2], BODY[1])
    rows = ("1. Harga Cabai di Kota Laras", "2. Harga Beras di Kota Laras", "3. Harga Telur di Kota Laras")
    assert cleaned(BODY[0], *rows, BODY[1]).paragraphs == (BODY[0], *rows, BODY[1])


@pytest.mark.parametrize(
    ("counts", "warning"),
    [
        (["1 dari 3 halaman"], "3 pages, of which 2 are not"),
        (["2 dari 3 halaman", "3 dari 3 halaman"], ""),
        (["1/2", "2/2"], ""),
        (["Halaman 2 dari 2"], "2 pages, of which 1 is not"),
    ],
)
def test_pages_that_are_counted_but_not_there_are_a_warning(counts: list[str], warning: str) -> None:
    lines = [line for count in counts for line in (BODY[1], count)]
    warnings = cleaned(BODY[0], *lines, ARTICLE).warnings
    assert len(warnings) == bool(warning)
    assert all(warning in told for told in warnings)


def test_a_script_is_known_in_a_paragraph_of_any_length() -> None:
    script = "window.dataLayer = window.dataLayer || []; " + "dataLayer.push({'event': 'baca'}); " * 60
    result = cleaned(BODY[0], script.strip(), BODY[1])
    assert result.paragraphs == BODY
    assert [piece.rule for piece in result.removed] == ["script"]


def test_what_stands_below_the_author_is_not_the_article_however_long_it_is() -> None:
    result = cleaned(ARTICLE, *BODY, "Tentang Penulis: Rina Wulandari", ARTICLE.replace("Pemerintah", "Pengurus"))
    assert result.paragraphs == (ARTICLE, *BODY)
