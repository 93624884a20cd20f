from pathlib import Path

from eval.ablation import weigh_rules
from eval.cleaning import JudgedPage
from summarizer.extraction.rules import load_rules
from tests.conftest import ARTICLE
from tests.eval.conftest import call


def test_a_rule_is_worth_the_sites_that_are_worse_without_it(tmp_path: Path) -> None:
    prompt = "SCROLL TO CONTINUE WITH CONTENT"
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\n{prompt}\n{ARTICLE}\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(f"{ARTICLE}\n", encoding="utf-8")
    body = (ARTICLE, ARTICLE)
    pages = [JudgedPage("a.txt", "a.id", body, junk=(prompt,)), JudgedPage("b.txt", "b.id", body[:1])]
    rules = load_rules()
    worths = {worth.name: worth for worth in weigh_rules(pages, tmp_path)}
    assert worths["line advert_prompt"].worse == ("a.id",)
    assert not any(worth.worse for name, worth in worths.items() if name != "line advert_prompt")
    assert not any(worth.better for worth in worths.values())
    # What was left out is back.
    assert [rule.name for rule in load_rules()] == [rule.name for rule in rules]


def test_the_command_names_the_sites_that_need_a_rule(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ARTICLE}\nADVERTISEMENT\n{ARTICLE}\n", encoding="utf-8")
    gold = tmp_path / "gold.json"
    gold.write_text(
        f'{{"a.txt": {{"site": "a.id", "body": ["{ARTICLE}", "{ARTICLE}"], "junk": []}}}}', encoding="utf-8"
    )
    assert "line advert_prompt: 1 sites need it (a.id)" in call("cleaning", tmp_path, gold, "--ablation").output
