from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import InputError
from summarizer.training import mixture as mixing
from summarizer.training.guided import BackTranslation, Guided, append_back
from summarizer.training.mixture import Collection, Mixture, collect, read_recipe
from summarizer.training.templates import Example, make_example, template
from tests.training.conftest import article_text

RECIPE: dict[str, Any] = {
    **read_recipe(),
    "pass": {"portion": 1.0},
    "rare": {},
    "reverse": {},
    "translation": {"news": {"share": 1.0, "join": 0.5}},
    "summaries": {"press": {"share": 1.0}},
    "headlines": {},
    "dictionary": {},
}


def mix(data: Path, recipe: dict[str, Any] = RECIPE) -> Mixture:
    return Mixture(collect(data, recipe), recipe)


def test_the_recipe_says_of_every_set_what_it_is() -> None:
    recipe = read_recipe()
    for entry in (entry for task in mixing.TASKS for entry in recipe[task].values()):
        assert entry["share"] > 0
        assert entry["origin"]
        assert entry["licence"]


def test_examples() -> None:
    assert make_example("translate", "Apa kabar?", "How are you?") == Example(
        "Indonesian: Apa kabar?\nEnglish:", " How are you?\n", is_pair=True
    )
    assert make_example("summarize", "Isi.", "Inti.").prompt == "Berita: Isi.\nRingkasan:"
    assert make_example("translate_en_id", "I came.", "Saya datang.") == Example(
        "English: I came.\nIndonesian:", " Saya datang.\n", is_pair=True
    )
    assert make_example("headline", "Isi\nberita.", "Inti") == Example("Berita: Isi berita.\nJudul:", " Inti\n")
    full = make_example("summarize", "Isi.", "Inti.", title="Judul {x}", length="short")
    assert full == Example("Judul: Judul {x}\nBerita: Isi.\nRingkasan pendek:", " Inti.\n")
    assert [template("summarize").length_of("kata " * words) for words in (20, 37, 38, 54, 55, 2000)] == [
        "short",
        "short",
        "medium",
        "medium",
        "long",
        "long",
    ]


def test_draw_has_both_tasks_without_dev_text_and_without_losing_a_pair(data: Path) -> None:
    mixture = mix(data)
    examples = mixture.draw(seed=1, number=0)
    text = "".join(example.answer for example in examples)
    assert "president opened" not in text
    for part in ("two weeks", "15.5 percent", "heavy rain", "beat Malaysia", "new bridge"):
        assert text.count(part) == 1
    abstracts = [example for example in examples if "Ringkasan" in example.prompt]
    assert len(abstracts) == 1
    assert "ADVERTISEMENT" not in abstracts[0].prompt
    assert "news: 5 of 6 kept (in an evaluation set 1)" in mixture.data.report
    assert [(entry["name"], entry["kept"]) for entry in mixture.describe()] == [("news", 5), ("press", 1)]


def test_draw_depends_on_seed_and_pass_alone(data: Path) -> None:
    mixture = mix(data)
    again = mix(data)
    assert mixture.draw(1, 0) == again.draw(1, 0)
    draws = {tuple(mixture.draw(seed, number)) for seed in (1, 2) for number in range(3)}
    assert len(draws) > 3


def test_passes_join_neighbours_and_hide_titles_and_lengths_now_and_then(data: Path) -> None:
    mixture = mix(data)
    drawn = [example for number in range(20) for example in mixture.draw(1, number)]
    prompts = [example.prompt for example in drawn if "Ringkasan" in example.prompt]
    assert 0 < sum(prompt.startswith("Judul: Banjir di Bandung\n") for prompt in prompts) < 20
    assert 0 < sum(prompt.endswith("Ringkasan:") for prompt in prompts) < 20
    joined = [example for example in drawn if "two weeks. The price of rice" in example.answer]
    assert joined
    assert all("dua minggu. Harga beras" in example.prompt for example in joined)


def test_share_takes_a_part(data: Path) -> None:
    recipe = {**RECIPE, "translation": {"news": {"share": 0.4}}, "summaries": {}}
    assert len(mix(data, recipe).draw(1, 0)) == 2


def test_missing_set_is_one_clear_error(data: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.id"):
        mix(data, {**RECIPE, "translation": {"nowhere": {"share": 1.0}}})


def test_a_collection_is_read_as_it_was_written(data: Path, tmp_path: Path) -> None:
    collected = collect(data, RECIPE)
    collected.write(tmp_path / "kept" / "all.json.gz")
    assert Collection.read(tmp_path / "kept" / "all.json.gz") == collected
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["all.json.gz"]
    assert set(collected.dev) == {"dev", "press"}
    with pytest.raises(InputError, match="lacks more: collect it again"):
        Mixture(collected, {**RECIPE, "headlines": {"more": {"share": 1.0}}})
    (tmp_path / "bad").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="cannot read the collected data"):
        Collection.read(tmp_path / "bad")


@pytest.mark.parametrize("share", [0.03, 0.3, 0.5, 1.0, 1.7])
def test_passes_take_everything_once_before_anything_twice(share: float) -> None:
    items = list(range(10))
    taken = [item for number in range(40) for item in mixing._turn(lambda _: items, share, number, "x")]
    assert abs(len(taken) - share * 40 * 10) <= 1
    for start in range(0, len(taken) - 10, 10):
        assert sorted(taken[start : start + 10]) == items
    assert mixing._turn(lambda _: [], share, 3, "x") == []


def test_a_part_is_learnt_in_the_other_direction(data: Path) -> None:
    drawn = mix(data, {**RECIPE, "reverse": {"share": 0.5}, "summaries": {}}).draw(1, 0)
    other = [example for example in drawn if example.prompt.startswith("English: ")]
    assert 0 < len(other) < len(drawn)
    assert all(example.prompt.endswith("\nIndonesian:") for example in other)


def lexical(data: Path) -> None:
    folder = data / "dictionaries"
    folder.mkdir()
    for name, translations in (
        ("wiktionary", "bridge\nbuild\nbuilding\nheavy\n"),
        ("muse", "bridge\nbuild\nrose\nheavy\n"),
    ):
        (folder / f"dict_{name}.id").write_text("jembatan\nbangun\nbangun\nlebat\n", encoding="utf-8")
        (folder / f"dict_{name}.en").write_text(translations, encoding="utf-8")


def test_rare_words_come_more_often(data: Path) -> None:
    lexical(data)
    translation = {"news": {"share": 1.0}}
    more = {**RECIPE, "rare": {"up_to": 1, "more": 2.0}, "summaries": {}, "translation": translation}
    drawn = "".join(example.prompt for example in mix(data, more).draw(1, 0))
    assert (drawn.count("jembatan baru"), drawn.count("dua minggu")) == (3, 1)


def test_dictionary_entries_are_short_translations(data: Path) -> None:
    lexical(data)
    recipe = {**RECIPE, "translation": {}, "summaries": {}, "dictionary": {"lexicon": {"share": 1.0}}}
    examples = mix(data, recipe).draw(1, 0)
    assert len(examples) == 3
    assert Example("Indonesian: lebat\nEnglish:", " heavy\n", is_pair=True) in examples
    # Words that the pairs show often needn't be taught alone.
    recipe |= {"translation": RECIPE["translation"], "dictionary": {"lexicon": {"share": 1.0, "up_to": 0}}}
    prompts = [example.prompt for example in mix(data, recipe).draw(1, 0)]
    assert [prompt for prompt in prompts if len(prompt.split()) == 3] == ["Indonesian: bangun\nEnglish:"]


def test_back_translations_are_told_apart_by_their_likelihood(data: Path) -> None:
    written = [
        ("The rider has a saddle.", "Penunggang itu memiliki pelana.", -0.2),
        ("The saddle burnt in the fire.", "Pelana itu terbakar api.", -0.7),
        ("The saddle was lost at sea.", "Pelana itu hilang di laut.", -2.0),
        ("The president opened the book fair in Jakarta on Monday.", "Presiden buka pameran.", -0.1),
    ]
    back = [BackTranslation(Guided(english, english, ()), text, score) for english, text, score in written]
    append_back(data / "back.jsonl", back)
    sets = {"sure": {"share": 1.0, "score": [-0.5, 0.0]}, "rest": {"share": 1.0, "score": [-1.0, -0.5], "tagged": True}}
    recipe = {**RECIPE, "translation": sets, "summaries": {}}
    drawn = Mixture(collect(data, recipe, back=data / "back.jsonl"), recipe).draw(1, 0)
    assert {example.prompt for example in drawn} == {
        "Indonesian: Penunggang itu memiliki pelana.\nEnglish:",
        "Machine Indonesian: Pelana itu terbakar api.\nEnglish:",
    }
    assert not Mixture(collect(data, recipe), recipe).draw(1, 0)


def test_headlines_are_learnt_from_the_beginning_of_articles(data: Path) -> None:
    (data / "news").mkdir()
    rows = [
        {"title": "[POPULER] Banjir Merendam 250 Rumah di Solo - Kabar.com", "text": article_text("Solo")},
        {"title": "Banjir Merendam 99 Rumah di Solo", "text": article_text("Solo baru")},
        {"meta": {"judul": "Banjir merendam rumah di Medan"}, "text": article_text("Medan")},
        {"meta": {}, "text": article_text("Palu")},
    ]
    with gzip.open(data / "news" / "own.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("".join(json.dumps(row) + "\n" for row in rows))
    recipe = {**RECIPE, "translation": {}, "summaries": {}, "headlines": {"own": {"share": 1.0, "words": 20}}}
    mixture = mix(data, recipe)
    (example,) = mixture.draw(1, 0)
    assert example.answer == " Banjir Merendam 250 Rumah di Solo\n"
    assert example.prompt.endswith("Minggu malam.\nJudul:")
    assert "own: 1 of 4 kept (" in mixture.data.report
    for reason in ("unsupported number 1", "in an evaluation set 1", "length 1"):
        assert reason in mixture.data.report
