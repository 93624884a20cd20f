from pathlib import Path

import pytest
from click.testing import CliRunner

from summarizer import NotIndonesianError, gloss
from summarizer.cli.commands import main

TEXT = (
    "Polisi menyita gayung itu dari rumah warga, lalu warga itu tersenyum. Mereka senang.\n\nGayung itu milik desa.\n"
)


def test_sentences_come_with_their_words_and_their_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    sentences = gloss(path)
    assert [sentence.paragraph for sentence in sentences] == [0, 0, 1]
    record = sentences[2].to_dict()
    assert record["sentence"] == "Gayung itu milik desa."
    [word, *_] = record["words"]
    assert word["start"] == 0
    assert word["end"] == 6
    assert word["word"] == "Gayung"
    assert word["form"] == "gayung"
    assert word["senses"][0].startswith("water scoop")


def test_another_language_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("The police seized the water scoop, and then the people of the village smiled.\n", encoding="utf-8")
    with pytest.raises(NotIndonesianError):
        gloss(path)


def test_the_command_tells_each_word_once_below_its_sentence() -> None:
    result = CliRunner().invoke(main, ["gloss", "-"], input=TEXT)
    assert result.exit_code == 0, result.output
    first, *lines = result.stdout.splitlines()
    assert first.startswith("Polisi menyita gayung")
    assert sum("water scoop" in line for line in lines) == 2
    assert sum("resident" in line for line in lines) == 1


def test_the_command_writes_json_lines() -> None:
    result = CliRunner().invoke(main, ["gloss", "-", "--format", "json"], input=TEXT)
    assert result.stdout.count("\n") == 3
    assert '"form": "gayung"' in result.stdout


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["gloss", str(tmp_path / "none.txt")])
    assert result.exit_code != 0
    assert "Traceback" not in result.output
