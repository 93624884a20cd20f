"""The model card of an exported adapter, written from what training and scoring found.

Beside the adapter lie ``training.json`` (settings, how far the run came, data) and ``scores.json`` (figures with
signatures); ``README.md`` is made from the two and never edited by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.errors import InputError
from summarizer.training import adapter
from summarizer.training.loop import read_checkpoint

_TRAINING, _SCORES, _CARD = "training.json", "scores.json", "README.md"
_START = "before.json"
_FAULTS = ("empty", "loops")
"""Metrics of form that a card shows: shares of the outputs, in percent."""

_HEAD = """# Ringkas adapter for Gemma 3 270M

A LoRA adapter (rank {rank}, alpha {rank}, every linear layer, 8 bits) that teaches the base model
`gemma-3-270m` (GGUF Q4_K_M, dequantised, vocabulary cut) to translate Indonesian into English and to write short
Indonesian abstracts of Indonesian news. It answers the prompts in `prompts/adapter`, without examples, with
one line.

Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms. The adapter is a
modification of Gemma, and the same terms and use restrictions apply to it.

## Training

Seed {seed}; {steps:,} steps, {tokens:,} tokens of {planned:,} planned{averaged}; {step:,} tokens or a few more to a
step; AdamW (betas 0.9 and 0.99, no weight decay), learning rate {rate:g} after {warmup:,} tokens, falling in a
straight line to 0 over the last {decay:.0%} of the planned tokens; gradient norm at most {clip:g}; loss on the answer
only, each example weighted with its length; softmax over the {frequent:,} commonest tokens, those wanted, and
{sampled:,} drawn ones in the place of the rest; adapter in float32{hours}.{before}{limits}

## Data

A share is the part of a set that each pass takes after filtering.

| task | set | origin | licence | kept | share |
|---|---|---|---|---:|---:|
"""

_FOOT = """
The filters leave out pairs of unlike length, repeated, copied, in the wrong language, with other numbers on the two
sides, without words that translate each other, with markup or damaged characters, and whatever shares eight words on
end with a dev set; and abstracts with numbers or names that their article lacks.
"""


def note_start(start: Path, run: Path) -> None:
    """Keep in the folder of a run what is known of the adapter that it starts from.

    Args:
        start: folder of an exported adapter, or a checkpoint of another run.
        run: folder of the run.
    """
    if start.is_dir():
        path = start / _TRAINING
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        before = known.get("before", [])
    else:
        known, before = read_checkpoint(start), read_start(start.parent)
    if known:
        _dump(run / _START, [*before, {name: known[name] for name in ("settings", "position")}])


def read_state(start: Path) -> dict[str, Any]:
    """Return what a run starts with: a checkpoint, or an exported adapter and how many tokens it had."""
    if not start.is_dir():
        return read_checkpoint(start)
    path = start / _TRAINING
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    tokens = sum(run["position"]["tokens"] for run in (*known.get("before", []), known) if run)
    return {"weights": adapter.read_exported(start), "before": tokens}


def read_start(run: Path) -> list[dict[str, Any]]:
    """Return the ``settings`` and the ``position`` of each run that a run's adapter came from, the oldest first."""
    path = run / _START
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return found


def read_run(folder: Path) -> dict[str, Any]:
    """Return the ``settings`` and the ``position`` of the run that an exported adapter is of.

    Raises:
        InputError: the folder holds no card.
    """
    try:
        known = json.loads((folder / _TRAINING).read_text(encoding="utf-8"))
        return {name: known[name] for name in ("settings", "position")}
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder} holds no exported adapter with its {_TRAINING}: {error}") from error


def write(folder: Path, training: dict[str, Any]) -> None:
    """Write the card of a fresh adapter.

    Args:
        folder: of the adapter.
        training: ``settings`` and ``position`` of a checkpoint, the steps ``averaged``, the runs ``with`` whose
            adapters it was averaged then (see `read_run`), its own ``share`` in that mean (None for the same), the
            ``hours`` that it took, what came ``before`` (see `read_start`), and ``data`` as
            `mixture.Mixture.describe` tells it. What people have seen it do wrong may be added to the file as
            ``limits``.
    """
    _dump(folder / _TRAINING, training)
    _render(folder)


def add_scores(folder: Path, run: Mapping[str, Any]) -> tuple[str, dict[str, float]]:
    """Put the figures that `python -m eval` found on a dev set into the card, in the place of older ones.

    Args:
        folder: of the adapter.
        run: the run file that ``summaries`` or ``translations`` wrote with ``--adapter FOLDER --raw``.

    Returns:
        The name of the set, and the figures by the label of the metric.

    Raises:
        InputError: the adapter wasn't measured in that run, or it isn't a run file.
    """
    try:
        systems = {system["name"]: system["scores"] for system in run["systems"]}
        scores, lead = systems.get(f"{folder.resolve().name} (raw)"), systems.get("lead-3", {})
        if scores is None:
            raise InputError(f"the run holds no system '{folder.resolve().name} (raw)': measure the adapter with --raw")
        shown = [metric for metric in run["metrics"] if metric["group"] == "quality" or metric["key"] in _FAULTS]
        found = _points(shown, scores)
        entry = {
            "items": len(run["items"]),
            "figures": found,
            "lead-3": _points([metric for metric in shown if metric["key"] not in _FAULTS], lead),
            "signatures": [f"{metric['label']} {metric['signature']}" for metric in shown],
        }
        name = str(run["data"]["name"])
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"this is no run file of 'python -m eval': {error!r}") from error
    path = folder / _SCORES
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    _dump(path, {**kept, name: entry})
    path = folder / _TRAINING
    # An adapter that came back from a GPU has no card yet; one of an older version of this package keeps its own.
    if path.is_file() and "step" in json.loads(path.read_text(encoding="utf-8"))["settings"]:
        _render(folder)
    return name, found


def _points(metrics: Sequence[Mapping[str, Any]], scores: Mapping[str, Any]) -> dict[str, float]:
    return {
        metric["label"]: scores[metric["key"]]["value"] * (100 if metric["percent"] else 1)
        for metric in metrics
        if metric["key"] in scores
    }


def figures(values: Mapping[str, float]) -> str:
    """Return figures on one line, to a tenth of a point."""
    return ", ".join(f"{name} {value:.1f}" for name, value in values.items())


def _render(folder: Path) -> None:
    training = json.loads((folder / _TRAINING).read_text(encoding="utf-8"))
    settings, position = training["settings"], training["position"]
    facts = {**settings, "planned": settings["tokens"], "steps": position["step"], "tokens": position["tokens"]}
    steps = training["averaged"]
    facts["averaged"] = f"; mean of the adapters of steps {', '.join(map(str, steps))}" if len(steps) > 1 else ""
    if training.get("with"):
        seeds = " and ".join(str(run["settings"]["seed"]) for run in training["with"])
        own = f" ({training['share']:.0%} of its own)" if training.get("share") else ""
        facts["averaged"] += f"; what ships is the mean{own} of its adapter and those of seeds {seeds}"
    facts["hours"] = f"; {training['hours']:.1f} hours" if "hours" in training else ""
    facts["before"] = _tell_before(training)
    facts["limits"] = f"\n\nLimits seen: {training['limits']}" if "limits" in training else ""
    text = _HEAD.format(**facts)
    for entry in training["data"]:
        text += "| {task} | {name} | {origin} | {licence} | {kept:,} | {share:g} |\n".format(**entry)
    text += _FOOT + "\n## Scores\n\nDecoding as it ships, nothing checked or repaired.\n\n"
    path = folder / _SCORES
    if not path.is_file():
        text += "Not measured yet.\n"
    else:
        found = json.loads(path.read_text(encoding="utf-8"))
        signatures: list[str] = []
        for name, entry in found.items():
            text += f"- {name}, {entry['items']} items: {figures(entry['figures'])}"
            text += f"; first three sentences: {figures(entry['lead-3'])}\n" if entry["lead-3"] else "\n"
            signatures += [signature for signature in entry["signatures"] if signature not in signatures]
        text += "\nSignatures:\n\n" + "".join(f"- `{signature}`\n" for signature in signatures)
    (folder / _CARD).write_text(text, encoding="utf-8")


def _tell_before(training: dict[str, Any]) -> str:
    runs = training.get("before", [])
    if not runs:
        return ""
    told = [
        "seed {seed}, {step:,} steps, {tokens:,} tokens, learning rate {rate:g}".format(
            **{**run["settings"], **run["position"]}
        )
        for run in runs
    ]
    total = sum(run["position"]["tokens"] for run in (*runs, training))
    return (
        f"\n\nThe run went on from an adapter that was trained before: {'; then '.join(told)}. {total:,} tokens in all."
    )


def _dump(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
