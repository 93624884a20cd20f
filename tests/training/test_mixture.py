from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import InputError
from summarizer.models.prompts import prompts_folder
from summarizer.training.mixture import Mixture, read_recipe
from summarizer.training.templates import Example, Templates

RECIPE: dict[str, Any] = {
    **read_recipe(),
    "translation": {"news": {"share": 1.0, "join": 0.5}},
    "summaries": {"press": {"share": 1.0}},
}


def test_the_recipe_says_of_every_set_what_it_is() -> None:
    recipe = read_recipe()
    for entry in (*recipe["translation"].values(), *recipe["summaries"].values()):
        assert 0 < entry["share"] <= 1
        assert entry["origin"]
        assert entry["licence"]


def test_templates() -> None:
    templates = Templates()
    assert templates.translate("Apa kabar?", "How are you?") == Example(
        "Indonesian: Apa kabar?\nEnglish:", " How are you?\n"
    )
    assert templates.summarize("Isi.", "Inti.").prompt == "Berita: Isi.\nRingkasan:"
    full = templates.summarize("Isi.", "Inti.", title="Judul {x}", length="short")
    assert full == Example("Judul: Judul {x}\nBerita: Isi.\nRingkasan pendek:", " Inti.\n")
    assert [templates.length_of("kata " * words) for words in (20, 37, 38, 54, 55, 2000)] == [
        "short",
        "short",
        "medium",
        "medium",
        "long",
        "long",
    ]


def test_damaged_template_is_one_clear_error(tmp_path: Path) -> None:
    shutil.copy(str(prompts_folder().joinpath("adapter", "translate.toml")), tmp_path)
    with pytest.raises(InputError, match=r"summarize\.toml"):
        Templates(tmp_path)


def test_draw_has_both_tasks_without_dev_text_and_without_losing_a_pair(data: Path) -> None:
    mixture = Mixture.read(data, RECIPE, Templates())
    examples = mixture.draw(seed=1, number=0)
    text = "".join(example.answer for example in examples)
    assert "president opened" not in text
    for part in ("two weeks", "15.5 percent", "heavy rain", "beat Malaysia", "new bridge"):
        assert text.count(part) == 1
    abstracts = [example for example in examples if "Ringkasan" in example.prompt]
    assert len(abstracts) == 1
    assert "ADVERTISEMENT" not in abstracts[0].prompt
    assert "news: 5 of 6 kept (in an evaluation set 1)" in mixture.report
    assert [(entry["name"], entry["kept"]) for entry in mixture.describe()] == [("news", 5), ("press", 1)]


def test_draw_depends_on_seed_and_pass_alone(data: Path) -> None:
    mixture = Mixture.read(data, RECIPE, Templates())
    again = Mixture.read(data, RECIPE, Templates())
    assert mixture.draw(1, 0) == again.draw(1, 0)
    draws = {tuple(mixture.draw(seed, number)) for seed in (1, 2) for number in range(3)}
    assert len(draws) > 3


def test_passes_join_neighbours_and_hide_titles_and_lengths_now_and_then(data: Path) -> None:
    mixture = Mixture.read(data, RECIPE, Templates())
    drawn = [example for number in range(20) for example in mixture.draw(1, number)]
    prompts = [example.prompt for example in drawn if "Ringkasan" in example.prompt]
    assert 0 < sum(prompt.startswith("Judul: Banjir di Bandung\n") for prompt in prompts) < 20
    assert 0 < sum(prompt.endswith("Ringkasan:") for prompt in prompts) < 20
    joined = [example for example in drawn if "two weeks. The price of rice" in example.answer]
    assert joined
    assert all("dua minggu. Harga beras" in example.prompt for example in joined)


def test_share_takes_a_part(data: Path) -> None:
    recipe = {**RECIPE, "translation": {"news": {"share": 0.4}}, "summaries": {}}
    assert len(Mixture.read(data, recipe, Templates()).draw(1, 0)) == 2


def test_missing_set_is_one_clear_error(data: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.id"):
        Mixture.read(data, {**RECIPE, "translation": {"nowhere": {"share": 1.0}}}, Templates())
