"""Command line of the training package: ``python -m training --help``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from summarizer.errors import RingkasError
from training import TrainingError
from training.mixture import RECIPE
from training.settings import HOLD, TrainingSettings

if TYPE_CHECKING:
    from summarizer.models.embedded.model import EmbeddedModel
    from training.batches import Encoded

_collected = click.option(
    "--collected", "collected_file", type=Path, required=True, help="File that 'collect' wrote, of filtered text."
)
_recipe = click.option("--recipe", type=Path, default=RECIPE, help="Another recipe (TOML).")
_run = click.option("--run", "folder", type=Path, required=True, help="Folder of the run.")


@click.group(context_settings={"show_default": True})
def main() -> None:
    """Train an adapter for the embedded model, export it and measure it."""


@main.command()
@click.option("--data", type=Path, required=True, help="Folder of the training data.")
@click.option("--to", "target", type=Path, required=True, help="File for what is kept.")
@_recipe
def collect(data: Path, target: Path, recipe: Path) -> None:
    """Read and filter all text that the recipe names; this takes minutes, so it is done once."""
    from training import mixture

    collected = mixture.collect(data, mixture.read_recipe(recipe))
    collected.write(target)
    click.echo(collected.report)


@main.command()
@click.option(
    "--collected",
    "collected_file",
    type=Path,
    help="File that 'collect' wrote, to count the forms in; without it, they keep the counts that they have.",
)
def lexicon(collected_file: Path | None) -> None:
    """Make the lexicon of the package anew from training/lexicon."""
    from training import lexicon_data, mixture

    pairs = None
    if collected_file is not None:
        collected = mixture.Collection.read(collected_file)
        pairs = chain.from_iterable(collected.translation.values())
    count = lexicon_data.build(pairs)
    click.echo(f"{lexicon_data.TARGET}: {count:,} forms")


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """Add what decides on a run."""
    # Each option is put in front of those before.
    for setting in reversed(fields(TrainingSettings)):
        kind = float if setting.default is None else type(setting.default)
        name = "--" + setting.name.replace("_", "-")
        option = click.option(name, type=kind, default=setting.default, **setting.metadata)
        command = option(command)
    start = "Checkpoint of another run, or exported adapter, that a new run starts with."
    return click.option("--from", "start", type=Path, default=None, help=start)(command)


@main.command()
@_collected
@_run
@_recipe
@_settings
@click.option("--batch", type=click.IntRange(min=1), help="Tokens of a batch  [default: a step's share of a thread]")
@click.option("--save-every", type=float, default=180.0, help="Seconds between checkpoints.")
@click.option("--dev-every", type=click.IntRange(min=1), default=100, help="Steps between dev losses.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Threads, one for each core.")
@click.option("--compile", "is_compiled", is_flag=True, help="Compile what lies between products (needs a compiler).")
@click.option("--device", default="cpu", help="Of torch: cpu, or cuda for a GPU.")
def train(
    collected_file: Path,
    folder: Path,
    recipe: Path,
    start: Path | None,
    batch: int | None,
    save_every: float,
    dev_every: int,
    workers: int,
    is_compiled: bool,
    device: str,
    **settings: Any,
) -> None:
    """Train an adapter, or go on with a run that was stopped.

    SIGTERM or Ctrl-C stops it at the next step, with a checkpoint.
    """
    chosen = TrainingSettings(**settings)
    from training import adapter, loop

    dtype = adapter.best_dtype(device)
    checkpoint, draw, dev = _prepare(collected_file, recipe, folder, start, chosen)
    model = adapter.load(checkpoint, chosen.rank, chosen.seed, is_compiled, dtype, device)
    model.head = adapter.find_head(folder, model, chosen.seed)
    trainer = loop.Trainer(model, draw, chosen, folder, dev, batch, workers if device == "cpu" else 1)
    click.echo(f"from step {trainer.position.step}, {trainer.position.tokens:,} tokens, products in {dtype}")
    is_finished = trainer.train(save_every, dev_every)
    click.echo(f"{'finished' if is_finished else 'stopped'} at step {trainer.position.step}")


def _prepare(
    collected_file: Path, recipe: Path, folder: Path, start: Path | None, settings: TrainingSettings
) -> tuple[Path, Callable[[int], list[Encoded]], dict[str, list[Encoded]]]:
    """Make the folder of a run; return the base, what draws a pass, and the dev sets.

    A run that starts from an adapter gets it as its first checkpoint.
    """
    from summarizer.models.catalogue import BASE, prepare_model
    from training import loop, mixture
    from training.examples import encode, load_tokenizer

    collected = mixture.Collection.read(collected_file)
    mixed = mixture.Mixture(collected, mixture.read_recipe(recipe))
    checkpoint = prepare_model(BASE)
    tokenizer = load_tokenizer(checkpoint)
    folder.mkdir(parents=True, exist_ok=True)
    is_new = not (folder / loop.LAST).is_file()
    if is_new:
        described = json.dumps(mixed.describe(), indent=2, ensure_ascii=False)
        (folder / loop.DATA).write_text(described + "\n", encoding="utf-8")
    if start and is_new:
        _write_start(start, folder, settings)

    def draw(number: int) -> list[Encoded]:
        return encode(mixed.draw(settings.seed, number), tokenizer, settings.max_loss)

    dev = {name: encode(examples, tokenizer) for name, examples in collected.dev.items()}
    return checkpoint, draw, dev


def _write_start(start: Path, folder: Path, settings: TrainingSettings) -> None:
    """Write the adapter that a run starts from as its first checkpoint, in the rank of the run."""
    from training import adapter, card, loop

    weights, runs = card.read_start(start)
    (folder / loop.BEFORE).write_text(json.dumps(runs, indent=2) + "\n", encoding="utf-8")
    adapter.copy_head(start if start.is_dir() else start.parent, folder)
    tokens_before = sum(run["position"]["tokens"] for run in runs)
    not_higher = adapter.truncate(weights, settings.rank)
    state = {
        "settings": asdict(settings),
        "position": asdict(loop.Position(before=tokens_before)),
        "weights": adapter.widen(not_higher, settings.rank, settings.seed),
    }
    loop.write_checkpoint(folder / loop.LAST, state)


@main.command()
@_run
@click.option("--to", "target", type=Path, required=True, help="Folder of the adapter.")
@click.option(
    "--with",
    "others",
    type=Path,
    multiple=True,
    help="Exported adapter that the run came from, by way of others or not; the mean of all is written.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1),
    default=None,
    help="Part of the run's own adapter in that mean  [default: the same of each]",
)
def export(folder: Path, target: Path, others: Sequence[Path], share: float | None) -> None:
    """Write the adapter of a run, at any time, with a model card."""
    from training import adapter, card, loop

    state = loop.read_checkpoint(folder / loop.LAST)
    rank = state["settings"]["rank"]
    training = {
        "settings": state["settings"],
        "position": state["position"],
        "with": [card.read_run(other) for other in others],
        "share": share,
        "hours": state["position"]["seconds"] / 3600,
        "before": card.load(folder / loop.BEFORE, []),
        "data": card.load(folder / loop.DATA, []),
    }
    adapters = [state["weights"]]
    for other in others:
        adapters.append(adapter.truncate(adapter.read_exported(other), rank))
    adapter.export(adapter.average(adapters, share), target)
    adapter.copy_head(folder, target)
    card.write(target, training)
    size = (target / "adapter_model.safetensors").stat().st_size / 1e6
    click.echo(f"{target}: step {state['position']['step']}, {size:.1f} MB")


@main.command()
@_collected
@click.option("--adapter", type=Path, required=True, help="Exported adapter.")
@click.option("--to", "target", type=Path, required=True, help="File of the steps.")
@click.option("--examples", "count", type=click.IntRange(min=1), default=80, help="Examples that are read.")
@_recipe
def steps(collected_file: Path, adapter: Path, target: Path, count: int, recipe: Path) -> None:
    """Find the steps that the embedded model rounds its vectors to, on training text."""
    from safetensors.numpy import save_file

    from summarizer.models.catalogue import BASE, prepare_model
    from training import mixture, smoothing
    from training.examples import encode, load_tokenizer

    checkpoint = prepare_model(BASE, adapter=adapter)
    mixed = mixture.Mixture(mixture.Collection.read(collected_file), mixture.read_recipe(recipe))
    drawn = mixed.draw(seed=0, number=0)
    short: list[Encoded] = []
    for example in encode(drawn, load_tokenizer(checkpoint)):
        if len(example.ids) <= smoothing.LONGEST and not example.is_article:
            short.append(example)
    save_file(smoothing.find_steps(checkpoint, short[:count]), target)


@main.command()
@click.option("--data", type=Path, required=True, help="Folder of the training data, with its articles.")
@click.option("--adapter", type=Path, required=True, help="Exported adapter, whose head is fitted anew.")
@click.option("--articles", "count", type=click.IntRange(min=20), default=1600, help="Articles that are read.")
@click.option("--hold", type=click.FloatRange(min=0), default=HOLD, help="What it costs to leave the head before.")
@_recipe
def ranking(data: Path, adapter: Path, count: int, hold: float, recipe: Path) -> None:
    """Fit the head that tells which sentences belong to an abstract, on articles whose best sentences are known.

    One in ten of the articles is kept apart. The head that the adapter has stays unless the new one ranks more of the
    chosen sentences of these highest; then try another --hold.
    """
    from safetensors.numpy import load_file, save_file

    from summarizer.models.adapter_files import RANKING
    from training import mixture
    from training import ranking as fitting
    from training.articles import Junk

    settings = mixture.read_recipe(recipe)
    choices = fitting.read_choices(data, Junk(settings["junk"]), settings["limits"]["article"], count)
    if len(choices) < fitting.FEWEST_ARTICLES:
        raise TrainingError(
            f"{data} has {len(choices)} articles whose best sentences are known, and a head needs "
            f"{fitting.FEWEST_ARTICLES}: it must be the folder that 'collect' reads"
        )
    click.echo(f"{len(choices)} articles")
    path = adapter / RANKING
    before = load_file(path) if path.is_file() else None
    read = list(fitting.read_sentences(_load_embedded(adapter), choices))
    fitted = fitting.fit_and_measure(read, before, hold)
    if fitted.hits_before is not None:
        click.echo(f"chosen sentences that are ranked highest: {fitted.hits_before:.3f} before")
    click.echo(f"chosen sentences that are ranked highest: {fitted.hits:.3f} now")
    if not fitted.is_better:
        click.echo(f"{path} stays as it is")
        return
    save_file(dict(fitted.head), path)
    click.echo(f"wrote {path}; as many sentences as were chosen have log-odds of {fitted.threshold:.2f} or more")


def _load_embedded(adapter: Path) -> EmbeddedModel:
    """Return the embedded model with an exported adapter; its states are read.

    Raises:
        ModelError: the adapter is missing or damaged.
        TrainingError: the model of the catalogue is of another kind.
    """
    from summarizer.models.catalogue import BASE, load_model
    from summarizer.models.embedded.model import EmbeddedModel

    model = load_model(BASE, adapter=adapter)
    if not isinstance(model, EmbeddedModel):
        raise TrainingError(f"{model.name} has no states to read")
    return model


@main.command()
@click.option("--data", type=Path, required=True, help="Folder of the training data, with the articles that were cut.")
@click.option("--adapter", type=Path, required=True, help="Exported adapter, to whose folder the weights are written.")
@click.option("--folds", is_flag=True, help="Also tell how well the second is told of abstracts that it hasn't seen.")
@_recipe
def cutting(data: Path, adapter: Path, folds: bool, recipe: Path) -> None:
    """Fit what weighs which words an abstract can do without, and whether a sentence stands without them.

    The first is learnt from abstracts that were cut by hand, the second from cuts that were read and judged.
    """
    from safetensors.numpy import save_file

    from summarizer.models.adapter_files import CUTTING
    from training import cutting as fitting
    from training import mixture, standing
    from training.articles import Junk, digest

    junk = Junk(mixture.read_recipe(recipe)["junk"])
    abstracts = fitting.read_cuts(data, junk)
    judged = standing.read_judgements()
    known: set[str] = set()
    for abstract in abstracts:
        known.update(map(digest, abstract.sentences))
    uncut = fitting.read_uncut(data, junk, {cut.sentence for cut in judged} - known, known)
    click.echo(f"{len(abstracts)} abstracts cut by hand, {len(uncut)} others, {len(judged)} judged cuts")
    abstracts += uncut
    read = fitting.read_sentences(_load_embedded(adapter), abstracts)
    if folds:
        for line in standing.measure(read, judged):
            click.echo(line)
    sentences = list(chain.from_iterable(read))
    weights = fitting.fit(sentences)
    weights |= standing.fit_standing(weights, standing.pair_judgements(sentences, judged))
    save_file(weights, adapter / CUTTING)
    click.echo(f"wrote {adapter / CUTTING}")


@main.command()
@click.option("--adapter", "folder", type=Path, required=True, help="Exported adapter; its card gets the figures.")
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def score(folder: Path, runs: Sequence[Path]) -> None:
    """Put the figures of RUNS, files that 'python -m eval' wrote with --adapter and --raw, into an adapter's card."""
    from training import card

    for path in runs:
        name, points = card.add_scores(folder, card.load(path))
        click.echo(f"{name}: {card.figures(points)}")


if __name__ == "__main__":
    # Threads that spin while they wait take the time of those they wait for: with one of two cores taken by
    # another program, this makes training six times as fast, and costs nothing on an idle machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        main.main(standalone_mode=True)
    except (RingkasError, TrainingError, OSError) as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
