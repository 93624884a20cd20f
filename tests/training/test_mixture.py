import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.training.conftest import PAIRS
from training import TrainingError
from training.examples import Choice, Example, make_example
from training.mixture import RECIPE as SHIPPED
from training.mixture import Collection, Mixture, collect, read_recipe

RECIPE: dict[str, Any] = {
    **read_recipe(),
    "pass": {"portion": 1.0},
    "rare": {"up_to": 0, "more": 0.0},
    "reverse": {"share": 0.0},
    "guidance": {"share": 0.0, "words": [1], "most": 0.5, "choice": 0.0},
    "translation": {"news": {"share": 1.0, "join": 0.5}},
    "summaries": {"press": {"share": 1.0}},
}


def mix(data: Path, **changes: Any) -> Mixture:
    recipe = {**RECIPE, **changes}
    return Mixture(collect(data, recipe), recipe)


def split(drawn: Sequence[Example | Choice]) -> tuple[list[Choice], list[Example]]:
    """Return what is to be chosen, and what is to be answered."""
    return [one for one in drawn if isinstance(one, Choice)], [one for one in drawn if isinstance(one, Example)]


def test_the_recipe_to_try_with_takes_text_of_this_repository_alone() -> None:
    recipe = read_recipe(SHIPPED.with_name("try.toml"))
    assert all("corpus" in settings for settings in recipe["translation"].values())
    assert "summaries" not in recipe


def test_a_recipe_says_of_every_set_what_it_is(tmp_path: Path) -> None:
    tables = "[pass]\n[rare]\n[reverse]\n[drop]\n[translation]\na = {share = 1}"
    for text, message in (("= 3", "cannot read the recipe"), (tables, r"\[limits\], licence of a, origin of a")):
        (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
        with pytest.raises(TrainingError, match=message):
            read_recipe(tmp_path / "recipe.toml")


def test_an_example_is_a_prompt_and_its_answer() -> None:
    assert make_example("translate", "Apa kabar?", "How are you?") == Example(
        "Indonesian: Apa kabar?\nEnglish:", " How are you?\n", is_pair=True
    )
    assert make_example("translate_en_id", "I came.", "Saya datang.", trusted=True) == Example(
        "English: I came.\nIndonesian:", " Saya datang.\n", is_pair=False
    )


def test_a_pass_has_all_tasks_without_dev_text_and_without_losing_a_pair(data: Path) -> None:
    mixture = mix(data)
    [choice], examples = split(mixture.draw(seed=1, number=0))
    text = "".join(example.answer for example in examples)
    assert "president opened" not in text
    for part in ("two weeks", "15.5 percent", "heavy rain", "beat Malaysia", "new bridge"):
        assert text.count(part) == 1
    assert "ADVERTISEMENT" not in choice.sentences
    assert choice.best
    assert "news: 5 of 6 kept (in an evaluation set 1)" in mixture.data.report
    assert [(entry["name"], entry["kept"]) for entry in mixture.describe()] == [("news", 5), ("press", 1)]


def test_no_pair_is_of_a_dev_article_and_no_dev_set_may_be_missing(data: Path) -> None:
    dev = data / "summaries" / "press.dev.jsonl"
    dev.write_text(json.dumps({"text": f"Kata mereka, {PAIRS[2][0]}", "summary": "Beras naik."}), encoding="utf-8")
    assert "news: 4 of 6 kept (in an evaluation set 2)" in mix(data).data.report
    dev.unlink()
    with pytest.raises(TrainingError, match="no dev set of summaries"):
        mix(data)


def test_passes_join_neighbours_and_hide_titles_now_and_then(data: Path) -> None:
    mixture = mix(data)
    assert mixture.draw(1, 0) == mix(data).draw(1, 0) != mixture.draw(2, 0)
    choices, drawn = split([example for number in range(20) for example in mixture.draw(1, number)])
    assert {choice.title for choice in choices} == {"", "Banjir di Bandung"}
    joined = [example.prompt for example in drawn if "two weeks. The price of rice" in example.answer]
    assert {"dua minggu. Harga beras" in prompt for prompt in joined} == {True}


def test_a_share_is_taken_and_a_part_of_it_in_the_other_direction(data: Path) -> None:
    assert len(mix(data, translation={"news": {"share": 0.4}}, summaries={}).draw(1, 0)) == 2
    _, drawn = split(mix(data, reverse={"share": 0.5}, summaries={}).draw(1, 0))
    other = [example for example in drawn if example.prompt.startswith("English: ")]
    assert 0 < len(other) < len(drawn)
    assert all(example.prompt.endswith("\nIndonesian:") for example in other)


@pytest.mark.parametrize(("up_to", "drawn"), [(1, 3 * 5), (0, 5)])
def test_pairs_with_rare_words_come_more_often(data: Path, up_to: int, drawn: int) -> None:
    mixture = mix(data, rare={"up_to": up_to, "more": 2.0}, summaries={}, translation={"news": {"share": 1.0}})
    assert len(mixture.draw(1, 0)) == drawn


def test_text_written_for_ringkas_is_trusted(data: Path) -> None:
    sets = {"ringkas-words": {"share": 0.01, "corpus": "words", "trusted": True}, "news": {"share": 1.0}}
    _, drawn = split(mix(data, translation=sets, summaries={}).draw(1, 0))
    assert 100 < sum(not example.is_pair for example in drawn) < 200
    assert sum(example.is_pair for example in drawn) == 5


def test_a_collection_is_read_as_it_was_written(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "kept" / "all.json.gz"
    collected = collect(data, RECIPE)
    collected.write(target)
    assert Collection.read(target) == collected
    assert [path.name for path in target.parent.iterdir()] == ["all.json.gz"]
    assert set(collected.dev) == {"dev", "dev en-id", "press"}
    with pytest.raises(TrainingError, match="lacks more"):
        Mixture(collected, {**RECIPE, "summaries": {"more": {"share": 1.0}}})
    (tmp_path / "bad").write_bytes(b"no gzip")
    with pytest.raises(TrainingError, match="cannot read the collected data"):
        Collection.read(tmp_path / "bad")
    with pytest.raises(TrainingError, match=r"nowhere\.id"):
        mix(data, translation={"nowhere": {"share": 1.0}})


@pytest.mark.parametrize("share", [0.03, 0.3, 0.5, 1.0, 1.7])
def test_passes_take_everything_once_before_anything_twice(data: Path, share: float) -> None:
    mixture = mix(data, translation={"news": {"share": share}}, summaries={})
    _, taken = split([example for number in range(40) for example in sorted(mixture.draw(1, number), key=str)])
    assert abs(len(taken) - share * 40 * 5) <= 1
    counts = [sum(pair[1] in example.answer for example in taken) for pair in PAIRS[1:]]
    assert max(counts) - min(counts) <= 1
