import pytest

from summarizer import prompts
from summarizer.models.base import Task
from summarizer.prompts import Prompt, load_prompt


@pytest.mark.parametrize("task", list(Task))
def test_shipped_prompts(task: Task) -> None:
    prompt = load_prompt(task)
    assert prompt.prefix.endswith(":")
    assert prompt.suffix.startswith("\n")
    assert prompt.suffix.endswith(":")
    assert not any(line != line.strip() for line in prompt.prefix.split("\n"))


def test_filling(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "kata.toml").write_text(
        'template = "A: {source}\\nB: {target}"\nseparator = "\\n\\n"\n'
        '[[examples]]\nsource = "{target}"\ntarget = "dua"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(prompts, "_folder", lambda: tmp_path)
    assert load_prompt("kata") == Prompt("A: {target}\nB: dua\n\nA:", "\nB:", ("A:", "B:"))


@pytest.mark.parametrize("template", ["A: {source}", "{target}", "{source} {target} .", ""])
def test_a_wrong_template_is_refused(tmp_path, monkeypatch, template: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / f"salah{len(template)}.toml").write_text(f'template = "{template}"\nseparator = ""\n', encoding="utf-8")
    monkeypatch.setattr(prompts, "_folder", lambda: tmp_path)
    with pytest.raises(ValueError, match="template"):
        load_prompt(f"salah{len(template)}")
