import pytest

from summarizer.article import Article
from summarizer.errors import NoArticleError, NotIndonesianError
from summarizer.extraction.acceptance import require_article, require_indonesian
from tests.conftest import ARTICLE


def page(*paragraphs: str) -> Article:
    return Article(source="a.txt", title=None, paragraphs=paragraphs)


@pytest.mark.parametrize(
    "paragraphs", [(), ("Hujan turun.",), ("Beranda", "Nasional", "Olahraga", "Ekonomi") * 30, (". " * 500,)]
)
def test_a_page_without_running_text_is_no_article(paragraphs: tuple[str, ...]) -> None:
    with pytest.raises(NoArticleError, match=r"a\.txt holds no article"):
        require_article(page(*paragraphs))
    require_article(page(*paragraphs, ARTICLE))


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("The government said on Monday that it would close the bridge for six months. " * 3, "en", "English"),
        (
            "Perdana Menteri berkata kerajaan akan memberikan bantuan kepada rakyat yang terjejas akibat banjir di "
            "Kelantan. Beliau berkata kos itu akan ditanggung oleh pihak kerajaan kerana ia tanggungjawab bersama.",
            "ms",
            "Malay",
        ),
        ("政府は月曜日、修理のために橋を六か月間閉鎖すると発表した。" * 5, "ja", "Japanese"),
        ("q7#Kz!x9@Wv$t2%Rp&m4^Ln*" * 20, "zxx", "no language"),
    ],
)
def test_another_language_is_named(text: str, code: str, name: str) -> None:
    with pytest.raises(NotIndonesianError, match=name) as caught:
        require_indonesian(text, "a.txt")
    assert caught.value.language == code


def test_indonesian_that_quotes_malay_passes() -> None:
    quoted = "Perdana Menteri berkata kerajaan akan membantu kerana ia tanggungjawab bersama, tulis media Malaysia itu."
    require_indonesian(f"{ARTICLE} {quoted} {ARTICLE.replace('taman', 'pasar')}", "a.txt")


@pytest.mark.parametrize("text", ["Presiden bilang begitu.", "12.500", "***", "KPK: Tersangka Ditahan"])
def test_short_text_passes(text: str) -> None:
    require_indonesian(text, "a.txt")
