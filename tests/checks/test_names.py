"""Names of a text, and their likeness to others."""

from summarizer.checks import find_names
from summarizer.checks.names import looks_alike, same_sound, same_stem


def test_names() -> None:
    def names(text: str) -> list[str]:
        return [name.text for name in find_names(text, "id")]

    assert names("Taman itu dibuka Ratna. Warga senang. KPK diam pada Senin, Mei.") == ["Ratna", "KPK"]
    assert names("Prabowo datang. Menteri pergi. Rp5 miliar habis.") == ["Prabowo"]
    text = "Warga se-Jawa senang."
    [name] = find_names(text, "id")
    assert text[name.start : name.end] == "se-Jawa"


def test_names_have_their_places_where_a_space_is_missing() -> None:
    text = "Rapat dibuka kemarin. Prof.Budi Santoso datang ke Jakarta (DPR)."
    found = find_names(text, "id")
    assert [text[name.start : name.end] for name in found] == ["Prof", "Budi", "Santoso", "Jakarta", "DPR"]
    assert [name.text for name in found if not name.alone] == ["Budi"]


def test_likeness() -> None:
    assert same_stem("Indonesia", "Indonesian")
    assert same_stem("Bali", "Balinese")
    assert not same_stem("Bali", "Balikpapan")
    assert same_sound("Muhammad", "Mohammed")
    assert not same_sound("Subianto", "Sugianto")
    assert looks_alike("Bukares", "Bucharest", 0.6)
    assert not looks_alike("Prabowo", "Gibran", 0.6)
