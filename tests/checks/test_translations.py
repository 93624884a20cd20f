from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.checks import Fault, check_abstract, check_abstract_sentence, check_translation, fix_terms
from summarizer.errors import InputError
from summarizer.lexicon.glossary import load_glossary
from summarizer.result import AbstractSentence
from summarizer.text.sentences import PlacedSentence
from summarizer.writing.selection import select_sentences
from tests.conftest import ARTICLE, in_some_try, processor_seconds


@pytest.mark.parametrize(
    ("source", "translation", "kinds"),
    [
        ("Laba naik 23,5 persen menjadi Rp1.250.000.", "Profit rose 23.5 percent to Rp1,250,000.", ""),
        ("Presiden Amerika Serikat tiba di Korea Selatan.", "The US president arrived in South Korea.", ""),
        ("Mahkamah Konstitusi menolak gugatan KPU.", "The Constitutional Court rejected the KPU's lawsuit.", ""),
        ("Ia tidak datang.", "He did not come.", ""),
        ("Tidak hanya Ani, tetapi juga Budi datang.", "Ani came, and so did Budi.", ""),
        ("Gempa mengguncang Bukares.", "An earthquake shook Bucharest.", ""),
        ("Jaraknya 160 km.", "It is 100 miles away.", ""),
        ("Pangeran bertemu Al-Maliki.", "The prince met Maliki.", ""),
        ("“Ia seperti air. Bening seperti air.”", "“It is like water. It is as clear as water is.”", ""),
        ("Paling tidak, ia naik GA-404.", "At least he took GA-404.", ""),
        ("Siswa tidak mampu ikut menambang emas tanpa izin.", "Poor students helped mine gold illegally.", ""),
        ("Siswa tidak mampu membayar.", "Students can afford to pay.", "negation"),
        ("Mural yang tidak diinginkan disebut grafiti.", "Unwanted murals are known as graffiti.", ""),
        ("“Bos-bos itu kaya,” katanya.", "“The bosses are rich,” he said.", ""),
        ("Kantor Meteorologi Islandia tutup.", "The Icelandic Meteorological Office is closed.", ""),
        # A spelling, a translation or a shortening explains them; nobody misses a time zone.
        ("Menteri ESDM Arifin datang.", "Energy Minister Arifin came.", ""),
        ("Revisi KUHP disahkan.", "The revision of the criminal code was passed.", ""),
        ("Tim SAR menanti pukul 04.37 WIB.", "The search and rescue team waited at 4:37 a.m.", ""),
        # Serious words that are accounted for.
        ("Penyiksaan dan pemerkosaan itu dibantah.", "They denied the torture and rape.", ""),
        ("Ia dijatuhi hukuman mati karena menyuap hakim.", "He was sentenced to death for bribing the judge.", ""),
        ("Ia lolos dari maut.", "He escaped death.", ""),
        ("Ia mundur dari jabatannya.", "He stepped down.", ""),
        ("Acara itu berjudul “The Talking Dead.”", "The show is called “The Talking Dead.”", ""),
        # Directions and winners that stay as they are, whatever the words.
        ("Harga cabai naik 5 persen.", "Chilli prices went up by 5 percent.", ""),
        ("Ia naik kapal yang tenggelam.", "He boarded the ship that fell apart.", ""),
        ("Harga cabai tidak naik.", "Chilli prices did not rise; they fell.", ""),
        ("Harga cabai tidak naik.", "Chilli prices fell, not a cent up.", ""),
        ("Harga naik lalu turun.", "Prices fell in the end.", ""),
        ("Ia lahir sebelum perang.", "He was born before the war, not after it.", ""),
        # Signs, magnitudes, fractions, rates and scores in other words.
        ("Suhu minus 5 derajat.", "It was 5 degrees below zero.", ""),
        ("Ekonomi tumbuh minus 5 persen.", "The economy shrank by 5 percent.", ""),
        ("Suhu plus minus 5 derajat.", "It was about 5 degrees.", ""),
        ("Rapat 12 -14 Mei dihadiri 5 orang.", "The meeting on 12-14 May drew 5 people.", ""),
        ("Ratusan ribu warga mengungsi.", "Several hundred thousand residents fled.", ""),
        ("Ratusan warga dan ribuan ternak.", "Hundreds of residents and thousands of cattle.", ""),
        ("Sepertiga warga pindah pada kuartal ini.", "A third of the residents moved in a quarter of this year.", ""),
        ("Persib kalah 1-3 dari Persija.", "Persib lost 3-1 to Persija.", ""),
        ("Persija menang 0-3 di Serui.", "Persija won 3-0 in Serui.", ""),
        ("Gajinya Rp5 juta per bulan tahun ini.", "His monthly salary is Rp5 million, for a year.", ""),
        ("Ia hampir tewas.", "He almost died.", ""),
        ("Hampir setiap hari hujan turun.", "It rains nearly every day.", ""),
        ("Ia tidak bersalah.", "He is innocent.", ""),
        ("Ia tidak jarang datang.", "He often came.", ""),
        ("Ia jarang datang.", "He does not often come.", ""),
        ("Ia sering sakit dan jarang datang.", "He was often ill.", ""),
        ("Antrean lebih pendek.", "There are fewer people in the queue.", ""),
        ("Penonton membanjiri jalan di bawah.", "Spectators flooded the street over there, under the bridge.", ""),
        ("Persib mengalahkan Persija 2-1.", "Persija were beaten by Persib 2-1.", ""),
        ("Persib takluk dari Persija.", "Persija beat Persib.", ""),
        ("Inggris mengalahkan Prancis.", "England defeated France.", ""),
        ("Suku bunga naik 25 basis poin.", "The rate rose 25 basis points.", ""),
        ("Suaranya naik 5 poin persentase.", "His share rose 5 percentage points.", ""),
        ("Anak 5 tahun itu hilang 2 hari.", "The 5-year-old was missing for two days.", ""),
        ("Hukuman 5 tahun 3 bulan dipotong 3 bulan.", "Five years and 3 months were cut by three months.", ""),
        ("Lebih dari 100 orang hadir.", "Over 100 people attended, less than last year.", ""),
        ("", "", ""),
        ("Warga dilarang merokok di sini.", "Residents can't smoke here.", ""),
        ("Wakil Bupati belok kanan.", "The deputy regent turned right.", ""),
        ("Regu antigempa nonaktif.", "The quake squad is not active.", ""),
        # Each of these has a fault.
        ("Ada 47 korban.", "There were 74 victims.", "number"),
        ("Nilainya Rp7,5 miliar.", "It is worth $7.5 billion.", "unit"),
        ("Raja Yordania tiba.", "The king of Saudi Arabia arrived.", "name"),
        ("Harga BBM naik di SPBU Pertamina.", "Fuel prices rose at Pertamina.", "name"),
        ("Ia bertemu Brigadir Josua.", "He met Brigadewas Josua.", "name"),
        ("Jaraknya 160 km.", "It is 160 miles away, 300 feet high.", "number unit"),
        ("Harga cabai naik tajam.", "Chilli prices fell sharply.", "direction"),
        ("Ekspor beras dihentikan.", "The import of rice was stopped.", "direction"),
        ("Ia pulang sebelum hujan.", "He went home after the rain.", "direction"),
        ("Ia membeli rumah itu.", "He sold that house.", "direction"),
        ("Nilainya di atas rata-rata.", "Its value is below average.", "direction"),
        # Whatever else is said in words that many directions share.
        ("Harga naik karena pasokan dari desa.", "Prices fell by much, with supplies from the villages.", "direction"),
        ("Ia kembali setelah menang dalam lomba.", "He came back before he won in the contest.", "direction"),
        ("Gaji mereka lebih tinggi dari itu.", "Their pay is lower than that.", "direction"),
        ("Ia jarang datang.", "He often came.", "direction"),
        ("Ia sering datang.", "He rarely came.", "direction"),
        ("Persib mengalahkan Persija 2-1.", "Persija beat Persib 2-1.", "contest"),
        ("Persib ditaklukkan Persija.", "Persija lost to Persib.", "contest"),
        ("Inggris berhasil mengalahkan Prancis.", "France defeated England.", "contest"),
        ("Harga emas naik 5 persen.", "The price of gold rose 5 points.", "unit"),
        ("Harga emas naik 7,5 persen.", "The price of gold rose 7.5 percentage points.", "unit"),
        ("Ia dihukum lima tahun penjara.", "He was sentenced to five months in prison.", "unit"),
        ("Bantuan tiba 12 jam kemudian.", "Help arrived 12 minutes later.", "unit"),
        ("Luas kebunnya 12 hektare.", "The garden covers 12 acres.", "unit"),
        ("Lebih dari 100 orang hadir.", "Less than 100 people attended.", "direction"),
        ("Suhu minus 5 derajat.", "The temperature was 5 degrees.", "number"),
        ("Suhu -5 derajat.", "The temperature was 5 degrees.", "number"),
        ("Suhunya 5 derajat.", "The temperature was -5 degrees.", "number"),
        ("Ratusan warga mengungsi.", "Thousands of residents fled.", "number"),
        ("Ratusan ribu warga mengungsi.", "Thousands of residents fled.", "number"),
        ("Sepertiga warga mengungsi.", "A quarter of the residents fled.", "number"),
        ("Persib menang 3-1 atas Persija.", "Persib won 1-3 against Persija.", "number"),
        ("Gajinya Rp5 juta per bulan.", "His salary is Rp5 million a year.", "unit"),
        ("Ia hampir tewas.", "He died.", "serious"),
        ("Ia tidak bersalah.", "He is guilty.", "negation"),
        ("Ia tidak datang.", "He came.", "negation"),
        ("Tidak hanya Ani yang datang.", "Only Ani came.", "negation"),
        ("Tangki itu belum terisi penuh.", "The tank was yet filled to capacity.", "negation"),
        ("Pajak tidak naik, setidaknya tahun ini.", "Taxes will rise, this year at least.", "negation"),
        # A word that may stand for a negative is the other one's, or too far away.
        ("Ia gagal dan tidak kembali.", "He failed and came back.", "negation"),
        (
            "Ia tidak datang ke kantor pada hari itu, kata polisi, dan kota kembali aman setelah hujan reda.",
            "He came to the office on that day, the police said, and the city was safe again after the endless rain.",
            "negation",
        ),
        ("Banjir merendam rumah warga yang di sana.", "Floods hit rumah warga yang live there.", "untranslated"),
        ("Warga membayar tunai di loket.", "Residents do not pay cash at the counter.", "negation"),
        ("Kecelakaan itu melibatkan dua mobil.", "He denied the accident with two cars.", "serious"),
        ("Keluarga Budi tinggal di kota.", "Budi resigned in the city.", "serious"),
        ("Polisi mengungkap kasus itu.", "Police arrested the case.", "serious"),
        ("Wakil Bupati divonis bebas.", "The deputy regent was found guilty.", "serious"),
        ("Wakil Bupati hadir.", "The regent attended.", "serious"),
        ("Foto itu di sebelah kanan.", "The photo is on the left.", "serious"),
        ("Wali Kota Surabaya hadir.", "The governor of Surabaya attended.", "serious"),
        ("Ia mundur dari jabatannya.", "He moved back from his post.", "serious"),
        ("Acara itu berjudul “Bicara.”", "The show is called “The Talking Dead.”", "serious"),
        ("Ia melaporkan pencemaran nama baik.", "He reported a good name.", "serious"),
        ("Hujan turun di kota itu sejak pagi. Jalan licin dan macet.", "Rain fell in the city.", "sentences"),
        (
            "Hujan turun di kota itu sejak pagi.",
            "It has been raining in the city since the morning and it rained and rained and it did rain.",
            "length",
        ),
        (
            "Hujan turun di kota itu sejak pagi.",
            "It has been raining in the city since morning. The government sent rice and clothes to the poor.",
            "sentences",
        ),
    ],
)
def test_what_is_wrong_with_a_translation(source: str, translation: str, kinds: str) -> None:
    faults = check_translation(source, translation)
    assert {fault.kind for fault in faults} == set(kinds.split())
    assert all(str(fault) for fault in faults)


@pytest.mark.parametrize("check", [check_translation, check_abstract])
@pytest.mark.parametrize("texts", [("Hujan \ud800 turun.", "Rain fell."), ("Hujan turun.", "Rain \udfff fell.")])
def test_half_of_a_surrogate_pair_is_refused_in_one_line(
    check: Callable[[str, str], list[Fault]], texts: tuple[str, str]
) -> None:
    with pytest.raises(InputError, match="half of a surrogate pair") as raised:
        check(*texts)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("check", [check_translation, check_abstract])
@pytest.mark.parametrize("wrong", [None, b"Hujan turun.", 5])
def test_what_is_no_text_is_refused_by_name(check: Callable[[str, str], list[Fault]], wrong: object) -> None:
    with pytest.raises(TypeError, match=f"is a str, not {type(wrong).__name__}"):
        check(wrong, "Rain fell.")  # type: ignore[arg-type]


def test_what_is_said_of_a_text_of_several_lines_is_one_line() -> None:
    faults = check_abstract("Kata Ani, “Kami pulang\nke rumah lama”, pada 12\nMei.", "Ani datang pada 13 Mei.")
    assert {fault.kind for fault in faults} == {"quotation", "number"}
    assert not any("\n" in str(fault) for fault in faults)


def test_a_glossary_of_the_users(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('"Dinas Pasar" = "Market Office"\n[x]\n"KPK" = ["Anti-Graft Body", "KPK"]\n', encoding="utf-8")
    glossary = load_glossary(file)
    assert check_translation("Dinas Pasar tutup.", "The Market Office is closed.", glossary) == []
    [fault] = check_translation("Dinas Pasar tutup.", "The Bazaar Agency is closed.", glossary)
    assert fault.kind == "term"
    assert fault.piece == "Dinas Pasar"
    assert fix_terms("Dinas Pasar tutup.", "Dinas Pasar is closed.", glossary) == "Market Office is closed."
    assert "Dinas Pasar" not in load_glossary().terms


def own_sentences(*texts: str) -> list[AbstractSentence]:
    return [AbstractSentence.from_article(PlacedSentence((0, at), text)) for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    "work",
    [
        lambda: select_sentences(own_sentences("A" * 200 + " adalah kode.", ARTICLE), [1.0, 0.0], 1),
        lambda: select_sentences(own_sentences("A." * 200 + " adalah kode.", ARTICLE), [1.0, 0.0], 1),
        lambda: check_abstract("a" * 80 + "b", " ".join(["a" * 79] * 6)),
        lambda: check_abstract_sentence("Taman itu dibuka.", [f"{ARTICLE} {'data' * 5_000}="]),
        lambda: check_translation(*["Daftar isi " + "." * 8_000 + " 5"] * 2),
        lambda: check_translation("17 " * 4_000 + "2", "17 " * 4_000 + "miles"),
    ],
    ids=["a long word", "a long name", "a blend", "a blob", "dots", "numbers"],
)
def test_no_text_takes_the_checks_long(work: Callable[[], object]) -> None:
    assert in_some_try(lambda: processor_seconds(work) < 3)
