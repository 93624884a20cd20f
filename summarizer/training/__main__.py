"""Command line of the training package: ``python -m summarizer.training --help``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from summarizer.errors import InputError, RingkasError


@click.group()
def main() -> None:
    """Train an adapter for the embedded model, export it and measure it."""


@main.command()
@click.option("--data", type=Path, required=True, help="Folder of the training data.")
@click.option("--to", "target", type=Path, required=True, help="File for what is kept.")
@click.option("--recipe", type=Path, default=None, help="Another recipe (TOML).")
@click.option("--back", type=Path, default=None, help="File of back-translations; none without it.")
@click.option("--own", type=Path, default=None, help="File of the model's own translations; none without it.")
def collect(data: Path, target: Path, recipe: Path | None, back: Path | None, own: Path | None) -> None:
    """Read and filter all text that the recipe names; this takes minutes, so it is done once."""
    from summarizer.training import mixture

    found = mixture.collect(data, mixture.read_recipe(recipe or mixture.RECIPE), back=back, own=own)
    found.write(target)
    click.echo(found.report)


@main.command(name="back")
@click.option("--data", type=Path, required=True, help="Folder of the training data.")
@click.option("--collected", type=Path, required=True, help="File of collected text: it tells which words are rare.")
@click.option("--to", "target", type=Path, required=True, help="File of back-translations; one that is there grows.")
@click.option("--adapter", type=Path, default=None, help="Exported adapter to write with.  [default: what ships]")
@click.option("--count", type=int, default=60_000, show_default=True, help="Sentences of the file.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the choice of sentences.")
def translate_back(data: Path, collected: Path, target: Path, adapter: Path | None, count: int, seed: int) -> None:
    """Put English news into Indonesian, with rare words by the lexicon; to be learnt from with 'collect --back'.

    A run that was stopped goes on where it was.
    """
    from summarizer.models import BASE, DEFAULT, prepare_model
    from summarizer.training import guided, mixture
    from summarizer.training.back import BackTranslator

    chosen = guided.choose(data, mixture.Collection.read(collected).counts, count, seed)
    done = {one.guided.text for one in guided.read_back(target)} if target.exists() else set()
    left = [item for item in chosen if item.text not in done]
    click.echo(f"{len(chosen):,} sentences, {len(left):,} left")
    translator = BackTranslator(prepare_model(BASE, adapter=adapter) if adapter else prepare_model(DEFAULT))
    for start in range(0, len(left), 1024):
        for written in translator.write(left[start : start + 1024]):
            guided.append_back(target, written)


@main.command(name="self")
@click.option("--data", type=Path, required=True, help="Folder of the training data.")
@click.option("--to", "target", type=Path, required=True, help="File of translations; one that is there grows.")
@click.option("--recipe", type=Path, default=None, help="Another recipe (TOML).")
@click.option("--adapter", type=Path, default=None, help="Exported adapter to write with.  [default: what ships]")
@click.option("--count", type=int, default=3000, show_default=True, help="Sentences of the file.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the choice of sentences.")
def translate_own(data: Path, target: Path, recipe: Path | None, adapter: Path | None, count: int, seed: int) -> None:
    """Put Indonesian news into English, to be learnt from with 'collect --own'.

    A run that was stopped goes on where it was.
    """
    from summarizer.models import BASE, DEFAULT, load_model
    from summarizer.training import mixture, selftraining
    from summarizer.training.articles import Junk

    junk = Junk(mixture.read_recipe(recipe or mixture.RECIPE).get("junk", {}))
    chosen = selftraining.choose(data, junk, count, seed)
    done = {one.source for one in selftraining.read_own(target)} if target.exists() else set()
    left = [sentence for sentence in chosen if sentence not in done]
    click.echo(f"{len(chosen):,} sentences, {len(left):,} left")
    model = load_model(BASE, adapter=adapter) if adapter else load_model(DEFAULT)
    for written in selftraining.translate(left, model):
        selftraining.append_own(target, written)


@main.command()
@click.option("--data", type=Path, required=True, help="File of collected text.")
@click.option("--run", "folder", type=Path, required=True, help="Folder of the run; a run that is there is continued.")
@click.option(
    "--from",
    "start",
    type=Path,
    default=None,
    help="Checkpoint of another run, or folder of an exported adapter, that a new run starts with.",
)
@click.option("--recipe", type=Path, default=None, help="Another recipe (TOML).")
@click.option("--gguf", type=Path, default=None, help="Another Gemma 3 model (GGUF).")
@click.option("--tokens", type=int, default=4_000_000, show_default=True, help="Tokens of the whole run.")
@click.option(
    "--decay",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.35,
    show_default=True,
    help="Part of the run, its last, in which the learning rate falls to 0.",
)
@click.option("--rate", type=float, default=2e-4, show_default=True, help="Highest learning rate.")
@click.option("--warmup", type=int, default=100_000, show_default=True, help="Tokens in which the rate rises from 0.")
@click.option("--rank", type=int, default=64, show_default=True, help="Rank of the adapter.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--step", type=int, default=3072, show_default=True, help="Tokens of an optimizer step.")
@click.option("--sampled", type=int, default=4000, show_default=True, help="Drawn rows of the output matrix; 0: all.")
@click.option("--faster-b", type=float, default=1.0, show_default=True, help="The rate of B, divided by that of A.")
@click.option(
    "--most",
    type=float,
    default=None,
    help="Nats a token, and 8 for the whole, beyond which a translation is not learnt from.  [default: none]",
)
@click.option("--batch", type=int, default=None, help="Tokens of a batch.  [default: a step's share of a thread]")
@click.option("--save-every", type=float, default=180.0, show_default=True, help="Seconds between checkpoints.")
@click.option(
    "--dev-every", type=click.IntRange(min=1), default=100, show_default=True, help="Steps between dev losses."
)
@click.option("--workers", type=int, default=None, help="Threads.  [default: one for each core]")
@click.option("--compile", "compiled", is_flag=True, help="Compile what lies between products (needs a compiler).")
def train(
    data: Path,
    folder: Path,
    start: Path | None,
    recipe: Path | None,
    gguf: Path | None,
    batch: int | None,
    save_every: float,
    dev_every: int,
    workers: int | None,
    compiled: bool,
    **settings: Any,
) -> None:
    """Train an adapter, or go on with a run that was stopped.

    SIGTERM or Ctrl-C stops it at the next step, with a checkpoint.
    """
    from summarizer.training import mixture

    collected = mixture.Collection.read(data)
    mixed = mixture.Mixture(collected, mixture.read_recipe(recipe or mixture.RECIPE))

    from summarizer.models import BASE, prepare_model
    from summarizer.training import adapter, card, loop

    chosen = loop.TrainingSettings(**settings)
    checkpoint = prepare_model(str(gguf) if gguf else BASE)
    dtype = adapter.best_dtype()
    model = adapter.load(checkpoint, chosen.rank, chosen.seed, compiled, dtype)
    trainer = loop.Trainer(
        model,
        adapter.load_tokenizer(checkpoint),
        mixed.draw,
        chosen,
        folder,
        collected.dev,
        batch,
        workers or os.cpu_count() or 1,
    )
    described = json.dumps(mixed.describe(), indent=2, ensure_ascii=False)
    (folder / loop.DATA).write_text(described + "\n", encoding="utf-8")
    if start:
        state = card.read_state(start)
        if "optimizer" not in state:
            state["weights"] = adapter.truncate(state["weights"], chosen.rank)
        trainer.start_from(state)
        card.note_start(start, folder)
    click.echo(f"from step {trainer.position.step}, {trainer.position.tokens:,} tokens, products in {dtype}")
    done = trainer.train(save_every, dev_every)
    click.echo(f"{'finished' if done else 'stopped'} at step {trainer.position.step}")


@main.command()
@click.option("--run", "folder", type=Path, required=True, help="Folder of the run.")
@click.option("--to", "target", type=Path, required=True, help="Folder of the adapter.")
@click.option(
    "--checkpoint",
    "names",
    multiple=True,
    default=("last.pt",),
    show_default=True,
    help="File in the folder of the run; the average of several, newest last.",
)
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
def export(folder: Path, target: Path, names: Sequence[str], others: Sequence[Path], share: float | None) -> None:
    """Write the adapter of a run, at any time, with a model card."""
    from summarizer.training import adapter, card, loop

    states = [loop.read_checkpoint(folder / name) for name in names]
    state = states[-1]
    settings = state["settings"]
    own = adapter.average([state["weights"] for state in states])
    data = json.loads((folder / loop.DATA).read_text(encoding="utf-8"))
    steps = [state["position"]["step"] for state in states]
    training = {
        "settings": settings,
        "position": state["position"],
        "averaged": steps,
        "with": [card.read_run(other) for other in others],
        "share": share,
        "hours": loop.hours(folder, state["position"]["tokens"]),
        "before": card.read_start(folder),
        "data": data,
    }
    adapter.export(adapter.average([own, *map(adapter.read_exported, others)], share), target)
    card.write(target, training)
    size = (target / "adapter_model.safetensors").stat().st_size / 1e6
    click.echo(f"{target}: step {state['position']['step']}, {size:.1f} MB")


@main.command()
@click.option("--data", type=Path, required=True, help="File of collected text.")
@click.option("--to", "target", type=Path, required=True, help="Folder of the bundle.")
@click.option("--recipe", type=Path, default=None, help="Another recipe (TOML).")
@click.option("--start", type=Path, default=None, help="Checkpoint or exported adapter to start from.")
@click.option("--passes", type=int, default=40, show_default=True, help="Passes over the data that are drawn.")
@click.option("--limit", type=float, default=24.0, show_default=True, help="MiB of a file.")
@click.option("--seed", type=int, default=1, show_default=True)
def bundle(
    data: Path, target: Path, recipe: Path | None, start: Path | None, passes: int, limit: float, seed: int
) -> None:
    """Make a folder with all that training on another machine's GPU needs; run its gpu.py there."""
    from summarizer.models import BASE, prepare_model
    from summarizer.training import adapter, batches, card, mixture
    from summarizer.training import bundle as bundling

    collected = mixture.Collection.read(data)
    mixed = mixture.Mixture(collected, mixture.read_recipe(recipe or mixture.RECIPE))
    checkpoint = prepare_model(BASE)
    tokenizer = adapter.load_tokenizer(checkpoint)
    drawn = (batches.encode(mixed.draw(seed, number), tokenizer) for number in range(passes))
    longest = mixed.recipe["limits"]["example"]
    examples = {"train": [example for part in drawn for example in part if len(example.ids) <= longest]}
    examples |= {f"dev {name}": batches.encode(found, tokenizer) for name, found in collected.dev.items()}
    config = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    weights = bundling.packaged_weights(checkpoint)
    first = card.read_state(start)["weights"] if start else None
    paths = bundling.write(target, config, weights, examples, int(limit * 2**20), first)
    tokens = sum(len(example.ids) for example in examples["train"])
    size = sum(path.stat().st_size for path in paths) / 2**20
    click.echo(
        f"{target}: {len(examples['train']):,} examples, {tokens:,} tokens, {size:.0f} MiB in {len(paths)} files"
    )


@main.command()
@click.option("--from", "source", type=Path, required=True, help="Folder of what gpu.py sent back.")
@click.option("--to", "target", type=Path, required=True, help="Folder of the adapter.")
def unpack(source: Path, target: Path) -> None:
    """Write the adapter that came back from a GPU in peft's format."""
    from summarizer.training import adapter
    from summarizer.training import bundle as bundling

    click.echo(str(adapter.export(bundling.unpack(source), target)))


@main.command()
@click.option("--adapter", "folder", type=Path, required=True, help="Exported adapter; its card gets the figures.")
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def score(folder: Path, runs: Sequence[Path]) -> None:
    """Put the figures of RUNS, files that 'python -m eval' wrote with --adapter and --raw, into an adapter's card."""
    from summarizer.training import card

    for path in runs:
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path} is no run file: {error}") from error
        name, found = card.add_scores(folder, run)
        click.echo(f"{name}: " + card.figures(found))


@main.command(name="curve")
@click.option("--run", "runs", type=Path, multiple=True, required=True, help="Folders of runs, in order.")
@click.option("--to", "target", type=Path, default=None, help="SVG file for the plot.")
@click.option(
    "--set",
    "names",
    multiple=True,
    default=("flores-dev", "news-valid", "ud-pud", "indosum", "detik"),
    show_default=True,
    help="Dev sets.",
)
def show_curve(runs: Sequence[Path], target: Path | None, names: Sequence[str]) -> None:
    """Print the curve of a campaign as a table, and draw it."""
    from summarizer.training import curve

    found = curve.points(runs)
    click.echo(curve.table(found, names), nl=False)
    if target:
        curve.plot(found, names, target)


if __name__ == "__main__":
    # Threads that spin while they wait take the time of those they wait for: with one of two cores taken by
    # another program, this makes training six times as fast, and costs nothing on an idle machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        main.main(standalone_mode=True)
    except RingkasError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
