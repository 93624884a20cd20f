from collections.abc import Sequence

import numpy as np
import pytest
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU

from eval.data import Benchmark, Sample
from eval.extracts import find_best, tokenize
from eval.metrics import METRICS, ROUGE, Case, Column, Counts, Metric, Output, Ratio
from eval.significance import Score, difference, score


def sample(source: str, *references: str) -> Sample:
    return Sample("1", None, (source,), references or ("x",))


def cases(benchmark: Benchmark, items: Sequence[Sample], texts: Sequence[str]) -> list[Case]:
    return [Case(benchmark, item, Output(text)) for item, text in zip(items, texts, strict=True)]


def named(benchmark: Benchmark, key: str) -> Metric:
    return next(metric for metric in METRICS[benchmark] if metric.key == key)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Café Señor Ärger", ["café", "señor", "ärger"]),
        ("Cafe\u0301", ["café"]),
        ("Rp7,5 miliar, SIM-nya, ke-15", ["rp", "7,5", "miliar", "sim", "nya", "ke", "15"]),
        ("anak-anak (12/3) 1.250 19.30. COVID-19", ["anak", "anak", "12/3", "1.250", "19.30", "covid", "19"]),
    ],
)
def test_words_are_tokenized_as_rouge_has_them(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


SENTENCES = ["Hujan turun di kota.", "Warga pulang cepat.", "Jalan licin sekali.", "Hujan turun di kota besar."]


@pytest.mark.parametrize(
    ("sentences", "references", "limit", "best"),
    [
        (SENTENCES, ["Jalan licin sekali. Hujan turun di kota besar."], None, [2, 3]),
        (SENTENCES, ["Jalan licin sekali. Hujan turun di kota besar."], 1, [3]),
        (SENTENCES, ["Jalan licin sekali."], 0, []),
        (SENTENCES, ["Kucing.", "Warga pulang cepat."], None, [1]),
        # Of two that are worth as much, the first.
        (["Warga pulang.", "Warga pulang."], ["Warga pulang cepat."], 1, [0]),
        (SENTENCES, ["Kucing"], None, []),
        ([], ["Kucing"], None, []),
    ],
)
def test_the_best_extract_is_that_with_the_highest_score(
    sentences: list[str], references: list[str], limit: int | None, best: list[int]
) -> None:
    assert find_best(sentences, references, limit) == best


@pytest.mark.parametrize("references", [1, 2])
def test_rouge_is_that_of_rouge_score(references: int) -> None:
    items = [
        sample("x", *(text, "Warga mengungsi. Sungai meluap.")[:references])
        for text in ("Sungai Laras meluap pada Rabu.", "Harga beras naik.", "Karang Sari menang 3-1 atas Melati.")
    ]
    texts = ["Sungai Laras meluap. Warga Girimulya mengungsi.", "", "Karang Sari menang 3-1."]
    own = cases("summaries", items, texts)
    pairs = list(zip(items, texts, strict=True))
    for kind in ("rouge1", "rouge2", "rougeL"):
        metric = named("summaries", kind)
        scorer = RougeScorer([kind], tokenizer=ROUGE._tokenizer)
        direct = [max(scorer.score(target, text)[kind].fmeasure for target in item.references) for item, text in pairs]
        assert metric.values(metric.counts(own)) == direct
        assert score(metric, metric.counts(own)).value == pytest.approx(sum(direct) / 3)
        assert f"nrefs:{references}|type:{kind}|" in metric.column(own).signature


def test_the_signature_of_a_corpus_names_the_tests() -> None:
    metric = named("translations", "bleu")
    column = metric.column(cases("translations", [sample("x", "A river.")], ["The river."]))
    assert column.signature == f"{expected_signature()}|bs:2000|ar:9999|seed:12345"


def expected_signature() -> str:
    bleu = BLEU()
    bleu.corpus_score(["The river."], [["A river."]])
    return str(bleu.get_signature())


def test_every_metric_has_a_signature() -> None:
    for benchmark, metrics in METRICS.items():
        own = cases(benchmark, [sample("Satu.")], ["Satu."])
        assert all("version:" in metric.column(own).signature for metric in metrics)


ARTICLE = sample("Satu dua tiga empat. Lima enam tujuh delapan.", "Satu.")
HENDRA = sample('Bupati Hendra Wirawan mengunjungi 2.400 warga. Ia berkata, "Kami akan membangun jembatan baru."')
ACEH = sample("Amerika Serikat mengirim 1.250,5 ton beras ke Aceh.", "The US sent rice.")


TWICE = {"words": 6, "novel2": 3 / 5, "repetition": 1 / 4, "loops": 0, "empty": 0}
ALL_KEPT = {"numbers": 1, "numbers_kept": 1, "names": 1, "names_kept": 1, "clean": 1, "ratio": 10 / 4}


@pytest.mark.parametrize(
    ("item", "output", "expected"),
    [
        (ARTICLE, "Satu dua sembilan satu dua sembilan", TWICE),
        (ARTICLE, "dua " * 9, {"loops": 1}),
        (ARTICLE, "", {"empty": 1, "rouge1": 0, "novel2": None, "numbers": None, "names": None, "repetition": None}),
        (ARTICLE, Output("Satu.", warnings=("!",), repairs=("lead",)), {"warned": 1, "repaired": 1}),
        (ARTICLE, "Satu.", {"warned": 0, "repaired": 0, "clean": 1}),
        (HENDRA, "Hendra, 2.500 warga Karangjati, bukan 2.400.", {"numbers": 0.5, "names": 0.5, "clean": 0}),
        (HENDRA, 'Kata bupati, "Kami akan membangun jembatan."', {"quotations": 0}),
        (HENDRA, 'Kata bupati, "Kami tidak akan membangun apa pun."', {"quotations": 1}),
        (ACEH, "The United States sent 1,250.5 tons of rice to Aceh.", ALL_KEPT),
        (ACEH, "Sumatra never sent 13 tons of beras.", {"numbers": 0, "numbers_kept": 0, "negation": 1, "clean": 0}),
        (ACEH, ACEH.text, {"indonesian": 1}),
        (ACEH, "Rice.", {"length": 1, "numbers_kept": 0}),
    ],
)
def test_metrics_have_the_values_of_an_output(
    item: Sample, output: str | Output, expected: dict[str, float | None]
) -> None:
    benchmark: Benchmark = "translations" if item is ACEH else "summaries"
    case = Case(benchmark, item, output if isinstance(output, Output) else Output(output))
    found = {metric.key: metric.values(metric.counts([case]))[0] for metric in METRICS[benchmark]}
    assert {key: found[key] for key in expected} == pytest.approx(expected)


RNG = np.random.default_rng(1)
LOW = RNG.normal(0.4, 0.1, 200)
MEAN = Ratio(Column("mean", "Mean", "", "quality"), lambda case: False)
SHARE = Ratio(Column("share", "Share", "", "support"), lambda case: False)


def mean(values: object) -> Counts:
    row = np.asarray(values, dtype=float)
    return np.array([row, np.ones(len(row))]).T


def test_a_difference_is_as_significant_as_chance_makes_it_rare() -> None:
    by_chance = LOW + RNG.normal(0, 0.1, 200)
    clearly = LOW + RNG.normal(0.05, 0.1, 200)
    assert difference(MEAN, mean(LOW), mean(LOW)) == 1.0
    assert difference(MEAN, mean(LOW), mean(by_chance)) > 0.05
    assert difference(MEAN, mean(LOW), mean(clearly)) == difference(MEAN, mean(clearly), mean(LOW)) < 0.001
    # Of three pairs, two of the eight ways to swap them give this difference or more.
    assert difference(MEAN, mean([0.1, 0.2, 0.3]), mean([0.4, 0.5, 0.6])) == pytest.approx(0.25)


def test_the_interval_is_that_of_a_mean() -> None:
    found = score(MEAN, mean(LOW))
    error = 1.96 * np.std(LOW) / np.sqrt(200)
    assert found.value == pytest.approx(np.mean(LOW))
    assert found.items == 200
    assert found.p is None
    assert (found.low, found.high) == pytest.approx((found.value - error, found.value + error), abs=0.003)
    assert score(MEAN, mean(LOW)) == found


@pytest.mark.parametrize(
    ("counts", "other", "expected"),
    [
        (mean([0.5, 0.5, 0.5]), None, Score(0.5, 0.5, 0.5, 3)),
        # One item is not tested.
        (mean([0.5]), mean([0.7]), Score(0.5, 0.5, 0.5, 1)),
        (np.zeros((2, 2)), None, None),
    ],
)
def test_scores_of_nothing_and_of_one_item(counts: Counts, other: Counts | None, expected: Score | None) -> None:
    assert score(MEAN, counts, other) == expected


def test_shares_weigh_each_thing_alike_and_are_not_tested() -> None:
    found = score(SHARE, np.array([[1, 1], [0, 0], [3, 9]]), np.array([[1, 1], [1, 1], [1, 1]]))
    assert found.value == pytest.approx(0.4)
    assert found.items == 2
    assert found.p is None


@pytest.mark.parametrize("metric", METRICS["translations"][:3])
def test_a_whole_corpus_has_an_interval_and_significance(metric: Metric) -> None:
    references = [f"The mayor of town {number} opened a park of {number} hectares on Sunday." for number in range(40)]
    items = [sample("x", row) for row in references]
    good = [text.replace("opened", "has opened") for text in references]
    near = [*good[:-1], "On Sunday, a park was opened."]
    bad = [f"Mayor {number} park." for number in range(40)]
    first, *others = (metric.counts(cases("translations", items, texts)) for texts in (good, good, near, bad))
    best, same, close, worse = score(metric, first), *(score(metric, other, first) for other in others)
    assert best.low <= best.value <= best.high
    # One item of forty proves nothing, however much worse it is.
    assert close.value < best.value
    assert best.p is None
    assert same.p == 1.0
    assert close.p == 1.0
    assert difference(metric, first, others[2]) == worse.p < 0.001
