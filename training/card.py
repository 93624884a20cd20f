"""The model card of an exported adapter, written from what training and scoring found.

Beside the adapter lie ``training.json`` (settings, how far the run came, data) and ``scores.json`` (figures with
signatures); ``README.md`` is made from the two and never edited by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training import TrainingError, adapter
from training.loop import BEFORE, read_checkpoint

_TRAINING = "training.json"
_SCORES = "scores.json"
_CARD = "README.md"
_FAULTS = ("empty", "loops")
"""Metrics of form that a card shows: shares of the outputs, in percent."""

_HEAD = """# Ringkas adapter for Gemma 3 270M

A LoRA adapter (rank {rank}, alpha {rank}, every linear layer, 8 bits) that teaches the base model
`gemma-3-270m` (GGUF Q4_K_M, dequantised, vocabulary cut) to translate Indonesian into English, and to tell which
sentences of Indonesian news belong to an abstract. It reads the prompts in `prompts/adapter`, without examples;
translations are one line.

Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms. The adapter is a
modification of Gemma, and the same terms and use restrictions apply to it.

## Training

Seed {seed}; {steps:,} steps, {tokens:,} tokens of {planned:,} planned{averaged}; {step:,} tokens or a few more to a
step; AdamW (betas 0.9 and 0.99, no weight decay), learning rate {rate:g} after {warmup:,} tokens, falling in a
straight line to 0 over the last {decay:.0%} of the planned tokens; gradient norm at most {clip:g}; loss on the answer,
or on the choice of sentences, each example weighted with its length; softmax over the {frequent:,} commonest tokens,
those wanted, and {sampled:,} drawn ones in the place of the rest{truncated}; adapter in
float32{hours}.{before}{limits}

## Data

A share is how often a set comes in one round, after filtering; a run may be less than a round.

| task | set | origin | licence | kept | share |
|---|---|---|---|---:|---:|
"""

_FOOT = """
The filters leave out pairs of unlike length, repeated, copied, in the wrong language, with other numbers on the two
sides, with markup or damaged characters, and whatever shares eight words on end with a dev set; and abstracts with
numbers or names that their article lacks. Of articles, it learns which sentences their abstracts are made of.
"""


def read_start(start: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return an exported adapter, or that of a checkpoint, and ``settings`` and ``position`` of the runs it came from.

    Raises:
        TrainingError: there is no such thing, or it is damaged.
    """
    if start.is_dir():
        weights = adapter.read_exported(start)
        before = load(start / _TRAINING, {}).get("before", [])
        return weights, [*before, read_run(start)]
    state = read_checkpoint(start)
    before = load(start.parent / BEFORE, [])
    return state["weights"], [*before, _run_of(state)]


def read_run(folder: Path) -> dict[str, Any]:
    """Return the ``settings`` and the ``position`` of the run that an exported adapter is of.

    Raises:
        TrainingError: the folder holds no card.
    """
    known = load(folder / _TRAINING, {})
    if not known:
        raise TrainingError(f"{folder} holds no exported adapter with its {_TRAINING}")
    return _run_of(known)


def _run_of(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``settings`` and ``position`` of a run, from a checkpoint or from what is known of its training."""
    return {"settings": known["settings"], "position": known["position"]}


def write(folder: Path, training: Mapping[str, Any]) -> None:
    """Write the card of a fresh adapter.

    Args:
        folder: of the adapter.
        training: ``settings`` and ``position`` of a checkpoint, the runs ``with`` whose adapters it was averaged (see
            `read_run`), its own ``share`` in that mean (None for the same), the ``hours`` that it took, what came
            ``before`` (see `read_start`), and ``data`` as `mixture.Mixture.describe` tells it. What people have seen it
            do wrong may be added to the file as ``limits``.
    """
    _dump(folder / _TRAINING, training)
    _write(folder)


def add_scores(folder: Path, run: Mapping[str, Any]) -> tuple[str, dict[str, float]]:
    """Put the figures that `python -m eval` found on a dev set into the card, in the place of older ones.

    Args:
        folder: of the adapter.
        run: the run file that ``translations`` wrote with ``--adapter FOLDER --raw``.

    Returns:
        The name of the set, and the figures by the label of the metric.

    Raises:
        TrainingError: the adapter wasn't measured in that run, or it isn't a run file.
    """
    try:
        scores_of_systems = {system["name"]: system["scores"] for system in run["systems"]}
        name_of_system = f"{folder.resolve().name} (raw)"
        scores = scores_of_systems.get(name_of_system)
        if scores is None:
            raise TrainingError(f"the run holds no system '{name_of_system}': measure the adapter with --raw")
        shown: list[Mapping[str, Any]] = []
        signatures: list[str] = []
        for metric in run["metrics"]:
            if metric["group"] == "quality" or metric["key"] in _FAULTS:
                shown.append(metric)
                signatures.append(f"{metric['label']} {metric['signature']}")
        points = _points(shown, scores)
        entry = {"items": len(run["items"]), "figures": points, "signatures": signatures}
        name = str(run["data"]["name"])
    except (KeyError, TypeError, AttributeError) as error:
        raise TrainingError(f"this is no run file of 'python -m eval': {error!r}") from error
    older = load(folder / _SCORES, {})
    _dump(folder / _SCORES, {**older, name: entry})
    if (folder / _TRAINING).is_file():
        _write(folder)
    return name, points


def _points(metrics: Sequence[Mapping[str, Any]], scores: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores by the labels of their metrics, shares in percent; those that there are."""
    points: dict[str, float] = {}
    for metric in metrics:
        if metric["key"] not in scores:
            continue
        value = scores[metric["key"]]["value"]
        if metric["percent"]:
            value *= 100
        points[metric["label"]] = value
    return points


def figures(values: Mapping[str, float]) -> str:
    """Return figures on one line, to a tenth of a point."""
    return ", ".join(f"{name} {value:.1f}" for name, value in values.items())


def _write(folder: Path) -> None:
    text = render(load(folder / _TRAINING, {}), load(folder / _SCORES, {}))
    (folder / _CARD).write_text(text, encoding="utf-8")


def render(training: Mapping[str, Any], scores: Mapping[str, Any]) -> str:
    """Return the text of a card; see `write` and `add_scores`."""
    settings = training["settings"]
    position = training["position"]
    facts = {
        **settings,
        "planned": settings["tokens"],
        "steps": position["step"],
        "tokens": position["tokens"],
        "averaged": _tell_average(training),
        "truncated": "",
        "hours": "",
        "before": _tell_before(training),
        "limits": "",
    }
    if settings.get("max_loss"):
        facts["truncated"] = f"; translations that cost more than {settings['max_loss']:g} nats a token left out"
    if "hours" in training:
        facts["hours"] = f"; {training['hours']:.1f} hours"
    if "limits" in training:
        facts["limits"] = f"\n\nLimits seen: {training['limits']}"
    text = _HEAD.format(**facts)
    for entry in training["data"]:
        text += "| {task} | {name} | {origin} | {licence} | {kept:,} | {share:g} |\n".format(**entry)
    text += _FOOT + "\n## Scores\n\nDecoding as it ships, nothing checked or repaired.\n\n"
    if not scores:
        return text + "Not measured yet.\n"
    signatures: list[str] = []
    for name, entry in scores.items():
        text += f"- {name}, {entry['items']} items: {figures(entry['figures'])}\n"
        signatures += entry["signatures"]
    text += "\nSignatures:\n\n"
    # Each once, in the order in which they first come.
    for signature in dict.fromkeys(signatures):
        text += f"- `{signature}`\n"
    return text


def _tell_average(training: Mapping[str, Any]) -> str:
    """Say which adapters the one of a run was averaged with, or return ""."""
    others = training.get("with", [])
    if not others:
        return ""
    seeds = " and ".join(str(run["settings"]["seed"]) for run in others)
    those = "that of seed" if len(others) == 1 else "those of seeds"
    weighted = f" ({training['share']:.0%} of its own)" if training.get("share") else ""
    return f"; what ships is the mean{weighted} of its adapter and {those} {seeds}"


def _tell_before(training: Mapping[str, Any]) -> str:
    """Say what came before a run, or return ""."""
    runs = training.get("before", [])
    if not runs:
        return ""
    descriptions: list[str] = []
    total = training["position"]["tokens"]
    for run in runs:
        seed = run["settings"]["seed"]
        rate = run["settings"]["rate"]
        step = run["position"]["step"]
        tokens = run["position"]["tokens"]
        descriptions.append(f"seed {seed}, {step:,} steps, {tokens:,} tokens, learning rate {rate:g}")
        total += tokens
    listed = "; then ".join(descriptions)
    return f"\n\nThe run went on from an adapter that was trained before: {listed}. {total:,} tokens in all."


def load(path: Path, default: Any = None) -> Any:
    """Return what is in a JSON file, or ``default`` where there is none.

    Raises:
        TrainingError: it is damaged.
    """
    if not path.is_file():
        return default
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(f"{path} is damaged: {error}") from error


def _dump(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
