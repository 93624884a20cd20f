"""The files that users keep stay as they are, to the byte, until somebody means to change them."""

from pathlib import Path

import pytest

from tests.output import goldens


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a batch with the results of `goldens`."""
    folder = tmp_path_factory.mktemp("keluar")
    goldens.write(folder)
    return folder


@pytest.mark.parametrize("name", goldens.NAMES)
def test_a_file_is_what_it_was(output: Path, name: str) -> None:
    golden = goldens.FOLDER / name
    assert golden.exists(), f"{name} is new: write it with python -m tests.output.goldens, and look at it"
    written, kept = (file.read_text(encoding="utf-8") for file in (output / name, golden))
    assert written == kept, f"{name} is another: if that is meant, run python -m tests.output.goldens"
    # Line ends and marks of encodings, which reading as text hides.
    assert (output / name).read_bytes() == golden.read_bytes()


def test_nothing_of_a_hostile_page_is_code(output: Path) -> None:
    page = (output / "results.html").read_text(encoding="utf-8")
    assert "alert(&#34;a&#34;)" in page
    assert "<script>alert" not in page
    assert "javascript:" not in page


def test_all_that_is_kept_is_compared() -> None:
    kept = {file.name for file in goldens.FOLDER.iterdir()}
    assert kept == set(goldens.NAMES)
