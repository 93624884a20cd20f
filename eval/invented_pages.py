"""Pages that nobody wrote: articles in layouts that real pages at hand lack, each made from a number.

A page has an article or is a front page. What it is made of is drawn at random: names of elements, how deep they are
nested, and which adverts, captions, menus, lists of links, boxes and comments stand where. Its text is put together
from sentences that were written for it. As the number decides all of it, a page that comes out wrong can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

LAYOUTS = (
    "plain",
    "parts",
    "boxes",
    "gallery",
    "live",
    "amp",
    "print",
    "mobile",
    "breaks",
    "scattered",
    "list",
    "table",
    "headings",
    "numbered",
    "pages",
    "quotes",
    "lead",
    "front",
)
"""The kinds of pages: an article in one element, in parts, between boxes of links, below or between captions of photos,
with entries of a live blog, as AMP, print and mobile pages have it; as bare text between line breaks, in elements that
nothing has in common, with a list, a table, headings, numbered parts below pictures, pages that are counted, quotations
and a lead in elements of their own; and a front page, which has no article."""


@dataclass(frozen=True)
class InventedPage:
    """A page, with what must come out of it: nothing where it is a front page.

    The junk are texts of the page that must not come out, each a line of its own there.
    """

    layout: str
    html: str
    title: str = ""
    body: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()


@dataclass
class _Topic:
    """What an article is about: its headline, and sentences that any order suits."""

    headline: str
    sentences: tuple[str, ...]


_TOPICS = (
    _Topic(
        "Jembatan Gantung {place} Ambruk, Warga Menyeberang dengan Perahu",
        (
            "Jembatan gantung di {place} ambruk diterjang banjir pada Selasa malam.",
            "Dua warga yang sedang menyeberang sempat terjatuh, tetapi dapat berenang ke tepi sungai.",
            "Kepala desa {person} meminta warga memakai perahu sampai jembatan baru selesai dibangun.",
            "“Kami sudah melaporkan tali jembatan yang berkarat itu sejak tahun lalu,” kata {person}.",
            "Dinas pekerjaan umum menaksir perbaikan jembatan menelan biaya sekitar dua miliar rupiah.",
            "Anak-anak sekolah di seberang sungai untuk sementara belajar di balai desa.",
            "Petugas memasang tali pembatas agar warga tidak mendekati sisa jembatan yang menggantung.",
            "Banjir itu juga merendam sawah milik puluhan keluarga di hilir sungai.",
            "Menurut {person}, perahu milik nelayan dapat mengangkut enam orang sekali jalan.",
            "Pemerintah kabupaten menjanjikan jembatan darurat dari bambu dalam dua pekan.",
        ),
    ),
    _Topic(
        "Petani {place} Panen Padi Lebih Awal karena Hama Wereng",
        (
            "Petani di {place} memanen padi lebih awal karena serangan hama wereng yang meluas.",
            "Sedikitnya empat puluh hektare sawah terserang hama itu dalam tiga pekan terakhir.",
            "{person}, ketua kelompok tani, menyebut hasil panen turun hampir separuh.",
            "“Kalau menunggu sampai padi tua, yang tersisa tinggal jerami,” ujar {person}.",
            "Penyuluh pertanian membagikan benih yang lebih tahan terhadap wereng.",
            "Harga gabah di tingkat petani ikut turun karena bulir padi banyak yang hampa.",
            "Dinas pertanian akan menyemprot sawah secara serentak pada akhir bulan.",
            "Petani berharap pemerintah mengganti sebagian kerugian lewat asuransi pertanian.",
            "Cuaca yang lembap disebut membuat hama berkembang biak lebih cepat.",
            "Pada musim tanam berikutnya petani diminta menanam palawija lebih dahulu.",
        ),
    ),
    _Topic(
        "Klub {place} Menang Dramatis, {person} Cetak Dua Gol",
        (
            "Klub sepak bola {place} menang tiga dua atas tamunya dalam laga yang dramatis.",
            "{person} mencetak dua gol, yang kedua pada menit terakhir pertandingan.",
            "Ribuan pendukung memenuhi stadion meski hujan turun sejak babak pertama.",
            "“Kami percaya sampai peluit terakhir, dan itu yang membuat kami menang,” kata {person}.",
            "Pelatih memuji kerja keras pemain yang sempat tertinggal dua gol.",
            "Tim tamu bermain dengan sepuluh orang setelah kapten mereka diusir wasit.",
            "Kemenangan itu membawa klub naik ke peringkat keempat klasemen sementara.",
            "Laga berikutnya akan dimainkan di kandang lawan pada Sabtu pekan depan.",
            "Penjaga gawang menggagalkan sedikitnya lima peluang bersih sepanjang laga.",
            "Panitia pertandingan mencatat pendapatan tiket tertinggi musim ini.",
        ),
    ),
)
_OPENERS = (
    "Berikut daftar desa yang terdampak:",
    "Rinciannya sebagai berikut:",
    "Warga diminta menyiapkan hal berikut:",
)
_ITEMS = (
    "Desa Sukamaju Kulon",
    "Dusun Wonosari, 14 rumah",
    "Surat tanah yang asli",
    "Kartu keluarga dan salinannya",
    "Warga membawa surat tanah yang asli dan dua salinannya.",
    "Balai desa menerima laporan sampai pukul tiga sore.",
    "Ketua rukun tetangga mencatat kerugian setiap rumah.",
    "Kerugian terbesar dialami keluarga di tepi sungai.",
)
_ROWS = (
    ("Desa", "Rumah", "Warga"),
    ("Sukamaju", "40", "162"),
    ("Girimulya", "21", "88"),
    ("Wonosari", "14", "51"),
    ("Karanganyar", "9", "37"),
)
_SUBHEADINGS = (
    "Warga mengungsi ke balai desa",
    "Kerugian belum dihitung",
    "Bantuan dari provinsi",
    "Apa kata pemerintah?",
    "Rencana Perbaikan",
    "Menunggu Kepastian",
)
_OTHER_HEADLINES = (
    "Harga Cabai Naik Dua Kali Lipat di Pasar Induk",
    "Wali Kota Lantik Tiga Kepala Dinas Baru",
    "Festival Layang-layang Digelar Akhir Pekan Ini",
    "Kereta Wisata Kembali Beroperasi Setelah Diperbaiki",
    "Sekolah Diliburkan karena Kabut Asap Tebal",
    "Museum Tekstil Buka Gratis Selama Sepekan",
    "Penyanyi Muda Itu Rilis Lagu tentang Ibu",
    "Pasar Ikan Ditutup Sementara karena Atap Rapuh",
    "Pelabuhan Baru Mulai Layani Kapal Penumpang",
    "Lima Resep Kue Lapis untuk Hari Raya",
    "Bus Listrik Gratis Melayani Dua Rute Kota",
    "Perajin Rotan Dapat Pesanan dari Tiga Negara",
)
_OTHER_SENTENCES = (
    "Harga cabai rawit naik karena pasokan dari pegunungan berkurang sejak awal bulan.",
    "Tiga kepala dinas baru itu diminta mempercepat layanan bagi warga kota.",
    "Ratusan layang-layang dari enam negara akan menghiasi langit pantai selatan.",
    "Kereta uap tua itu akan mengangkut wisatawan dua kali sehari melewati perkebunan.",
    "Semua sekolah dasar diliburkan tiga hari sampai udara dinyatakan aman.",
    "Pengunjung dapat melihat koleksi kain tenun tanpa membayar tiket masuk.",
    "Lagu itu ditulis dalam satu malam setelah ia pulang ke kampung halamannya.",
    "Para pedagang dipindahkan ke lapangan di seberang terminal untuk sementara.",
)
_COMMENTS = (
    "Semoga semuanya cepat selesai dan tidak ada yang dirugikan lagi ya.",
    "Mantap sekali beritanya, lanjutkan terus ya min.",
    "Dari dulu memang begitu, tidak pernah ada yang berubah di daerah kami.",
)
_CAPTIONS = (
    "Suasana di lokasi pada Rabu pagi. (Foto: {person})",
    "Warga berkumpul di tepi jalan utama. (Dok. {person})",
    "Pemandangan dari arah utara desa itu. (ANTARA FOTO/{person})",
)
_DATELINES = (
    "Harian Laras - ",
    "{capitals}, HARIANLARAS.COM - ",
    "{place} (ANTARA) - ",
    "HarianLaras.com, {place} - ",
    "INILARASCOM, {place} -- ",
    "{capitals} – ",
)
_INITIALS = (" (rin/wir)", " (irawan)", " [sc]", " (*/nyc*/ndy/k9)", " (E-2)", " (Redzi)", " []")
_CLOSINGS = (
    "Editor: {person}",
    "Penulis: {person}",
    "Sumber: Harian Laras",
    "Disadur dari: Kabar Laras (Penulis: {person})",
    "Jangan sampai ketinggalan berita terkini, langganan newsletter kami sekarang!",
    "Bagikan artikel ini:",
    "Facebook Twitter WhatsApp Telegram",
    "© Shutterstock",
    "credit: instagram.com/kabarlaras",
    "window.dataLayer = window.dataLayer || []; dataLayer.push(arguments);",
    "Baca berita lainnya di Google News",
)
_PLACES = ("Sukamaju", "Girimulya", "Karanganyar Lama", "Tanjung Laras", "Wonosari Kidul")
_PEOPLE = ("Rina Wulandari", "Wira Santoso", "Dewi Lestariani", "Bagus Pranowo", "Yohana Siregar")
_MENU = ("Beranda", "Nasional", "Daerah", "Ekonomi", "Olahraga", "Hiburan", "Teknologi", "Indeks", "Masuk")
_HEADINGS = ("Berita Terkait", "Artikel Terkait", "Terpopuler", "Baca Juga", "Rekomendasi", "Berita Lainnya", "Terkini")
_TELLING_NAMES = (
    "article",
    "content",
    "detail",
    "post",
    "read",
    "main",
    "wrap",
    "box",
    "isi",
    "berita",
    "text",
    "page",
)


@dataclass
class _Writer:
    """Draws and writes the pieces of one page; what it writes that is no article it notes as junk."""

    draw: random.Random
    person: str
    junk: list[str] = field(default_factory=list)
    # Which of the article's lines are items of a list, cells or headings.
    items: set[int] = field(default_factory=set)
    names: Callable[[], str] = str

    def __post_init__(self) -> None:
        self.names = self.draw.choice((self._hashed_name, self._telling_name, self._no_name))

    def _hashed_name(self) -> str:
        return f"css-{self.draw.randrange(16**6):06x}"

    def _telling_name(self) -> str:
        return f"{self.draw.choice(_TELLING_NAMES)}-{self.draw.choice(_TELLING_NAMES)}"

    def _no_name(self) -> str:
        return ""

    def kind(self) -> tuple[str, str]:
        """Draw the tag and the name of an element."""
        return self.draw.choice(("div", "div", "div", "section")), self.names()

    def element(self, inside: str, kind: tuple[str, str] | None = None) -> str:
        """Put HTML into an element of a kind, a drawn one unless it is given."""
        tag, name = kind or self.kind()
        return f'<{tag} class="{name}">{inside}</{tag}>' if name else f"<{tag}>{inside}</{tag}>"

    def nested(self, inside: str, most: int = 3) -> str:
        """Put HTML into a few elements, one inside the other."""
        for _ in range(self.draw.randint(0, most)):
            inside = self.element(inside)
        return inside

    def note(self, text: str) -> str:
        """Note a line that must not come out, and return it."""
        self.junk.append(text)
        return text

    def links(self, count: int) -> str:
        """Return a list of headlines of other articles."""
        headlines = self.draw.sample(_OTHER_HEADLINES, count)
        items = [f'<a href="/{self.draw.randrange(10**6)}">{self.note(headline)}</a>' for headline in headlines]
        if self.draw.random() < 0.5:
            return f"<ul>{''.join(_tagged('li', items))}</ul>"
        return "".join(_tagged("div", items))

    def related(self, count: int) -> str:
        """Return a box with a heading and headlines of other articles."""
        tag = self.draw.choice(("h3", "h4", "p", "div"))
        heading = self.note(self.draw.choice(_HEADINGS))
        return self.element(f"<{tag}>{heading}</{tag}>{self.links(count)}")

    def teasers(self, count: int) -> str:
        """Return announcements of other articles: a headline and a sentence each."""
        numbers = self.draw.sample(range(len(_OTHER_SENTENCES)), count)
        kind = self.kind()
        teasers = []
        for number in numbers:
            headline = self.note(_OTHER_HEADLINES[number])
            sentence = self.note(_OTHER_SENTENCES[number])
            teasers.append(self.element(f'<h3><a href="/{number}">{headline}</a></h3><p>{sentence}</p>', kind))
        return "".join(teasers)

    def menu(self) -> str:
        """Return the menu of a site."""
        words = self.draw.sample(_MENU, 6)
        return "<ul>" + "".join(f'<li><a href="/{word.lower()}">{self.note(word)}</a></li>' for word in words) + "</ul>"

    def advert(self) -> str:
        """Return what stands in an article's place of an advert."""
        return self.draw.choice(
            (
                f"<div>{self.note('ADVERTISEMENT')}</div>",
                "<div id='div-gpt-ad-1'><script>googletag.display('div-gpt-ad-1');</script></div>",
                f"<p>{self.note('SCROLL TO CONTINUE WITH CONTENT')}</p>",
                "<iframe src='https://iklan.example/1'></iframe>",
            )
        )

    def caption(self) -> str:
        """Return a picture with its caption."""
        text = self.note(self.draw.choice(_CAPTIONS).format(person=self.person))
        if self.draw.random() < 0.5:
            return f"<figure><img src='/a.jpg'><figcaption>{text}</figcaption></figure>"
        return f"<div class='photo'><img src='/a.jpg'><span>{text}</span></div>"

    def teaser_line(self) -> str:
        """Return a line between paragraphs that points to another article."""
        headline = self.draw.choice(_OTHER_HEADLINES)
        text = self.note(f"Baca juga: {headline}")
        return f"<p><strong>Baca juga: <a href='/1'>{text.removeprefix('Baca juga: ')}</a></strong></p>"

    def closing(self) -> str:
        """Return a few lines that stand below an article's last paragraph."""
        some = self.draw.sample(_CLOSINGS, self.draw.randint(0, 4))
        lines = [self.note(text.format(person=self.person)) for text in some]
        return "".join(_tagged("p", lines))

    def comments(self) -> str:
        """Return what readers say below an article."""
        name = self.draw.choice(("comments", "komentar", "comment-list"))
        some = self.draw.sample(_COMMENTS, self.draw.randint(1, len(_COMMENTS)))
        items = "".join(f"<div class='comment'><p>{self.note(text)}</p></div>" for text in some)
        return self.element(items, ("div", name))

    def footer(self) -> str:
        """Return the foot of a site."""
        owner = self.note("Copyright © 2025 Harian Laras. All rights reserved.")
        return f"<footer><ul><li><a href='/kami'>{self.note('Tentang Kami')}</a></li></ul><p>{owner}</p></footer>"


def invent_page(seed: int, layout: str | None = None) -> InventedPage:
    """Make the page of a number, of a layout that the number decides unless one is given.

    Raises:
        KeyError: there is no such layout.
    """
    layout = layout or LAYOUTS[seed % len(LAYOUTS)]
    draw = random.Random(f"{layout} {seed}")  # noqa: S311 - nothing secret
    person = draw.choice(_PEOPLE)
    writer = _Writer(draw, person)
    if layout == "front":
        return _front_page(writer)
    topic = draw.choice(_TOPICS)
    place = draw.choice(_PLACES)
    title = topic.headline.format(place=place, person=person)
    sentences = [sentence.format(place=place, person=person) for sentence in topic.sentences]
    body = _paragraphs(draw, sentences)
    if layout in _EXTRAS:
        body = _EXTRAS[layout](writer, body)
    shown = list(body)
    if draw.random() < 0.5:
        shown[0] = draw.choice(_DATELINES).format(place=place, capitals=place.upper()) + shown[0]
    if draw.random() < 0.5:
        shown[-1] += draw.choice(_INITIALS)
    article = _ARTICLES[layout](writer, shown) + writer.closing()
    html = _around(writer, layout, title, article)
    return InventedPage(layout, html, title, tuple(body), tuple(dict.fromkeys(writer.junk)))


def _tagged(tag: str, texts: list[str]) -> list[str]:
    """Return each text as an element of its own."""
    return [f"<{tag}>{text}</{tag}>" for text in texts]


def _paragraphs(draw: random.Random, sentences: list[str]) -> list[str]:
    """Return paragraphs of one or two sentences; the first sentence stays the first, the others are shuffled."""
    first, *rest = sentences
    draw.shuffle(rest)
    ordered = [first, *rest[: draw.randint(6, len(rest))]]
    paragraphs = []
    while ordered:
        count = draw.randint(1, 2)
        paragraphs.append(" ".join(ordered[:count]))
        del ordered[:count]
    return paragraphs


def _plain(writer: _Writer, body: list[str]) -> str:
    pieces = _tagged("p", body)
    for _ in range(writer.draw.randint(0, 3)):
        extra = writer.draw.choice((writer.advert, writer.teaser_line, writer.caption))
        pieces.insert(writer.draw.randint(1, len(pieces)), extra())
    return writer.element("".join(pieces))


def _parts(writer: _Writer, body: list[str]) -> str:
    """Put the paragraphs into two to four elements, called alike, numbered, or not called anything."""
    count = writer.draw.randint(2, 4)
    name = writer.names()
    is_numbered = bool(name) and writer.draw.random() < 0.5
    parts = []
    for number in range(count):
        texts = body[number * len(body) // count : (number + 1) * len(body) // count]
        inside = "".join(_tagged("p", texts))
        part_name = f"{name}-{number}" if is_numbered else name
        parts.append(f'<div class="{part_name}">{inside}</div>' if part_name else f"<div>{inside}</div>")
        if number < count - 1 and writer.draw.random() < 0.7:
            parts.append(writer.advert())
    return writer.element("".join(parts))


def _boxes(writer: _Writer, body: list[str]) -> str:
    """Put a box of links between parts of the article."""
    kind = writer.kind()
    half = len(body) // 2
    pieces = []
    for texts in (body[:half], body[half:]):
        inside = "".join(_tagged("p", texts))
        pieces.append(writer.element(inside, kind))
        pieces.append(writer.related(writer.draw.randint(2, 4)))
    return writer.element("".join(pieces))


def _gallery(writer: _Writer, body: list[str]) -> str:
    """Put many captions around an article of a few paragraphs."""
    photos = [writer.caption() for _ in range(writer.draw.randint(4, 9))]
    text = writer.element("".join(_tagged("p", body)))
    if writer.draw.random() < 0.5:
        return writer.element(writer.element("".join(photos)) + text)
    return writer.element(text + writer.element("".join(photos)))


def _live(writer: _Writer, body: list[str]) -> str:
    """Put each paragraph into an entry of its own, below the time of day."""
    name = writer.names() or "entry"
    entries = []
    for number, text in enumerate(body):
        time = f"{8 + number}.{writer.draw.randint(10, 59)} WIB"
        entries.append(f'<div class="{name}"><span>{time}</span><p>{text}</p></div>')
    return writer.element("".join(entries))


def _amp(writer: _Writer, body: list[str]) -> str:
    pieces = _tagged("p", body)
    pieces.insert(2, "<amp-ad width='300' height='250' type='doubleclick'></amp-ad>")
    caption = writer.note(writer.draw.choice(_CAPTIONS).format(person=writer.person))
    picture = f"<amp-img src='/a.jpg'></amp-img><figcaption>{caption}</figcaption>"
    return f"<figure>{picture}</figure>{writer.element(''.join(pieces))}"


def _print(writer: _Writer, body: list[str]) -> str:
    """Part the paragraphs by line breaks in a cell of a table, as old pages for printing do."""
    credit = writer.note("(Dok. Harian Laras)")
    return f"<table><tr><td>{credit}</td></tr><tr><td>{'<br><br>'.join(body)}</td></tr></table>"


def _mobile(writer: _Writer, body: list[str]) -> str:
    """Put each paragraph into an element of its own, without a name."""
    pieces = _tagged("div", body)
    pieces.insert(writer.draw.randint(2, len(pieces)), writer.advert())
    return writer.element("".join(pieces))


def _breaks(writer: _Writer, body: list[str]) -> str:
    """Put the paragraphs as bare text between line breaks, with adverts and a box of links between them."""
    line_break = writer.draw.choice(("<br>", "<br><br>", "<br />\n<br />", "<br>&nbsp;<br>"))
    pieces = list(body)
    for _ in range(writer.draw.randint(0, 2)):
        extra = writer.advert() if writer.draw.random() < 0.6 else writer.related(3)
        pieces.insert(writer.draw.randint(1, len(pieces)), extra)
    return writer.element(line_break.join(pieces))


def _scattered(writer: _Writer, body: list[str]) -> str:
    """Put each one to three paragraphs into elements of any name and depth, with boxes of links between some."""
    rest = list(body)
    pieces = []
    while rest:
        count = writer.draw.randint(1, 3)
        texts = "".join(_tagged("p", rest[:count]))
        pieces.append(writer.nested(writer.element(texts), 2))
        del rest[:count]
        if rest and writer.draw.random() < 0.4:
            pieces.append(writer.related(writer.draw.randint(2, 4)))
    return writer.element("".join(pieces))


def _insert(writer: _Writer, body: list[str], place: int, items: list[str]) -> list[str]:
    """Return the article's lines with others in front of one of them, which are noted as items."""
    writer.items.update(range(place, place + len(items)))
    return [*body[:place], *items, *body[place:]]


def _with_list(writer: _Writer, body: list[str]) -> list[str]:
    place = writer.draw.randint(1, len(body) - 1)
    items = writer.draw.sample(_ITEMS, writer.draw.randint(3, len(_ITEMS)))
    opened = [*body[:place], writer.draw.choice(_OPENERS), *body[place:]]
    return _insert(writer, opened, place + 1, items)


def _list(writer: _Writer, body: list[str]) -> str:
    """Put the items of a list, which `_with_list` has put among the paragraphs, into one."""
    tag = writer.draw.choice(("ul", "ol"))
    first = min(writer.items)
    last = max(writer.items)
    pieces = []
    for number, text in enumerate(body):
        if number == first:
            pieces.append(f"<{tag}>")
        pieces.append(f"<li>{text}</li>" if number in writer.items else f"<p>{text}</p>")
        if number == last:
            pieces.append(f"</{tag}>")
    return writer.element("".join(pieces))


def _with_table(writer: _Writer, body: list[str]) -> list[str]:
    place = writer.draw.randint(1, len(body) - 1)
    opened = [*body[:place], writer.draw.choice(_OPENERS), *body[place:]]
    return _insert(writer, opened, place + 1, list(map(" ".join, _ROWS)))


def _table(writer: _Writer, body: list[str]) -> str:
    """Put a table in the place of its rows, which `_with_table` has put among the paragraphs."""
    cell = writer.draw.choice(("<td>{}</td>", "<td><p>{}</p></td>", "<td><span>{}</span></td>"))
    first = min(writer.items)
    pieces = []
    for number, text in enumerate(body):
        if number == first:
            rows = []
            for row in _ROWS:
                cells = map(cell.format, row)
                rows.append(f"<tr>{''.join(cells)}</tr>")
            pieces.append(f"<table>{''.join(rows)}</table>")
        if number not in writer.items:
            pieces.append(f"<p>{text}</p>")
    return writer.element("".join(pieces))


def _with_headings(writer: _Writer, body: list[str]) -> list[str]:
    """Return the paragraphs with two or three headings among them."""
    headings = writer.draw.sample(_SUBHEADINGS, writer.draw.randint(2, 3))
    for heading in headings:
        # The article begins with its first sentence, and two headings don't stand one below the other.
        free = [place for place in range(1, len(body)) if not {place - 1, place} & writer.items]
        if not free:
            break
        place = writer.draw.choice(free)
        writer.items = {item if item < place else item + 1 for item in writer.items}
        body = _insert(writer, body, place, [heading])
    return body


def _headings(writer: _Writer, body: list[str]) -> str:
    pattern = writer.draw.choice(("<h2>{}</h2>", "<h3>{}</h3>", "<p><strong>{}</strong></p>", "<div><b>{}</b></div>"))
    pieces = []
    for number, text in enumerate(body):
        pieces.append(pattern.format(text) if number in writer.items else f"<p>{text}</p>")
    return writer.element("".join(pieces))


def _with_numbers(writer: _Writer, body: list[str]) -> list[str]:
    """Return the paragraphs with a numbered heading in front of each but the first, as long as there are headings."""
    numbered = [body[0]]
    headings = writer.draw.sample(_SUBHEADINGS, min(len(_SUBHEADINGS), len(body) - 1))
    for number, text in enumerate(body[1:]):
        if number < len(headings):
            writer.items.add(len(numbered))
            numbered.append(f"{number + 1}. {headings[number]}")
        numbered.append(text)
    return numbered


def _numbered(writer: _Writer, body: list[str]) -> str:
    """Put a numbered heading above each paragraph, and a picture between some of them and the text."""
    tag = writer.draw.choice(("h2", "h3"))
    pieces = []
    for number, text in enumerate(body):
        if number not in writer.items:
            pieces.append(f"<p>{text}</p>")
            continue
        picture = writer.caption() if writer.draw.random() < 0.5 else ""
        pieces.append(f"<{tag}>{text}</{tag}>{picture}")
    return writer.element("".join(pieces))


def _pages(writer: _Writer, body: list[str]) -> str:
    """Put the paragraphs onto two or three pages, each of which says which one it is."""
    count = writer.draw.randint(2, 3)
    kind = writer.kind()
    pages = []
    for number in range(count):
        texts = body[number * len(body) // count : (number + 1) * len(body) // count]
        counter = writer.note(f"{number + 1} dari {count} halaman")
        pages.append(writer.element("".join(_tagged("p", texts)) + f"<div>{counter}</div>", kind))
    return writer.element("".join(pages))


def _quotes(writer: _Writer, body: list[str]) -> str:
    """Put some paragraphs into quotations, and some of these into boxes."""
    pieces = []
    for text in body:
        chance = writer.draw.random()
        if chance < 0.25:
            pieces.append(f"<blockquote><p>{text}</p></blockquote>")
        elif chance < 0.4:
            pieces.append(writer.element(f"<blockquote>{text}</blockquote>"))
        else:
            pieces.append(f"<p>{text}</p>")
    return writer.element("".join(pieces))


def _lead(writer: _Writer, body: list[str]) -> str:
    """Put the first paragraph into an element of its own, with a picture or a strip of links below it."""
    pattern = writer.draw.choice(("<p>{}</p>", "<p><strong>{}</strong></p>", "<b>{}</b>"))
    lead = writer.element(pattern.format(body[0]))
    between = writer.caption() if writer.draw.random() < 0.5 else writer.related(3)
    rest = writer.element("".join(_tagged("p", body[1:])))
    return writer.element(lead + between + rest)


_EXTRAS: dict[str, Callable[[_Writer, list[str]], list[str]]] = {
    "list": _with_list,
    "table": _with_table,
    "headings": _with_headings,
    "numbered": _with_numbers,
}
_ARTICLES: dict[str, Callable[[_Writer, list[str]], str]] = {
    "plain": _plain,
    "parts": _parts,
    "boxes": _boxes,
    "gallery": _gallery,
    "live": _live,
    "amp": _amp,
    "print": _print,
    "mobile": _mobile,
    "breaks": _breaks,
    "scattered": _scattered,
    "list": _list,
    "table": _table,
    "headings": _headings,
    "numbered": _numbered,
    "pages": _pages,
    "quotes": _quotes,
    "lead": _lead,
}


def _around(writer: _Writer, layout: str, title: str, article: str) -> str:
    """Return a whole page: an article with its headline, and what a site puts around it."""
    draw = writer.draw
    inside = f"<h1>{title}</h1>{article}"
    if layout == "print":
        body = f"{inside}<p>{writer.note('Copyright © 2025 Harian Laras')}</p>"
        return _document(body, title)
    beside = []
    if draw.random() < 0.6:
        beside.append(writer.related(draw.randint(3, 6)))
    if draw.random() < 0.5:
        beside.append(writer.element(writer.teasers(draw.randint(2, 4))))
    if draw.random() < 0.4:
        beside.append(writer.comments())
    draw.shuffle(beside)
    main = writer.nested(writer.element(inside) + "".join(beside))
    sidebar = writer.related(draw.randint(3, 6)) if layout != "mobile" and draw.random() < 0.6 else ""
    body = f"<header>{writer.menu()}</header>{main}{sidebar}{writer.footer()}"
    return _document(writer.nested(body, 2), title, is_amp=layout == "amp")


def _front_page(writer: _Writer) -> InventedPage:
    """Make a front page: announcements of a headline and a sentence, in one or two elements."""
    count = writer.draw.randint(4, len(_OTHER_SENTENCES))
    main = writer.element(writer.teasers(count)) + writer.related(4)
    html = _document(f"<header>{writer.menu()}</header>{writer.nested(main)}{writer.footer()}", "Harian Laras")
    return InventedPage("front", html)


def _document(body: str, title: str, *, is_amp: bool = False) -> str:
    tag = "<html amp>" if is_amp else "<html>"
    return (
        f"<!doctype html>{tag}<head><meta charset='utf-8'><title>{title} - Harian Laras</title></head>"
        f"<body>{body}</body></html>"
    )
