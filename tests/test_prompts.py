from __future__ import annotations

from pathlib import Path

import pytest

from summarizer import prompts
from summarizer.models.base import Task
from summarizer.prompts import Prompt, load_prompt


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("style", ["few_shot", "adapter"])
def test_shipped_prompts(style: str, task: Task) -> None:
    prompt = load_prompt(style, task)
    assert prompt.prefix.endswith(":")
    assert prompt.suffix.startswith("\n")
    assert prompt.suffix.endswith(":")
    assert not any(line != line.strip() for line in prompt.prefix.split("\n"))
    assert "{" not in prompt.prefix + prompt.suffix


def write(folder: Path, text: str) -> None:
    (folder / "gaya").mkdir()
    (folder / "gaya" / "kata.toml").write_text(text, encoding="utf-8")


def test_filling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        'prompt = "A: {text}\\nB{length}:"\nanswer = " {answer}\\n"\n'
        '[[examples]]\ntext = "{answer}"\nanswer = "{dua}"\n',
    )
    monkeypatch.setattr(prompts, "prompts_folder", lambda: tmp_path)
    load_prompt.cache_clear()
    assert load_prompt("gaya", "kata") == Prompt("A: {answer}\nB: {dua}\n\nA:", "\nB:", ("A:", "B:"))


@pytest.mark.parametrize(("prompt", "answer"), [("A:", "{answer}"), ("A: {text}", "B"), ("", "")])
def test_a_wrong_template_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prompt: str, answer: str) -> None:
    write(tmp_path, f'prompt = "{prompt}"\nanswer = "{answer}"\n')
    monkeypatch.setattr(prompts, "prompts_folder", lambda: tmp_path)
    load_prompt.cache_clear()
    with pytest.raises(ValueError, match="must hold"):
        load_prompt("gaya", "kata")
