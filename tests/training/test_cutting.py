"""The fit of what weighs which words may go."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from summarizer.models.embedded.cutting import SHOWN, describe_words, weigh_steps
from training import TrainingError
from training.articles import Junk, digest
from training.cutting import CutHead, CutSentence, _expect, fit, read_cuts, read_uncut, write_line

STATES = 12


def sentence(words: int, draw: np.random.Generator) -> CutSentence:
    """A sentence whose words go, in runs, where the first of their states is above 0."""
    states = draw.normal(size=(words, STATES)).astype(np.float32)
    kept = states[:, 0] <= 0
    return CutSentence(("kata",) * words, states, np.zeros((words, SHOWN), np.float32), kept)


def test_the_package_computes_what_was_fitted() -> None:
    torch.manual_seed(3)
    head = CutHead(STATES).eval()
    draw = np.random.default_rng(3)
    words = [7, 3]
    states = [draw.normal(size=(count, STATES)).astype(np.float32) for count in words]
    shown = [draw.integers(0, 2, (count, SHOWN)).astype(np.float32) for count in words]
    padded = [np.zeros((2, 7, size), np.float32) for size in (STATES, SHOWN)]
    for row in range(2):
        for target, source in zip(padded, (states[row], shown[row]), strict=True):
            target[row, : words[row]] = source
    with torch.no_grad():
        found = head(*map(torch.from_numpy, padded), torch.tensor(words)).numpy()
    weights = head.weights()
    for row, count in enumerate(words):
        steps = weigh_steps(weights, states[row], shown[row])
        ahead = np.triu_indices(count + 2, 1)
        np.testing.assert_allclose(steps[ahead], found[row, : count + 2, : count + 2][ahead], rtol=1e-4, atol=1e-5)
        assert np.all(np.isneginf(steps[np.tril_indices(count + 2)]))


def test_expected_steps_are_those_of_all_paths() -> None:
    """Compared with a sum over the four paths of a sentence of two words."""
    steps = torch.full((1, 4, 4), -1e4, dtype=torch.double)
    values = {(0, 1): 0.0, (1, 2): 0.0, (2, 3): 0.0, (0, 2): 0.7, (1, 3): -0.4, (0, 3): 1.1}
    for (left, right), value in values.items():
        steps[0, left, right] = value
    paths = [[(0, 1), (1, 2), (2, 3)], [(0, 2), (2, 3)], [(0, 1), (1, 3)], [(0, 3)]]
    weights = np.exp([sum(values[step] for step in path) for path in paths])
    expected = _expect(steps, torch.tensor([3]))[0].numpy()
    for step in values:
        wanted = sum(weight for weight, path in zip(weights, paths, strict=True) if step in path) / weights.sum()
        assert expected[step] == pytest.approx(wanted)


def test_what_editors_do_is_learnt() -> None:
    draw = np.random.default_rng(0)
    weights = fit([sentence(int(draw.integers(4, 12)), draw) for _ in range(400)])
    right = total = 0
    for _ in range(40):
        one = sentence(8, draw)
        steps = weigh_steps(weights, one.states, one.shown)
        # What the passed word alone brings, from its neighbour in front to the one behind it.
        gains = np.array([steps[place, place + 2] for place in range(8)])
        right += int(((gains < 0) == one.kept).sum())
        total += 8
    assert right / total > 0.7


SOURCE = ["Kebakaran melanda pasar Girimulya pada Senin malam.", "Tujuh mobil pemadam datang dari kota tetangga."]


CHOSEN = (SOURCE[1], "Penyebabnya masih diselidiki polisi.")


def write_articles(folder: Path, *sentences: str) -> Path:
    (folder / "news").mkdir()
    (folder / "summaries").mkdir()
    row = {"title": "Pasar terbakar", "text": "Girimulya (ANTARA) - " + "\n".join(sentences)}
    with gzip.open(folder / "news" / "articles.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    return folder


@pytest.mark.parametrize(
    ("kept", "places"),
    [
        ([True, True, True, False], "0-2"),
        ([False, True, False, True], "1,3"),
        ([True, False, True, True], "0,2-3"),
        ([False] * 4, "-"),
        (None, "+"),
    ],
)
def test_a_line_has_the_places_of_the_words_that_are_kept(kept: list[bool] | None, places: str) -> None:
    sentence = "Api melanda pasar induk."
    assert write_line([sentence], [kept]) == f"{digest(sentence)}:{places}"


def test_cuts_are_found_by_digest(tmp_path: Path) -> None:
    data = write_articles(tmp_path, *SOURCE)
    kept = [[True] * 4 + [False] * 3, None]
    line = write_line(SOURCE, kept)
    line_of_another_article = write_line(["Tidak ada."], [[False, True]])
    (tmp_path / "cuts.txt").write_text(f"{line_of_another_article}\n{line}\n", encoding="ascii")
    [abstract] = read_cuts(data, Junk({}), tmp_path / "cuts.txt")
    assert abstract.title == "Pasar terbakar"
    assert abstract.sentences == tuple(SOURCE)
    assert abstract.kept == (tuple(kept[0] or ()), None)


def test_an_abstract_of_which_the_article_lacks_a_sentence_is_left_out(tmp_path: Path) -> None:
    data = write_articles(tmp_path, SOURCE[0], "Warga mengungsi ke balai desa.")
    whole = [SOURCE[0]]
    lines = [write_line(SOURCE, [None, None]), write_line(whole, [None])]
    (tmp_path / "cuts.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    abstracts = read_cuts(data, Junk({}), tmp_path / "cuts.txt")
    assert [abstract.sentences for abstract in abstracts] == [tuple(whole)]


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an article of four sentences, of which the two in the middle were chosen by hand."""
    data = write_articles(tmp_path, SOURCE[0], *CHOSEN, "Warga mengungsi ke balai desa.")
    (tmp_path / "choices.txt").write_text(" ".join(map(digest, CHOSEN)) + "\n", encoding="ascii")
    monkeypatch.setattr("training.articles.CHOICES", tmp_path / "choices.txt")
    return data


def test_abstracts_with_judged_sentences_are_found_though_nobody_has_cut_them(chosen: Path) -> None:
    [abstract] = read_uncut(chosen, Junk({}), {digest(CHOSEN[1])}, set())
    assert abstract.title == "Pasar terbakar"
    assert abstract.sentences == CHOSEN
    assert abstract.kept == (None, None)


def test_abstracts_in_which_nothing_was_judged_are_left_out(chosen: Path) -> None:
    assert read_uncut(chosen, Junk({}), {digest(SOURCE[0])}, set()) == []


def test_abstracts_with_a_sentence_that_is_read_elsewhere_are_left_out(chosen: Path) -> None:
    assert read_uncut(chosen, Junk({}), {digest(CHOSEN[1])}, {digest(CHOSEN[0])}) == []


def test_data_without_the_articles_is_refused(tmp_path: Path) -> None:
    data = write_articles(tmp_path, *SOURCE)
    (tmp_path / "cuts.txt").write_text(write_line(["Tidak ada."], [[False, False]]) + "\n", encoding="ascii")
    with pytest.raises(TrainingError, match=r"none of the articles of cuts\.txt"):
        read_cuts(data, Junk({}), tmp_path / "cuts.txt")


def test_what_shows_of_words() -> None:
    shown = describe_words(["(Budi", "Santoso),", '"itu"', "12"], "Santoso menang", ["Budi"])
    assert shown.shape == (4, SHOWN)
    told = shown.astype(bool).tolist()
    assert told[0][:3] == [True, False, True]
    assert told[1][1:3] == [True, True]
    assert told[2][3:6] == [True, True, True]
    assert told[1][6]
    assert told[3][12]
    assert [row[13] for row in told] == [False, True, False, False]
    assert [row[14] for row in told] == [True, False, False, False]
