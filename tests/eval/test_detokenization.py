import pytest

from eval.detokenization import detokenize


@pytest.mark.parametrize(
    ("spaced", "text"),
    [
        ("Harga naik 7,5 % , kata dia .", "Harga naik 7,5%, kata dia."),
        ("Film ' Surga ' itu laku .", "Film 'Surga' itu laku."),
        ("9 - 11 September", "9-11 September"),
        ("periode 2016 – 2021", "periode 2016 – 2021"),
        ("Rimanews - Bagi Anda", "Rimanews - Bagi Anda"),
        ("anak - anak dan SIM - nya", "anak-anak dan SIM-nya"),
        ("Film - filmnya dan Tawi - tawi", "Film-filmnya dan Tawi-tawi"),
        ("Jakarta - Jakarta Timur - Timor", "Jakarta-Jakarta Timur - Timor"),
        ('kata dia , " Ya , saya . "', 'kata dia, "Ya, saya."'),
        ('" Satu " dan " dua "', '"Satu" dan "dua"'),
        ("( adji / mb )", "(adji/mb)"),
        ("seolah “ candu ” ( 28/8 / 2016 ) dan ' bahaya '.", "seolah “candu” (28/8/2016) dan 'bahaya'."),
        ('Ia berkata "Ya, saya. " Lalu "dua".', 'Ia berkata "Ya, saya." Lalu "dua".'),
        ("harga Rp. 5.000 di detik. com", "harga Rp5.000 di detik.com"),
        ("partai ke - 31 , non - aktif", "partai ke-31, non-aktif"),
        ("Jakarta - - Hujan", "Jakarta - Hujan"),
        ("Jakarta - - - - - Hujan", "Jakarta - Hujan"),
        ("satu .\ndua .", "satu.\ndua."),
        ("", ""),
    ],
)
def test_detokenize(spaced: str, text: str) -> None:
    assert detokenize(spaced) == text


@pytest.mark.parametrize(
    "text",
    [
        "Harga naik 7,5%, kata dia.",
        'Kata dia, "Ya," lalu "tidak".',
        "Ia (Budi) lahir pada 12/3 – atau 3-4 hari kemudian.",
        "Suhu - menurut BMKG - naik .5 derajat",
        'Tanda " tanpa pasangan',
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert detokenize(text) == text
