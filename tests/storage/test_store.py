import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import OutputError
from summarizer.storage.store import DamagedStoreError, LockedStoreError, LostStoreError, Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "baru" / "simpanan.sqlite"


def test_what_was_put_is_there_in_another_run_and_in_that_order(path: Path) -> None:
    value = {"text": "Hujan “turun”.", "tokens": None, "share": 0.5}
    with Store(path) as store, Store(path) as other:
        assert store.get("a") is None
        store.put("a", 1)
        store.put_all([("b", ["x\ud800", 1]), ("c\n", "")])
        assert other.get("a") == 1
        other.put("a", value)
        assert store.get("a") == value
    with Store(path) as store:
        assert list(store.items()) == [("b", ["x\ud800", 1]), ("c\n", ""), ("a", value)]
        assert store.sorted_keys() == ["a", "b", "c\n"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_without_a_file_values_stay_as_long_as_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store(None) as store, Store(None) as other:
        store.put("a", {"text": "Hujan."})
        assert store.get("a") == {"text": "Hujan."}
        assert other.get("a") is None
        store.remove("a")
        assert list(store.items()) == []
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_nothing_that_was_removed_or_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def forgetful(*args: Any, **options: Any) -> sqlite3.Connection:
        database = connect(*args, **options)
        # Builds of SQLite differ in what they begin with.
        database.execute("PRAGMA secure_delete = OFF")
        return database

    monkeypatch.setattr(sqlite3, "connect", forgetful)
    with Store(path) as store:
        store.put("a", "rahasia " * 4000)
        store.put("a", "baru")
        assert b"rahasia" not in path.read_bytes()
        store.put("b", "rahasia")
        store.remove("a", "b", "c")
    assert b"rahasia" not in path.read_bytes()


def test_several_values_are_put_all_or_none(path: Path) -> None:
    with Store(path) as store:
        store.put("a", 1)
        for value, error in ((("b", object()), TypeError), (("b\ud800", 3), OutputError)):
            with pytest.raises(error):
                store.put_all([("a", 2), value])
        assert list(store.items()) == [("a", 1)]
        store.put("b", 2)
        assert store.get("b") == 2


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "lain.txt"
    database = tmp_path / "lain.sqlite"
    text.write_bytes(b"Bukan basis data. " * 99)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE entries (key TEXT)")
    for path in (text, database):
        before = path.read_bytes()
        with pytest.raises(DamagedStoreError, match=r"^[^\n]*lain[^\n]*$"):
            Store(path)
        assert path.read_bytes() == before


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "berkas").touch()
    for path in (tmp_path / "berkas" / "x.sqlite", tmp_path):
        with pytest.raises(OutputError, match=r"cannot use ") as caught:
            Store(path)
        assert not isinstance(caught.value, DamagedStoreError)


def test_a_file_that_was_moved_away_takes_no_more_values(path: Path) -> None:
    with Store(path) as store:
        store.put("a", 1)
        moved = path.parent.rename(path.parent.with_name("lama"))
        with pytest.raises(LostStoreError, match=r"simpanan\.sqlite: it was moved, deleted or replaced$"):
            store.put("b", 2)
    with Store(moved / path.name) as store:
        assert list(store.items()) == [("a", 1)]


@pytest.mark.parametrize("rights", [{"file": 0o400}, {"folder": 0o500}])
def test_a_file_that_may_only_be_read_says_so(path: Path, rights: dict[str, int]) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    Store(path).close()
    path.chmod(rights.get("file", 0o600))
    path.parent.chmod(rights.get("folder", 0o700))
    try:
        with pytest.raises(LockedStoreError, match="may only be read"), Store(path) as store:
            store.put("a", 1)
    finally:
        path.parent.chmod(0o700)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:4096] + random.Random(3).randbytes(len(data) - 4096),
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'"xxx', b"xxxx", 1),
    ],
)
def test_damage_is_found_in_one_line(path: Path, damage: Callable[[bytes], bytes]) -> None:
    with Store(path) as store:
        store.put_all((str(number), "x" * 1000) for number in range(50))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedStoreError, match=r"^cannot use [^\n]*simpanan\.sqlite: [^\n]*$"), Store(path) as store:
        list(store.items())
