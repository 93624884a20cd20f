"""BLEU and chrF are those of sacrebleu to the last digit, for the whole corpus and for any choice of items."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from eval.corpus_metrics import Bleu, Chrf, CorpusScorer

SCORERS = {
    "bleu": (Bleu(), BLEU()),
    "chrf": (Chrf(), CHRF()),
    "chrfpp": (Chrf(word_order=2), CHRF(word_order=2)),
}
by_each = pytest.mark.parametrize(("ours", "theirs"), SCORERS.values(), ids=SCORERS)

words = st.sampled_from(["The", "river", "river,", '"Laras"', "rose", "7.5", "percent.", ".", "(", "é", "Rp7,5", "a"])
texts = st.lists(words, max_size=12).map(" ".join)
# An output with one, two or three references.
items = st.tuples(texts, st.lists(texts, min_size=1, max_size=3))
corpora = st.lists(items, min_size=1, max_size=6)
Corpus = list[tuple[str, list[str]]]


def columns(corpus: Corpus) -> list[list[str | None]]:
    """A list for each reference, as sacrebleu takes them."""
    most = max(len(references) for _, references in corpus)
    rows = [references + [None] * (most - len(references)) for _, references in corpus]
    return [[row[number] for row in rows] for number in range(most)]


def expect(theirs: BLEU | CHRF, corpus: Corpus) -> float:
    outputs = [output for output, _ in corpus]
    return float(theirs.corpus_score(outputs, columns(corpus)).score)  # type: ignore[arg-type]


def count(ours: CorpusScorer, corpus: Corpus) -> np.ndarray:
    return np.array([ours.count(output, references) for output, references in corpus])


@by_each
@settings(max_examples=60, deadline=None)
@given(corpus=corpora)
def test_the_score_of_a_corpus_is_that_of_sacrebleu(ours: CorpusScorer, theirs: BLEU | CHRF, corpus: Corpus) -> None:
    assert ours.score(count(ours, corpus).sum(axis=0)) == expect(theirs, corpus)


@by_each
@settings(max_examples=30, deadline=None)
@given(corpus=corpora, data=st.data())
def test_the_score_of_a_choice_of_items_is_that_of_sacrebleu(
    ours: CorpusScorer, theirs: BLEU | CHRF, corpus: Corpus, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(corpus) - 1), min_size=1, max_size=8))
    sums = count(ours, corpus)[chosen].sum(axis=0)
    assert ours.score(sums) == expect(theirs, [corpus[place] for place in chosen])


@by_each
def test_many_choices_are_scored_at_once(ours: CorpusScorer, theirs: BLEU | CHRF) -> None:
    corpus: Corpus = [("The river rose.", ["The river rose again."]), ("A river", ["The river"]), ("", ["Laras"])]
    counts = count(ours, corpus)
    choices = np.array([[[0, 1, 2], [0, 0, 0]], [[2, 2, 2], [1, 1, 2]]])
    scores = ours.score(counts[choices].sum(axis=-2))
    expected = [[expect(theirs, [corpus[place] for place in choice]) for choice in row] for row in choices]
    assert scores.tolist() == expected


@settings(max_examples=60, deadline=None)
@given(item=items)
def test_the_score_of_one_item_is_that_of_sacrebleu(item: tuple[str, list[str]]) -> None:
    output, references = item
    score = Chrf(word_order=2).score(np.array(Chrf(word_order=2).count(output, references)))
    assert score == CHRF(word_order=2).sentence_score(output, references).score


@by_each
@pytest.mark.parametrize(
    "corpus",
    [
        [("a river", ["the river"]), ("rice", ["the rice"])],
        [("a river", ["the river", "a stream"]), ("rice", ["the rice", "rice"])],
        [("a river", ["the river", "a stream"]), ("rice", ["the rice"])],
    ],
    ids=["one reference", "two references", "as many as there are"],
)
def test_the_signature_is_that_of_sacrebleu(ours: CorpusScorer, theirs: BLEU | CHRF, corpus: Corpus) -> None:
    expect(theirs, corpus)
    assert ours.signature([references for _, references in corpus]) == str(theirs.get_signature())
