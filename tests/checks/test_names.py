"""Names of a text, and their likeness to others."""

from summarizer.checks import find_names


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
