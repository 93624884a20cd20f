import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eval.speed import Pass, sample_stages
from summarizer import Summarizer
from tests.conftest import SAMPLES
from tests.eval.conftest import call

PAGE = SAMPLES / "jembatan.txt"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--articles", "."], "no page"),
        (["--articles", "index"], "b.txt"),
        (["--model", "opus-mt-id-en"], "opus-mt-id-en"),
        (["--model", "no-such-model"], "no-such-model"),
    ],
)
def test_what_cannot_be_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index").mkdir()
    shutil.copy(PAGE, tmp_path / "index" / "a.txt")
    (tmp_path / "index" / "b.txt").write_text("Beranda\nTerpopuler\nLogin\n", encoding="utf-8")
    output = call("speed", *arguments, code=1).output
    assert output.count("\n") == 1, output
    assert word in output, output


def test_the_time_goes_where_it_is_spent() -> None:
    def work() -> None:
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            Summarizer().clean(PAGE)

    with sample_stages() as samples:
        work()
    assert samples.most_common()[0][0] == "reading and cleaning"
    with sample_stages() as samples, ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
    assert samples.most_common()[0][0] == "reading and cleaning"
    with sample_stages() as samples:
        time.sleep(0.1)
    assert set(+samples) <= {"the rest"}


def test_what_limits_a_pass() -> None:
    limits = [Pass("", 1.0, *needs).limit(1e10, 1e11) for needs in ((2 * 10**8, 10**8), (10**8, 10**10))]
    assert limits == pytest.approx([0.02, 0.1])


def test_all_of_it_on_one_article(tmp_path: Path, checkpoint: Path) -> None:
    for name in ("a.id.txt", "a.id.ref.txt"):
        shutil.copy(PAGE, tmp_path / name)
    output = call("speed", "--articles", tmp_path, "--plain", 0).output
    for text in ("articles a minute, 1 pages", "peak memory", "abstract", "translation", "checks", "scores", "share"):
        assert text in output
