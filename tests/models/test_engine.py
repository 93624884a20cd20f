"""An engine in one file, as docs/extend.md shows it, is all that a new kind of model takes."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from summarizer import ModelError, Summarizer
from summarizer.cli.commands import main
from summarizer.models import Judge, ModelInfo, Task, TextModel, catalogue
from summarizer.models.choice import default_model
from tests.conftest import ROOT, FakeModel

NAME = "word-list"


@pytest.fixture(autouse=True)
def engine(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The file that the page shows, imported; returns what it defines."""
    monkeypatch.setattr(catalogue, "_registered", {})
    page = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
    [code] = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "register(" in block]
    file = tmp_path / "word_list.py"
    file.write_text(code, encoding="utf-8")
    return runpy.run_path(str(file), run_name="word_list")


def models(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def listed() -> list[str]:
    """The words that the list has of the model, its state behind its name."""
    [told] = [block for block in models().stdout.split("\n\n") if block.startswith(f"{NAME}: ")]
    return told.replace(";", " ").replace(",", " ").split()


def ringkas() -> Summarizer:
    return Summarizer(FakeModel(), translation_model=NAME, force=True, confidence=False)


@pytest.mark.parametrize("method", ["max_input_tokens", "count_tokens", "generate"])
def test_a_model_that_lacks_a_method_is_told_as_it_is_made(engine: dict[str, Any], method: str) -> None:
    methods = {name: value for name, value in vars(engine["WordListModel"]).items() if callable(value)}
    del methods[method]
    incomplete = type("Incomplete", (TextModel,), methods)
    with pytest.raises(TypeError, match=method):
        incomplete("incomplete", {})


def test_it_is_listed_behind_the_models_of_the_catalogue() -> None:
    assert catalogue.load_catalogue()[0].name == catalogue.DEFAULT
    assert "CC0-1.0" in listed()
    assert "translate" in listed()


def test_it_is_prepared_at_its_first_use_and_translates() -> None:
    assert listed()[1] == "installed"
    assert ringkas().translate("Warga membuka taman.").text == "Residents open parks."
    assert listed()[1] == "ready"


def test_it_is_fetched_found_and_removed_by_the_commands() -> None:
    assert "is not ready" in models("path", NAME).stderr
    folder = models("fetch", NAME).stdout.strip()
    assert Path(folder).name == "word-list-1"
    assert models("path", NAME).stdout.strip() == folder
    assert models("remove", NAME).stdout.strip() == folder
    assert not Path(folder).exists()


def test_what_is_damaged_is_made_again() -> None:
    words = catalogue.prepare_model(NAME) / "words.json"
    content = words.read_bytes()
    words.write_bytes(b"{}")
    assert catalogue.status(catalogue.find_info(NAME)) == "installed"
    catalogue.prepare_model(NAME)
    assert words.read_bytes() == content


def test_results_depend_on_its_content() -> None:
    assert "word-list word-list-1" in ringkas().identity()


def test_what_it_does_not_say_has_the_answer_of_most_models() -> None:
    model = catalogue.load_model(NAME)
    assert model.rank_sentences([("", ["Warga membuka taman."])]) is None
    assert model.weigh_cuts([("", ["Warga membuka taman."])]) is None
    assert not isinstance(model, Judge)


def test_it_can_be_the_default() -> None:
    assert models("use", NAME).exit_code == 0
    assert default_model(Task.TRANSLATE) == NAME


def test_it_is_refused_what_it_was_not_made_for() -> None:
    with pytest.raises(ModelError, match="translation only"):
        Summarizer(NAME).check()
    with pytest.raises(ModelError, match="only on the processor"):
        catalogue.load_model(NAME, device="cuda")
    with pytest.raises(ModelError, match="takes no adapter"):
        catalogue.find_info(NAME, Path("adapter"))
    with pytest.raises(ModelError, match="no newest release"):
        catalogue.prepare_model(NAME, release="newest")


def test_a_name_of_the_catalogue_is_not_taken(engine: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="take another name"):
        catalogue.register(ModelInfo(catalogue.DEFAULT, "", engine["WordListEngine"]()))
