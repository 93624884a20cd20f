from pathlib import Path

import pytest

from summarizer.checks import check_translation, fix_dates, fix_numbers, fix_terms
from summarizer.errors import InputError
from summarizer.text.glossary import load_glossary


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Laba naik 23,5 persen menjadi Rp1.250.000.", "Profit rose 23.5 percent to Rp1,250,000."),
        ("Presiden Amerika Serikat tiba di Korea Selatan.", "The US president arrived in South Korea."),
        ("Mahkamah Konstitusi menolak gugatan KPU.", "The Constitutional Court rejected the KPU's lawsuit."),
        ("PBB mengecam Suriah dan Yordania.", "The United Nations condemned Syria and Jordan."),
        ("Warga Jepang dan Inggris datang.", "Japanese and British citizens came."),
        ("Polisi Yunani menangkap Sakis.", "Greek police arrested Sakis."),
        ("Prabowo Subianto bertemu Gibran.", "Prabowo Subianto met Gibran."),
        ("Ia tidak datang.", "He did not come."),
        ("Ia belum datang.", "He has yet to come."),
        ("Ia pergi tanpa izin.", "He left without permission."),
        ("Tidak hanya Ani, tetapi juga Budi datang.", "Ani came, and so did Budi."),
        ("Jalan licin. Hujan turun.", "The road is slippery. It is raining."),
        ("Gempa mengguncang Bukares.", "An earthquake shook Bucharest."),
        ("Jaraknya 160 km.", "It is 100 miles away."),
        ("Suhunya 32 derajat.", "It was 90 degrees (F)."),
        ("Kedua negara sepakat.", "Both countries agreed."),
        ("Perusahaan milik orang India itu tutup.", "The Indian-owned company closed."),
        ("Pangeran bertemu Al-Maliki.", "The prince met Maliki."),
        ("Padang pasir itu dingin.", "The desert is cold."),
        ("“Ia seperti air. Bening seperti air.”", "“It is like water. It is as clear as water is.”"),
        ("Sungai itu tak lebih dari selokan.", "The river was just a ditch."),
        ("Paling tidak, ia datang.", "At least he came."),
        ("Ia bertanya apakah Ani datang.", "He asked whether or not Ani came."),
        ("Ia masih belum datang.", "He has yet to come."),
        ("Gelandangan itu buta dan tidak mampu.", "The homeless man is blind and unable."),
        ("Mahkamah Agung menolak gugatan itu.", "The Supreme Court rejected the lawsuit."),
        ("Puluhan ribu warga datang.", "Tens of thousands of people came."),
        ("Jika dilakukan dengan benar, itu tidak dapat dideteksi.", "If done right, it’s un-detectable."),
        ("Mural yang tidak diinginkan disebut grafiti.", "Unwanted murals are known as graffiti."),
        ("“Bos-bos itu kaya,” katanya.", "“The bosses are rich,” he said."),
        ("Kantor Meteorologi Islandia tutup.", "The Icelandic Meteorological Office is closed."),
        ("Wali kota SÃ£o Paulo datang.", "The mayor of São Paulo came."),
        # A spelling, a translation or a shortening explains them; nobody misses a time zone.
        ("Romanisasi berlangsung lama.", "The Romanization took long."),
        ("Menteri ESDM Arifin datang.", "Energy Minister Arifin came."),
        ("Komisaris Besar Polisi Andi datang.", "Police Commissioner Andi came."),
        ("Revisi KUHP disahkan.", "The revision of the criminal code was passed."),
        ("Gempa terjadi pukul 04.37 WIB.", "The quake struck at 4:37 a.m."),
        # Serious words that are accounted for.
        ("Penyiksaan dan pemerkosaan itu dibantah.", "They denied the torture and rape."),
        ("Ia dijatuhi hukuman mati karena menyuap hakim.", "He was sentenced to death for bribing the judge."),
        ("", ""),
    ],
)
def test_nothing_wrong(source: str, translation: str) -> None:
    assert check_translation(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "kinds"),
    [
        ("Ada 47 korban.", "There were 74 victims.", {"number"}),
        ("Nilainya Rp7,5 miliar.", "It is worth $7.5 billion.", {"unit"}),
        ("Raja Yordania tiba.", "The king of Saudi Arabia arrived.", {"name"}),
        ("Harga BBM naik di SPBU Pertamina.", "Fuel prices rose at Pertamina.", {"name"}),
        ("Gubernur Aceh tiba di Medan.", "The governor of Aceh arrived in Jakarta.", {"name"}),
        ("Menteri Kementan Budi tiba.", "Minister of Kemenangan Budi arrived.", {"name"}),
        ("Puluhan rumah terendam.", "Hundreds of houses were flooded.", {"number"}),
        ("Ia bertemu Brigadir Josua.", "He met Brigadewas Josua.", {"name"}),
        ("Jaraknya 160 km.", "It is 160 miles away, 300 feet high.", {"number"}),
        ("Ia tidak datang.", "He came.", {"negation"}),
        ("Tidak hanya Ani yang datang.", "Only Ani came.", {"negation"}),
        ("Ia belum makan dan belum tidur.", "He has not eaten and slept.", {"negation"}),
        ("Sungai itu tak lebih dari selokan.", "The river was more than a ditch.", {"negation"}),
        ("Tangki itu belum terisi penuh.", "The tank was yet filled to capacity.", {"negation"}),
        ("Pajak tidak naik, setidaknya tahun ini.", "Taxes will rise, this year at least.", {"negation"}),
        # A word that may stand for a negative is the other one's, or too far away.
        ("Ia gagal dan tidak kembali.", "He failed and came back.", {"negation"}),
        (
            "Ia tidak datang ke kantor pada hari itu, kata polisi, dan kota kembali aman setelah hujan reda.",
            "He came to the office on that day, the police said, and the city was safe again after the endless rain.",
            {"negation"},
        ),
        (
            "Banjir merendam rumah warga yang tinggal di sana.",
            "Floods hit rumah warga yang live there.",
            {"untranslated"},
        ),
        ("Ia menyampaikan bantahan itu di kantor.", "He gave the statement at the office.", {"serious"}),
        ("Jenderal itu mengundurkan diri.", "The general was present.", {"serious"}),
        ("Ia melaporkan pencemaran nama baik.", "He reported a good name.", {"serious"}),
        (
            "Jalan licin.",
            "The road is slippery. Many people died in the flood and the fire there.",
            {"length", "serious"},
        ),
        (
            "Hujan turun di kota itu sejak pagi. Jalan licin dan macet.",
            "Rain fell in the city.",
            {"sentences"},
        ),
        (
            "Hujan turun di kota itu sejak pagi.",
            "It has been raining in the city since the morning and it rained and rained and it did rain.",
            {"length"},
        ),
        (
            "Hujan turun di kota itu sejak pagi.",
            "It has been raining in the city since morning. The government sent rice and clothes to the poor.",
            {"sentences"},
        ),
    ],
)
def test_something_wrong(source: str, translation: str, kinds: set[str]) -> None:
    faults = check_translation(source, translation)
    assert {fault.kind for fault in faults} == kinds
    assert all(str(fault) for fault in faults)


@pytest.mark.parametrize(
    ("source", "translation", "fixed"),
    [
        ("Lompatannya 16,05 meter.", "His jump was 16,05 meters.", "His jump was 16.05 meters."),
        ("Ada 1.250 warga.", "There were 1.250 residents.", "There were 1,250 residents."),
        ("Rp1,5 triliun", "Rp1,5 trillion", "Rp1.5 trillion"),
        ("Harganya 1,250.", "It costs 1,250.", "It costs 1,250."),
        ("Tidak ada.", "It is 3,5.", "It is 3,5."),
    ],
)
def test_forms_of_numbers(source: str, translation: str, fixed: str) -> None:
    assert fix_numbers(source, translation) == fixed


@pytest.mark.parametrize(
    ("source", "translation", "fixed"),
    [
        ("pada Rabu (12/3) malam", "on Wednesday (12/3) night", "on Wednesday (12 March) night"),
        ("pada Rabu (12/3) malam", "on Wednesday (3/12) night", "on Wednesday (12 March) night"),
        ("Senin, 5/6/2017", "Monday, 5/6/2017", "Monday, 5 June 2017"),
        (
            "Minggu (3/12) dan Rabu (12/3)",
            "Sunday (3/12) and Wednesday (12/3)",
            "Sunday (3 December) and Wednesday (12 March)",
        ),
        # No dates, or not these, or nothing to correct.
        ("dua pertiga (2/3) warga", "two thirds (2/3) of the residents", "two thirds (2/3) of the residents"),
        ("pada Rabu (31/2)", "on Wednesday (31/2)", "on Wednesday (31/2)"),
        ("pada Rabu (12/3)", "on Wednesday (13/3)", "on Wednesday (13/3)"),
        ("pada Rabu (12/3)", "on Wednesday (12 March)", "on Wednesday (12 March)"),
        ("Rabu, 12/3/45/6", "Wednesday, 12/3/45/6", "Wednesday, 12/3/45/6"),
        ("Selasabu (12/3)", "Selasabu (12/3)", "Selasabu (12/3)"),
    ],
)
def test_forms_of_dates(source: str, translation: str, fixed: str) -> None:
    assert fix_dates(source, translation) == fixed


@pytest.mark.parametrize(
    ("source", "translation", "fixed"),
    [
        ("Warga Korea Selatan datang.", "Citizens of Korea Selatan came.", "Citizens of South Korea came."),
        ("Ia ke Jerman pada Oktober.", "He went to Jerman in Oktober.", "He went to Germany in October."),
        ("Naik 5 persen.", "Up 5 persen.", "Up 5 percent."),
        ("Naik 5 ribu pada Jumat, 2 Agustus.", "Up 5 ribu on Jumat, 2 Agustus.", "Up 5 thousand on Friday, 2 August."),
        ("Ia pulang Minggu.", "He went home on Minggu.", "He went home on Minggu."),
        ("Koran Jawa Pos terbit.", "The newspaper Jawa Pos is out.", "The newspaper Jawa Pos is out."),
        ("Warga AS datang.", "AS citizens came.", "AS citizens came."),
        ("Ia tiba di Kabupaten Bima.", "He arrived in Kabupaten Bima today.", "He arrived in Bima Regency today."),
        ("Warga Desa Suka Maju.", "Those of Desa Suka Maju Wednesday.", "Those of Suka Maju Village Wednesday."),
        ("Pusat kecamatan sepi.", "The centre of the kecamatan was quiet.", "The centre of the district was quiet."),
        ("Ada 12 desa terendam.", "As many as 12 desa were flooded.", "As many as 12 villages were flooded."),
        ("Beberapa kabupaten terendam.", "Several kabupaten were flooded.", "Several regencies were flooded."),
        # Not the source's words: what it is stays as it is.
        ("Ia tiba di Bima.", "He arrived in Kabupaten Bima.", "He arrived in Kabupaten Bima."),
        ("Grup Desa Merdeka tampil.", "Desa Band performed.", "Desa Band performed."),
        ("Film KKN di Desa Penari tayang.", "“KKN di Desa Penari” was shown.", "“KKN di Desa Penari” was shown."),
    ],
)
def test_terms(source: str, translation: str, fixed: str) -> None:
    assert fix_terms(source, translation) == fixed


def test_a_glossary_of_the_users(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('"Dinas Pasar" = "Market Office"\n[x]\n"KPK" = ["Anti-Graft Body", "KPK"]\n', encoding="utf-8")
    glossary = load_glossary(file)
    assert check_translation("Dinas Pasar tutup.", "The Market Office is closed.", glossary) == []
    [fault] = check_translation("Dinas Pasar tutup.", "The Bazaar Agency is closed.", glossary)
    assert (fault.kind, fault.piece) == ("term", "Dinas Pasar")
    assert fix_terms("Dinas Pasar tutup.", "Dinas Pasar is closed.", glossary) == "Market Office is closed."
    assert "Dinas Pasar" not in load_glossary().terms


def test_a_term_of_the_users_may_be_long(tmp_path: Path) -> None:
    file = tmp_path / "terms.toml"
    term, english = "Badan Nasional Penanggulangan Bencana Daerah Provinsi Bali", "Bali Disaster Agency"
    file.write_text(f'"{term}" = "{english}"', encoding="utf-8")
    glossary = load_glossary(file)
    assert term in glossary.find(f"Kantor {term} tutup.")
    assert fix_terms(f"{term} tutup.", f"{term} is closed.", glossary) == f"{english} is closed."


@pytest.mark.parametrize("text", ["x = ", '"a" = 3', '"a" = []', '"a" = [""]', "\ufffe"])
def test_a_bad_glossary(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.toml"):
        load_glossary(file)
    with pytest.raises(InputError, match="cannot read"):
        load_glossary(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("source", "translation", "serious"),
    [
        ("Acara itu berjudul “The Talking Dead.”", "The show is called “The Talking Dead.”", 0),
        ("Acara itu berjudul “Bicara.”", "The show is called “The Talking Dead.”", 1),
        ("Nama itu diberikan setelah wafat.", "The name is given posthumously.", 0),
        ("Itu penipuan.", "That is deceit.", 0),
        ("Itu penipuan.", "That is delay.", 1),
    ],
)
def test_serious_words_have_more_than_one_rendering(source: str, translation: str, serious: int) -> None:
    assert sum(fault.kind == "serious" for fault in check_translation(source, translation)) == serious
