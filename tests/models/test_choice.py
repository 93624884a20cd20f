"""A choice of models that lasts, from the command line and in Python."""

import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

from summarizer import Summarizer
from summarizer.cli.commands import main
from summarizer.errors import ModelError, OutputError
from summarizer.models import Task, catalogue
from summarizer.models.catalogue import DEFAULT
from summarizer.models.choice import RECOMMENDED, config_file, default_model, set_default
from tests.conftest import FakeModel
from tests.models.firefox.service import Service

FIREFOX = RECOMMENDED[Task.TRANSLATE]


pytestmark = pytest.mark.usefixtures("own_cache")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0 or result.stderr.count("\n") == 1
    return result


def shown(summaries: str, translations: str) -> str:
    return f"summaries: {summaries}\ntranslations: {translations}\n"


def test_a_choice_lasts() -> None:
    assert run("models", "default").stdout == shown(DEFAULT, DEFAULT)
    chosen = run("models", "use", "opus-mt-id-en")
    assert chosen.stdout == shown(DEFAULT, "opus-mt-id-en")
    assert "models fetch opus-mt-id-en" in chosen.stderr
    assert run("models", "use", "gemma-3-270m", "--for", "summaries").stdout == shown("gemma-3-270m", "opus-mt-id-en")
    assert run("models", "default").stdout == shown("gemma-3-270m", "opus-mt-id-en")
    ringkas = Summarizer()
    assert [ringkas.model_name(task) for task in Task] == ["gemma-3-270m", "opus-mt-id-en"]
    # What is named goes first.
    assert Summarizer(FakeModel()).model_name(Task.TRANSLATE) == "fake"
    assert Summarizer(translation_model="m2m100-418m").model_name(Task.TRANSLATE) == "m2m100-418m"
    assert run("models", "reset").stdout == run("models", "reset").stdout == shown(DEFAULT, DEFAULT)
    assert not config_file().exists()


def test_a_folder_is_kept_with_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / 'model "satu"'
    folder.mkdir()
    (folder / "model.iden.bin").touch()
    (folder / "vocab.iden.spm").touch()
    monkeypatch.chdir(tmp_path)
    assert run("models", "use", 'model "satu"').stdout == shown(DEFAULT, str(folder))
    monkeypatch.chdir("/")
    assert default_model(Task.TRANSLATE) == str(folder)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["gpt-7"], "unknown model 'gpt-7'"),
        (["opus-mt-id-en", "--for", "summaries"], "is made for translation only"),
        (["mt5-xlsum", "--for", "translations"], "is made for abstracts only"),
    ],
)
def test_a_bad_choice_changes_nothing(arguments: list[str], expected: str) -> None:
    run("models", "use", "opus-mt-id-en")
    result = run("models", "use", *arguments)
    assert result.exit_code == 6
    assert expected in result.stderr
    assert default_model(Task.TRANSLATE) == "opus-mt-id-en"


@pytest.mark.parametrize("content", ["summarize = ", "summarize = 3\n", "\xff"])
def test_a_damaged_file_says_what_to_do(content: str) -> None:
    config_file().parent.mkdir()
    config_file().write_text(content, encoding="latin-1")
    result = run("models", "default")
    assert result.exit_code == 6
    assert "ringkas models reset" in result.stderr
    with pytest.raises(ModelError, match="can't be read"):
        Summarizer()
    assert run("models", "reset").stdout == shown(DEFAULT, DEFAULT)


def test_a_choice_that_cannot_be_forgotten_or_kept(tmp_path: Path) -> None:
    config_file().mkdir(parents=True)
    result = run("models", "reset")
    assert result.exit_code == 7
    assert "cannot remove" in result.stderr
    config_file().rmdir()
    (tmp_path / "config").rmdir()
    (tmp_path / "config").write_text("no folder", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        set_default("opus-mt-id-en", [Task.TRANSLATE])


def test_the_choice_is_kept_where_the_system_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RINGKAS_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_file().parts[-2:] == ("ringkas", "models.toml")
    if sys.platform == "linux":
        assert config_file().is_relative_to(tmp_path)


def test_setup_works_again_after_a_broken_download(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    real = catalogue.prepare_model
    prepare = Mock(side_effect=lambda name, _: Path() if name == DEFAULT else real(name))
    monkeypatch.setattr(catalogue, "prepare_model", prepare)
    service.damaged = True
    result = CliRunner().invoke(main, ["setup"])
    assert result.exit_code == 6
    assert "can't be downloaded" in result.stderr.splitlines()[-1]
    assert not config_file().exists()
    service.damaged = False
    result = CliRunner().invoke(main, ["setup"])
    assert result.exit_code == 0
    assert result.stdout == shown(DEFAULT, FIREFOX)
    assert f"ringkas: translate: {FIREFOX} (MPL-2.0), 13 MB\n" in result.stderr
    assert [call.args[0] for call in prepare.call_args_list] == [DEFAULT, FIREFOX] * 2
    assert f"translate: {FIREFOX} (MPL-2.0), ready" in CliRunner().invoke(main, ["setup"]).stderr
