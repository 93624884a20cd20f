"""Which text of a page is its article, whatever else stands there and whatever the elements are called."""

import pytest

from summarizer.errors import NoArticleError
from summarizer.extraction.boilerplate import clean
from summarizer.extraction.reading import read_text
from tests.extraction.pages import accepted

TITLE = "Jembatan Gantung Sukamaju Ambruk Diterjang Banjir"
STORY = (
    "Jembatan gantung di Desa Sukamaju ambruk diterjang banjir pada Selasa malam.",
    "Dua warga yang menyeberang sempat terjatuh, tetapi dapat berenang ke tepi sungai.",
    "Kepala desa meminta warga memakai perahu sampai jembatan baru selesai dibangun.",
)
TEASERS = (
    ("Harga Cabai Naik", "Harga cabai rawit di Pasar Laras naik dua kali lipat sejak pekan lalu karena hujan lebat."),
    ("Wali Kota Dilantik", "Wali Kota Laras yang baru dilantik gubernur di pendopo disaksikan ratusan undangan."),
    ("Klub Laras Menang", "Klub sepak bola Laras United menang tiga gol tanpa balas atas tamunya di Girimulya."),
    ("Sekolah Libur", "Semua sekolah dasar di Kabupaten Girimulya diliburkan selama tiga hari karena asap yang tebal."),
    ("Pasar Ikan Ditutup", "Pasar ikan ditutup sementara karena atapnya rapuh, dan pedagang dipindah ke lapangan."),
    ("Festival Dibuka", "Festival tahunan dibuka dengan tarian yang dibawakan dua ratus pelajar dari enam desa."),
)


def story(texts: tuple[str, ...] = STORY) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def feed(times: int = 3) -> str:
    return "".join(
        f"<div class='item'><h3><a href='/{n}'>{title} {n}</a></h3><div class='lead'>{text} Ini nomor {n}.</div></div>"
        for n in range(times)
        for title, text in TEASERS
    )


def page(body: str, *, title: str = TITLE, head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("depth", [300, 900])
def test_no_paragraph_is_lost_however_deep_it_stands(depth: int) -> None:
    deep = f"{'<div>' * depth}<p>{STORY[1]}</p>{'</div>' * depth}"
    html = page(f"<article><h1>{TITLE}</h1><p>{STORY[0]}</p>{deep}<p>{STORY[2]}</p></article>")
    assert accepted(html).paragraphs == STORY


def test_what_is_nested_too_deeply_to_be_read_is_a_warning() -> None:
    deep = f"{'<div>' * 3000}<p>{TEASERS[0][1]}</p>{'</div>' * 3000}"
    article = accepted(page(f"<article><h1>{TITLE}</h1>{story()}{deep}</article>"))
    assert article.paragraphs == STORY
    assert [warning for warning in article.warnings if "nested too deeply" in warning]


def test_a_feed_of_other_news_does_not_outvote_the_story() -> None:
    html = page(f"<div id=feed>{feed()}</div><h1>{TITLE}</h1><div class=isi>{story()}</div>")
    assert accepted(html).paragraphs == STORY


@pytest.mark.parametrize(
    "names", ["entry-content no-share", "related-enabled comments-open", "sidebar", "list-terkait"]
)
@pytest.mark.parametrize("tag", ["div", "section", "aside", "form", "footer"])
def test_no_name_empties_a_page(tag: str, names: str) -> None:
    html = page(f"<div class=menu><a href=/>Beranda</a></div><h1>{TITLE}</h1><{tag} class='{names}'>{story()}</{tag}>")
    assert accepted(html).paragraphs == STORY


def test_a_name_takes_a_part_of_the_story_that_is_none() -> None:
    other = f"<div class='related-posts'><p>{TEASERS[0][1]} {TEASERS[1][1]}</p></div>"
    assert accepted(page(f"<h1>{TITLE}</h1><div class=isi>{story()}{other}</div>")).paragraphs == STORY


@pytest.mark.parametrize("name", ["paging-cont", "share-wrap", "isi tags", "box-terkait"])
def test_parts_that_are_most_of_the_story_stay_whatever_they_are_called(name: str) -> None:
    texts = [f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 2)]
    parts = "".join(f"<div class='{name}'><p>{text}</p></div>" for text in texts[1:])
    html = page(f"<h1>{TITLE}</h1><div class=isi><p>{texts[0]}</p>{parts}</div>{feed(1)}")
    assert accepted(html).paragraphs == tuple(texts)


@pytest.mark.parametrize(("size", "parts"), [(1, "<h3>Pukul {n}.15 WIB</h3>{text}"), (1, "{text}"), (2, "{text}")])
def test_parts_below_one_headline_make_one_article(size: int, parts: str) -> None:
    texts = (*STORY, *(text for _, text in TEASERS[:3]))
    made = [parts.format(n=n, text=story(texts[n : n + size])) for n in range(0, 6, size)]
    html = page(f"<div><h1>{TITLE}</h1><div class=bagian>{'</div><div class=bagian>'.join(made)}</div></div>")
    assert set(texts) <= set(accepted(html).paragraphs)


def test_a_story_beside_this_one_is_no_part_of_it() -> None:
    texts = [f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY)]
    other = "".join(f"<p>{text}</p>" for _, text in TEASERS[:3])
    for beside in (f"<div class=kolom>{other}</div>", f"<div class=isi><h2><a href=/a>Air Naik</a></h2>{other}</div>"):
        html = page(f"<h1>{TITLE}</h1><div><div class=isi>{story(tuple(texts))}</div>{beside}</div>")
        assert accepted(html).paragraphs == tuple(texts)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Harga Cabai Rawit, Lalu Klub dan Lapangan", "its few sentences"),
        ("Kumpulan Kabar Pilihan Pekan Kedua Maret", "no words in common|its few sentences"),
    ],
)
def test_an_index_of_a_few_short_texts(title: str, reason: str) -> None:
    items = "".join(
        f"<div><h2><a href=/{n}>{headline}</a></h2>"
        f"<div class=cuplikan><p>{text}</p><p>{TEASERS[n + 3][1]}</p></div></div>"
        for n, (headline, text) in enumerate(TEASERS[:3])
    )
    with pytest.raises(NoArticleError, match=reason):
        accepted(page(items, title=title))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (page(feed(), title="Kabar Terkini Kota Laras"), "one article after another"),
        (
            page(feed(), title="Kabar Laras", head="<meta property='og:url' content='https://kabar.id/'>"),
            "one article after another|its few sentences",
        ),
        (
            page(f"<div>{story()}</div>", title="Resep Rendang Padang Paling Empuk"),
            "the headline and the text have no words in common",
        ),
    ],
)
def test_pages_whose_text_is_not_their_article_are_refused_but_can_be_forced(html: str, reason: str) -> None:
    read = read_text(html, "a.html")
    assert clean(read).paragraphs
    assert any("this may not be an article" in warning for warning in read.warnings)
    with pytest.raises(NoArticleError, match=reason):
        accepted(html)


DECLARED = (
    f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", "articleBody": "{" ".join(STORY)}"}}</script>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # The description tells the story where the headline does not.
        (
            page(
                f"<div class=a>{story()}</div><div class=b>{feed()}</div>",
                title="Nasib Kami Malam Itu",
                head=f"<meta property='og:description' content='{STORY[0]}'>",
            ),
            STORY,
        ),
        # The text that the page declares, where its own is another or none.
        (page("".join(f"<p>{text}</p>" for _, text in TEASERS * 2), title="", head=DECLARED), (" ".join(STORY),)),
        (page(f"<div>{feed()}</div>", head=DECLARED), (" ".join(STORY),)),
    ],
)
def test_what_the_page_declares_tells_the_story(html: str, text: tuple[str, ...]) -> None:
    assert accepted(html).paragraphs == text


@pytest.mark.parametrize(
    ("title", "is_refused"),
    [
        ("Harian Laras - Tentang Kami", True),
        ("Kategori: Ekonomi | Harian Laras", True),
        ("Tentang Kebakaran Pasar Sukamaju yang Membuat Warga Resah", False),
        ("Profil Perusahaan Pemilik Jembatan Gantung - Harian Laras", False),
    ],
)
def test_pages_about_their_site_are_no_articles(title: str, is_refused: bool) -> None:
    assert ("about its site" in read_text(page(f"<div>{story()}</div>", title=title), "a.html").objection) == is_refused


CANONICAL = "<link rel=canonical href='https://kabar.id/daerah/jembatan-ambruk'>"


@pytest.mark.parametrize(
    ("head", "link", "goes_on"),
    [
        (CANONICAL + "<link rel=next href='https://kabar.id/daerah/jembatan-ambruk?page=2'>", "", True),
        (CANONICAL, "<div class=paging><a href='/daerah/jembatan-ambruk/2'>2</a></div>", True),
        (CANONICAL, "<div class=paging><a href='?hal=2'>2</a></div>", True),
        ("", "<link rel=next href='/daerah/jembatan?halaman=3'>", True),
        ("", "<p>Halaman Selanjutnya</p>", True),
        ("", "<p><a href='/b'>Baca halaman berikutnya</a></p>", True),
        # Blogs name the next article so, lists their next page, and a page its own first one.
        (CANONICAL + "<link rel=next title='Cabai' href='https://kabar.id/daerah/harga-cabai'>", "", False),
        (CANONICAL, "<a href='/daerah/jembatan-ambruk?page=1'>1</a><a href='/daerah?page=2'>Indeks</a>", False),
        ("<link rel=canonical href='https://kabar.id/'>", "<a href='/2'>2</a><a href='/?page=2'>2</a>", False),
        ("", "<p>Selanjutnya</p>", False),
        ("", "<p>Halaman selanjutnya dari laporan itu belum dibacakan di depan sidang.</p>", False),
    ],
)
def test_a_page_that_goes_on_elsewhere_says_so(head: str, link: str, *, goes_on: bool) -> None:
    article = accepted(page(f"<h1>{TITLE}</h1><div>{story()}{link}</div>", head=head))
    assert article.paragraphs[:3] == STORY
    assert any("continues on another page" in warning for warning in article.warnings) == goes_on


def test_a_page_whose_article_is_for_subscribers_is_a_warning() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    assert "for subscribers" in read_text(page(f"<h1>{TITLE}</h1>{story()}", head=head), "a").warnings[0]


def test_a_caption_is_no_paragraph() -> None:
    caption = (
        "<div class='item'><div><img><a href='/share'>Bagikan</a></div><div class='photo-gallery--item__description'>"
        "<span>Sungai yang sama meluap tiga tahun lalu. Dok</span></div></div>"
    )
    article = accepted(page(f"<h1>{TITLE}</h1><div class='read'><p>{STORY[0]}</p>{caption}{story(STORY[1:])}</div>"))
    assert article.paragraphs == STORY


@pytest.mark.parametrize("name", ["multi-page-{}", "bagian_{}", "p{}"])
def test_parts_that_a_number_tells_apart_are_one_article(name: str) -> None:
    texts = [f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 2)]
    parts = [f"<div class='{name.format(n)}'>{story(tuple(texts[2 * n : 2 * n + 2]))}</div>" for n in range(3)]
    html = page(f"<h1>{TITLE}</h1><div class=isi>{''.join(parts)}</div>")
    assert accepted(html).paragraphs == tuple(texts)


def test_a_box_of_links_between_the_paragraphs_is_no_part_of_the_article() -> None:
    links = "".join(f"<li><a href='/{n}'>{title} Lagi Pekan Ini</a></li>" for n, (title, _) in enumerate(TEASERS))
    box = f"<div class='x1'><span>Sorotan kami</span><ul>{links}</ul></div>"
    html = page(f"<h1>{TITLE}</h1><div class=isi>{story(STORY[:2])}{box}{story(STORY[2:])}</div>")
    assert accepted(html).paragraphs == STORY


def test_as_much_text_elsewhere_on_the_page_is_a_warning_and_named() -> None:
    texts = [f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY)]
    rest = [
        f"Warga Sukamaju juga mengeluhkan jalan desa yang rusak sejak jembatan itu dibangun, kata saksi {n}."
        for n in range(6)
    ]
    parts = f"<h1>{TITLE}</h1><div class=isi>{story(tuple(texts))}</div><div class=lain>{story(tuple(rest))}</div>"
    for taken in (accepted(page(parts)), accepted(page(parts.replace("class=lain", "class=isi")))):
        assert taken.paragraphs == (*texts, *rest)
        assert taken.warnings == ()
    # Below another headline, it may be another article.
    half = accepted(page(parts.replace("<div class=lain>", "<h1>Laras</h1><div class=lain>")))
    kept = set(half.paragraphs)
    assert any("a part of the article may be missing" in warning for warning in half.warnings)
    outside = [piece.text for piece in half.removed if piece.rule == "outside_article"]
    assert kept | set(outside) == {*texts, *rest}


REST = (
    "Kepala Desa Sukamaju menyebut jembatan gantung itu ambruk karena tali yang berkarat diterjang banjir.",
    "Warga yang menyeberang sungai dengan perahu diminta membayar, sampai jembatan baru selesai dibangun.",
)


@pytest.mark.parametrize("name", ["kolom", "related-post"])
def test_less_text_that_tells_of_the_story_is_a_warning_and_named(name: str) -> None:
    texts = tuple(f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 4))
    other = f"<h1>Laras</h1><div class='{name}'>{story(REST)}</div>"
    article = accepted(page(f"<h1>{TITLE}</h1><div class=isi>{story(texts)}</div>{other}"))
    assert article.paragraphs == texts
    assert any("a part of the article may be missing" in warning for warning in article.warnings)
    assert tuple(piece.text for piece in article.removed if piece.rule == "outside_article") == REST


@pytest.mark.parametrize(
    "other",
    [
        # As other articles' texts, as the beginnings of articles, and as what the article has itself.
        story(tuple(text for _, text in TEASERS[:2])),
        story(tuple(f"{text[:-1]}…" for text in REST)),
        story(STORY[1:]),
    ],
)
def test_what_is_no_part_of_the_story_is_no_warning(other: str) -> None:
    texts = tuple(f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 4))
    article = accepted(page(f"<h1>{TITLE}</h1><div class=isi>{story(texts)}</div><h1>Laras</h1><div>{other}</div>"))
    assert article.paragraphs == texts
    assert article.warnings == ()


@pytest.mark.parametrize("aside", ["comments", "sidebar"])
def test_comments_and_sidebars_are_nothing_that_is_missing(aside: str) -> None:
    rest = "".join(f"<p>{text}</p>" for _, text in TEASERS * 2)
    html = page(f"<h1>{TITLE}</h1><div class=isi>{story()}</div><div class={aside}>{rest}</div>")
    assert accepted(html).warnings == ()


@pytest.mark.parametrize(
    "picture",
    [
        "<div><img src=a alt='Warga menyeberangi sungai dengan perahu'>Warga menyeberangi sungai dengan perahu.</div>",
        "<div class=photo><img src=a><span>Warga menyeberangi sungai dengan perahu pada Rabu pagi.</span></div>",
    ],
)
def test_what_stands_below_a_picture_and_tells_of_it_is_its_caption(picture: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div class=isi><p>{STORY[0]}</p>{picture}{story(STORY[1:])}</div>")
    assert accepted(html).paragraphs == STORY


def test_a_paragraph_below_a_picture_is_no_caption() -> None:
    picture = "<div class=photo><img src=a alt='Jembatan'></div>"
    html = page(f"<h1>{TITLE}</h1><div class=isi>{picture}{story()}</div>")
    assert accepted(html).paragraphs == STORY


@pytest.mark.parametrize(
    ("head", "is_refused"),
    [
        ("<meta property='og:type' content='product'>", True),
        ("<meta property='og:type' content='article'>", False),
        ("<link rel=canonical href='https://kabar.id/tentang-kami.html'>", True),
        ("<link rel=canonical href='https://kabar.id/tag/jembatan/page/2'>", True),
        ("<link rel=canonical href='https://kabar.id/tag/jembatan-gantung/ambruk/1'>", False),
        ("<link rel=canonical href='https://kabar.id/tentang-jembatan-gantung'>", False),
    ],
)
def test_what_a_page_says_that_it_is(head: str, is_refused: bool) -> None:
    read = read_text(page(f"<h1>{TITLE}</h1><div>{story()}</div>", head=head), "a.html")
    assert bool(read.objection) == is_refused


def test_text_between_boxes_of_links_is_named_where_it_is_as_much_as_the_rest() -> None:
    links = "".join(f"<li><a href=/{n}>{title} {n}</a></li>" for n, (title, _) in enumerate(TEASERS[:3]))
    other = "".join(f"<div class=b{n}><p>{text}</p></div><ul>{links}</ul>" for n, (_, text) in enumerate(TEASERS))
    article = accepted(page(f"<div id=a><h1>{TITLE}</h1><div class=isi>{story()}</div></div><main>{other}</main>"))
    assert {piece.text for piece in article.removed if piece.rule == "outside_article"} == {text for _, text in TEASERS}
    assert any("may be missing" in warning for warning in article.warnings)


def test_announcements_with_a_day_below_their_link_are_no_part_of_the_article() -> None:
    item = "<div class=x{n}><a href=/{n}><h2>{title} {n}</h2></a><div>Senin, 3 Mei 2021</div><p>{text}</p></div>"
    items = "".join(item.format(n=n, title=title, text=text) for n, (title, text) in enumerate(TEASERS))
    article = accepted(page(f"<div id=a><h1>{TITLE}</h1><div class=isi>{story()}</div></div><main>{items}</main>"))
    assert article.paragraphs == STORY
    assert article.warnings == ()


@pytest.mark.parametrize("between", ["", "<figure><img src=a.jpg><figcaption>Jembatan itu.</figcaption></figure>"])
def test_a_lead_below_the_headline_is_a_part_of_the_article_whatever_it_is_called(between: str) -> None:
    first, *rest = STORY
    lead = f"<div class=q1><p>{first}</p></div>{between}"
    html = page(
        f"<section><h1>{TITLE}</h1>{lead}<article class=q2>{story(tuple(rest) * 2)}</article></section>{feed(1)}"
    )
    assert accepted(html).paragraphs[0] == first


@pytest.mark.parametrize(
    "beside",
    [
        "<div class=q3><img src=b.jpg><p>Jembatan gantung di Sukamaju dipotret seorang warga pada pagi itu.</p></div>",
        "<div class=q4><p>Harian Laras adalah wadah bagi warga, dan isi tulisan tanggung jawab penulisnya.</p></div>",
    ],
)
def test_what_stands_below_the_headline_but_tells_nothing_of_it_is_no_lead(beside: str) -> None:
    html = page(f"<section><h1>{TITLE}</h1>{beside}<article class=q2>{story()}</article></section>")
    assert accepted(html).paragraphs == STORY


SCATTERED = (
    "Dua warga yang menyeberang sempat terjatuh, tetapi dapat berenang ke tepi.",
    "Petugas memasang tali pembatas supaya tidak ada lagi yang mendekat.",
)


@pytest.mark.parametrize("around", ["<div class=z{n}>{text}</div>", "<section><div class=z{n}>{text}</div></section>"])
def test_text_in_elements_of_any_name_below_the_article_is_the_rest_of_it(around: str) -> None:
    links = "".join(f"<div><a href=/{n}>{title} Lagi Pekan Ini</a></div>" for n, (title, _) in enumerate(TEASERS))
    rest = "".join(around.format(n=n, text=f"<p>{text}</p>") for n, text in enumerate(SCATTERED))
    html = page(f"<h1>{TITLE}</h1><div><div class=y>{story(STORY * 2)}</div><div class=x>{links}</div>{rest}</div>")
    assert accepted(html).paragraphs[-2:] == SCATTERED


def test_a_list_of_announcements_below_the_article_is_no_part_of_it_though_text_stands_between() -> None:
    rest = f"<div class=z><p>{SCATTERED[0]}</p></div>"
    html = page(f"<div><h1>{TITLE}</h1><div class=y>{story(STORY * 2)}</div>{rest}{feed(1)}</div>")
    paragraphs = accepted(html).paragraphs
    assert paragraphs[-1] == SCATTERED[0]
    assert not {text for _, text in TEASERS} & set(paragraphs)


@pytest.mark.parametrize("extra", ["<button>Daftar</button><p>Daftar</p>", "<a href=/a>Daftarkan</a>"])
def test_a_note_of_the_site_below_the_article_is_no_rest_of_it(extra: str) -> None:
    note = f"<div class=z><p>{SCATTERED[1]}</p>{extra}</div>"
    html = page(f"<h1>{TITLE}</h1><div><div class=y>{story()}</div>{note}</div>")
    assert accepted(html).paragraphs == STORY


@pytest.mark.parametrize("cell", ["<td>{}</td>", "<td><p>{}</p></td>"])
def test_a_row_of_a_table_is_one_line(cell: str) -> None:
    table = ""
    for row in (("Desa", "Rumah"), ("Sukamaju", "40"), ("Girimulya", "21"), ("Wonosari", "14")):
        table += "<tr>" + "".join(map(cell.format, row)) + "</tr>"
    first, *rest = STORY
    opener = "Kerusakan di tiap desa:"
    html = page(f"<h1>{TITLE}</h1><div><p>{first}</p><p>{opener}</p><table>{table}</table>{story(tuple(rest))}</div>")
    rows = ("Desa Rumah", "Sukamaju 40", "Girimulya 21", "Wonosari 14")
    assert accepted(html).paragraphs == (first, opener, *rows, *rest)


def test_a_table_that_lays_out_a_page_has_no_rows() -> None:
    rows = "".join(f"<tr><td>{title}</td><td><p>{text}</p><p>{text} Lagi.</p></td></tr>" for title, text in TEASERS)
    lines = read_text(page(f"<table>{rows}</table>"), "a").blocks
    assert {text for _, text in TEASERS} <= {block.text for block in lines}


LONG_STORY = tuple(f"{text} Begitu kata saksi {n}." for n, text in enumerate(STORY * 4))


def outside(html: str) -> list[str]:
    """The paragraphs that may be missing of an article, where that is a warning."""
    article = accepted(html)
    named = [piece.text for piece in article.removed if piece.rule == "outside_article"]
    assert bool(named) == any("may be missing" in warning for warning in article.warnings)
    return named


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_paragraphs_that_only_a_script_hides_or_shows_are_the_article(tag: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(STORY[:2])}<{tag}>{story(STORY[2:])}</{tag}></div>")
    assert accepted(html).paragraphs == STORY


@pytest.mark.parametrize(
    "text",
    [
        STORY[0],
        "<a href=/jajak>Ikut jajak pendapat kami</a>",
        "Please enable JavaScript in your browser to read this page as it is meant to appear.",
    ],
)
def test_copies_and_prompts_that_only_a_script_hides_are_not(text: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div>{story(STORY[:2])}<noscript><p>{text}</p></noscript>{story(STORY[2:])}</div>")
    assert accepted(html).paragraphs == STORY


def test_a_figure_without_a_picture_is_no_caption() -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{n}</td></tr>" for n, name in enumerate(("Sukamaju", "Laras", "Wonosari")))
    opener = "Rinciannya sebagai berikut:"
    table = f"<figure class='wp-block-table'><table>{rows}</table><figcaption>Sumber: Dinas Laras</figcaption></figure>"
    html = page(f"<h1>{TITLE}</h1><div><p>{STORY[0]}</p><p>{opener}</p>{table}{story(STORY[1:])}</div>")
    assert accepted(html).paragraphs == (STORY[0], opener, "Sukamaju 0", "Laras 1", "Wonosari 2", *STORY[1:])


@pytest.mark.parametrize(
    "around", ["figure><img src=a", "figcaption", "div class=foto-caption", "a href=/a", "a name=isi"]
)
def test_several_paragraphs_are_no_caption_and_no_link(around: str) -> None:
    tag = around.split()[0].partition(">")[0]
    html = page(f"<h1>{TITLE}</h1><div>{story(LONG_STORY[:6])}<{around}>{story(LONG_STORY[6:])}</{tag}></div>")
    assert accepted(html).paragraphs == LONG_STORY


def test_a_paragraph_behind_the_mark_of_a_place_is_no_link() -> None:
    marked = f"<p><a name=isi>{STORY[1]}</a></p>"
    html = page(f"<h1>{TITLE}</h1><div><p>{STORY[0]}</p>{marked}<p>{STORY[2]}</p></div>")
    assert accepted(html).paragraphs == STORY


def test_long_paragraphs_that_are_links_are_named() -> None:
    links = [f"<p><a href=/{n}>{text} Itu disampaikan kepala desa kepada warga.</a></p>" for n, text in enumerate(REST)]
    html = page(f"<h1>{TITLE}</h1><div>{story(LONG_STORY)}{''.join(links)}</div>")
    assert outside(html) == [f"{text} Itu disampaikan kepala desa kepada warga." for text in REST]


def test_headlines_of_other_articles_that_are_links_are_not_named() -> None:
    links = "".join(
        f"<p><a href=/{n}>Mengapa {title} Lagi di Sukamaju? Ini Kata Warga</a></p>"
        for n, (title, _) in enumerate(TEASERS)
    )
    assert outside(page(f"<h1>{TITLE}</h1><div>{story(LONG_STORY)}{links}</div>")) == []


@pytest.mark.parametrize("name", ["related-posts", "berita-terkait"])
def test_what_is_called_related_but_has_no_link_is_the_article(name: str) -> None:
    menu = "<ul><li><a href=/>Beranda</a></li></ul>"
    html = page(
        f"{menu}<h1>{TITLE}</h1><div>{story(LONG_STORY[:9])}<div class={name}>{story(LONG_STORY[9:])}</div></div>"
    )
    assert accepted(html).paragraphs == LONG_STORY


@pytest.mark.parametrize("headline", ["<h2>{}</h2>", "<div class=judul>{}</div>"])
def test_a_lead_below_a_headline_that_is_not_marked_as_one(headline: str) -> None:
    lead = f"<div class=q1><p>{STORY[0]}</p></div>"
    html = page(
        f"<section>{headline.format(TITLE)}{lead}<article class=q2>{story(STORY[1:] * 2)}</article></section>",
        title=f"{TITLE} - Kabar Laras",
    )
    assert accepted(html).paragraphs[0] == STORY[0]


def test_a_lead_on_a_page_without_its_headline_is_named() -> None:
    lead = f"<section class=q1><p>{REST[0]}</p></section>"
    html = page(f"<div>{lead}<article class=q2>{story(LONG_STORY[3:])}</article></div>")
    assert outside(html) == [REST[0]]


@pytest.mark.parametrize(
    "teaser",
    [
        "<h3><a href=/{n}>{title}</a></h3><p>{text}</p>",
        "<p><b><a href=/{n}>{title} di Kota Laras</a></b><br>{text}</p>",
        "<h3><a href=/{n}>{title}</a></h3><span>2 jam lalu</span><p>{text}</p>",
    ],
)
@pytest.mark.parametrize("headline", ["", f"<h1><a href=/0>{TITLE}</a></h1><p>{STORY[0]}</p>"])
def test_a_front_page_is_refused_though_its_teasers_stand_in_one_element(teaser: str, headline: str) -> None:
    teasers = "".join(teaser.format(n=n, title=title, text=text) for n, (title, text) in enumerate(TEASERS))
    with pytest.raises(NoArticleError, match="index page"):
        accepted(page(f"<div>{headline}{teasers}</div>", title="Kabar Laras - Berita Laras Hari Ini"))


def test_an_article_between_links_to_others_is_none() -> None:
    links = [f"<p><b><a href=/{n}>{title} di Kota Laras</a></b></p>" for n, (title, _) in enumerate(TEASERS)]
    paragraphs = (*STORY, *OTHER_STORY)
    body = "".join(f"{link}<p>{text}</p>" for link, text in zip(links, paragraphs, strict=False))
    assert (
        accepted(page(f"<h1>{TITLE}</h1><div>{body}{story(paragraphs[len(links) :])}</div>")).paragraphs == paragraphs
    )


OTHER_TITLE = "Guru di Pulau Sebira Mengajar Tiga Kelas Sekaligus"
OTHER_STORY = (
    "Seorang guru di Pulau Sebira mengajar tiga kelas sekaligus karena sekolahnya kekurangan tenaga pengajar.",
    "Ia berpindah dari satu ruang ke ruang lain setiap dua puluh menit sejak pagi hingga siang hari.",
    "Dinas pendidikan berencana memberi tunjangan khusus bagi guru yang bersedia menetap di pulau itu.",
    "Jarak yang jauh dan ongkos kapal yang mahal membuat guru baru enggan ditempatkan di sana.",
)


@pytest.mark.parametrize("tag", ["h1", "h2"])
@pytest.mark.parametrize(
    "page_of_two",
    [
        "<article>{first}<div class=isi>{text}</div></article><article>{second}<div class=isi>{other}</div></article>",
        "<div>{first}<div class=isi>{text}</div>{second}<div class=isi>{other}</div></div>",
        "<div>{first}<div class=isi>{text}</div></div><section>{second}{other}</section>",
    ],
    ids=["articles", "one", "section"],
)
def test_the_next_article_on_a_page_that_goes_on_as_one_scrolls_is_not_taken_too(tag: str, page_of_two: str) -> None:
    day = "<div>Rabu, 12 Maret 2025 | 10:12 WIB</div>"
    body = page_of_two.format(
        first=f"<h1>{TITLE}</h1>{day}",
        text=story(),
        second=f"<{tag}>{OTHER_TITLE}</{tag}>{day}",
        other=story(OTHER_STORY),
    )
    article = accepted(page(f"<div class=halaman>{body}</div>"))
    assert article.title == TITLE
    assert article.paragraphs == STORY
