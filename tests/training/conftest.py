"""A random Gemma 3 of a few thousand weights with a byte tokenizer, and a little bitext."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from tests.models.tiny_gemma import write_gemma
from training import adapter
from training.batches import Encoded
from training.examples import Example, encode, load_tokenizer
from training.loop import Trainer
from training.settings import TrainingSettings

PAIRS = [
    ("Presiden membuka pameran buku di Jakarta, Senin.", "The president opened the book fair in Jakarta on Monday."),
    ("Pameran itu akan berlangsung selama dua minggu.", "The fair will last for two weeks."),
    ("Harga beras naik 15,5 persen dalam sebulan.", "The price of rice rose by 15.5 percent in a month."),
    ("Mereka tidak bisa datang karena hujan lebat.", "They could not come because of the heavy rain."),
    ("Tim nasional menang atas Malaysia di final.", "The national team beat Malaysia in the final."),
    ("Warga desa telah membangun jembatan baru.", "The villagers have built a new bridge."),
]
SETTINGS = TrainingSettings(
    seed=3, rank=4, rate=0.02, warmup=300, tokens=4000, decay=0.5, step=700, longest=320, frequent=60, sampled=40
)

Make = Callable[..., Trainer]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """A tiny model gains nothing from threads, and they wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gemma(tmp_path_factory.mktemp("gemma"))


@pytest.fixture
def encoded(checkpoint: Path) -> list[Encoded]:
    examples = [Example(f"Indonesian: {source}\nEnglish:", f" {target}\n") for source, target in PAIRS]
    return encode(examples, load_tokenizer(checkpoint))


@pytest.fixture
def make(checkpoint: Path, encoded: list[Encoded]) -> Make:
    """Builds a trainer on a fresh model, as a new process would."""

    def build(
        folder: Path,
        settings: TrainingSettings = SETTINGS,
        hook: Callable[[int], None] = lambda number: None,
        workers: int = 1,
    ) -> Trainer:
        def draw(number: int) -> list[Encoded]:
            hook(number)
            return random.Random(f"{settings.seed} {number}").sample(encoded * 2, 2 * len(encoded))

        model = adapter.load(checkpoint, settings.rank, settings.seed, False)
        return Trainer(model, draw, settings, folder, {"own": encoded[:2]}, 400, workers)

    return build


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder: a training and a dev set of each task."""
    folder = tmp_path / "data"
    train = folder / "translation" / "train"
    dev = folder / "translation" / "dev"
    for place, name, pairs in ((train, "news", PAIRS), (dev, "dev", PAIRS[:1])):
        place.mkdir(parents=True, exist_ok=True)
        for suffix, side in ((".id", 0), (".en", 1)):
            (place / (name + suffix)).write_text("".join(pair[side] + "\n" for pair in pairs), encoding="utf-8")
    summaries = folder / "summaries"
    summaries.mkdir()
    for name, city in (("press.train", "Bandung"), ("press.dev", "Medan")):
        row = {"title": f"Banjir di {city}", "text": article_text(city), "summary": article_summary(city)}
        (summaries / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def article_text(city: str) -> str:
    first = f"{city.upper()} (Kabar) – Banjir merendam 250 rumah di {city} setelah hujan turun sejak Minggu malam."
    middle = " ".join(f"Warga {city} ke-{number} mengungsi ke sekolah dasar." for number in range(1, 6))
    last = f"Wali Kota {city} mengatakan bantuan makanan dan selimut akan dikirim pada hari Selasa pagi. (abc)"
    return "\n".join([first, "ADVERTISEMENT", middle, last])


def article_summary(city: str) -> str:
    return f"Banjir merendam 250 rumah di {city}, warga {city} mengungsi ke sekolah, bantuan ke {city} dikirim."
