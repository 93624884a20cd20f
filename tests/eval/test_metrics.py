from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from eval import significance
from eval.data import Benchmark, Output, Sample, load_summaries
from eval.metrics import METRICS, ROUGE_TYPES, Case, Column, Metric, Ratio, Rouge, case_kept, check, kept, tokenize
from eval.report import mark
from eval.systems import Lead, Oracle
from summarizer.text.sentences import split_sentences
from tests.eval.conftest import write_rows


def cases(benchmark: Benchmark, items: Sequence[Sample], outputs: Sequence[Output]) -> list[Case]:
    return [Case(benchmark, item, output) for item, output in zip(items, outputs, strict=True)]


def values(benchmark: Benchmark, items: Sequence[Sample], outputs: Sequence[Output]) -> dict[str, list[float | None]]:
    """Each item's own values, by metric."""
    own = cases(benchmark, items, outputs)
    ratios = [metric for metric in METRICS[benchmark] if isinstance(metric, Ratio)]
    return {metric.key: metric.values(metric.counts(own)) for metric in ratios}


def summary_values(items: Sequence[Sample], outputs: Sequence[Output]) -> dict[str, list[float | None]]:
    return values("summaries", items, outputs)


def translation_values(items: Sequence[Sample], outputs: Sequence[Output]) -> dict[str, list[float | None]]:
    return values("translations", items, outputs)


def named(benchmark: Benchmark, key: str) -> Metric:
    return next(metric for metric in METRICS[benchmark] if metric.key == key)


def test_tokens_know_more_letters_than_a_to_z() -> None:
    assert tokenize("Café Señor Ärger") == ["café", "señor", "ärger"]
    assert tokenize("Cafe\u0301") == ["café"]


def test_tokens_of_indonesian() -> None:
    assert tokenize("Rp7,5 miliar, SIM-nya, ke-15, anak-anak (12/3) 1.250 19.30. COVID-19") == (
        ["rp", "7,5", "miliar", "sim", "nya", "ke", "15", "anak", "anak", "12/3", "1.250", "19.30", "covid", "19"]
    )


@pytest.mark.parametrize("references", [1, 2])
def test_rouge_is_that_of_rouge_score(tmp_path: Path, references: int) -> None:
    items = [
        Sample(item.id, item.title, item.paragraphs, (*item.references, "Warga mengungsi. Sungai meluap.")[:references])
        for item in load_summaries(write_rows(tmp_path / "set.jsonl")).items
    ]
    outputs = [Output("Sungai Laras meluap. Warga Girimulya mengungsi."), Output(""), Output("Karang Sari menang 3-1.")]
    own = cases("summaries", items, outputs)
    found = summary_values(items, outputs)
    scorer = RougeScorer(list(ROUGE_TYPES), use_stemmer=False, tokenizer=Rouge())
    for kind in ROUGE_TYPES:
        direct = [
            max(
                scorer.score("\n".join(split_sentences(target)), "\n".join(split_sentences(output.text)))[kind].fmeasure
                for target in item.references
            )
            for item, output in zip(items, outputs, strict=True)
        ]
        metric = named("summaries", kind)
        score = significance.score(metric, metric.counts(own))
        assert score is not None
        assert metric.column(own).show(score.value) == f"{100 * sum(direct) / len(direct):.2f}"
        assert found[kind] == direct
        assert f"nrefs:{references}|type:{kind}|" in metric.signature(own)


def test_sentences_on_lines_of_their_own_make_lsum() -> None:
    scores = Rouge().score(["Satu dua. Tiga empat."], "Tiga empat. Satu dua.")
    assert scores["rougeLsum"] == 1.0
    assert scores["rougeL"] == 0.5


def test_bleu_and_chrf_are_those_of_sacrebleu() -> None:
    systems = {
        "a": ["The river overflowed on Wednesday.", "Rice is 7.5 percent dearer in Jakarta.", "They won 3-1."],
        "b": ["A river flood.", "The price of rice rose by 7.5 percent.", "Karang Sari won 3-1 against Melati."],
    }
    references = [
        ("The Laras river overflowed on Wednesday night.",),
        ("The price of rice rose by 7.5 percent in Jakarta.", "Rice is now 7.5 percent dearer in Jakarta."),
        ("Karang Sari won 3-1 against Melati.",),
    ]
    items = [Sample(str(at), None, ("x",), row) for at, row in enumerate(references)]
    columns = [[row[0] for row in references], [row[1] if len(row) > 1 else None for row in references]]
    for key, direct in {"bleu": BLEU(), "chrf": CHRF(), "chrfpp": CHRF(word_order=2)}.items():
        metric = named("translations", key)
        for texts in systems.values():
            own = cases("translations", items, [Output(text) for text in texts])
            expected = direct.corpus_score(texts, columns)  # type: ignore[arg-type]
            score = significance.score(metric, metric.counts(own))
            assert score is not None
            assert metric.column(own).show(score.value) == f"{expected.score:.2f}"
        fixed = str(direct.get_signature()).split("|")
        assert set(fixed) <= set(metric.signature(own).split("|"))
        assert "ar:9999" in metric.signature(own)


def test_chrf_of_an_item_is_that_of_sacrebleu() -> None:
    items = [Sample("1", None, ("Harga naik 7,5 persen.",), ("Prices rose by 7.5 percent.",))]
    text = "Prices rose 7.5 percent"
    direct = CHRF(word_order=2).sentence_score(text, list(items[0].references)).score
    assert translation_values(items, [Output(text)])["sentence_chrf"] == [direct]


def test_every_metric_has_values_and_a_signature(tmp_path: Path) -> None:
    items = load_summaries(write_rows(tmp_path / "set.jsonl")).items
    outputs = [Output(item.references[0]) for item in items]
    for benchmark, metrics in METRICS.items():
        own = cases(benchmark, items, outputs)
        assert len({metric.key for metric in metrics}) == len(metrics)
        for metric in metrics:
            assert "version:" in metric.signature(own)
            assert len(metric.counts(own)) == len(items)


def one(values: dict[str, list[float | None]], key: str) -> float | None:
    return values[key][0]


def test_form_of_a_summary() -> None:
    item = Sample("1", None, ("Satu dua tiga empat. Lima enam tujuh delapan.",), ("Satu.",))
    found = summary_values([item], [Output("Satu dua sembilan satu dua sembilan")])
    assert one(found, "words") == 6
    assert one(found, "compression") == pytest.approx(8 / 6)
    assert one(found, "novel1") == pytest.approx(2 / 6)
    assert one(found, "novel2") == pytest.approx(3 / 5)
    assert one(found, "repetition") == pytest.approx(1 / 4)
    assert one(found, "lead") == 0
    assert one(found, "loops") == 0
    assert one(summary_values([item], [Output("Satu dua tiga empat.")]), "lead") == 1
    assert one(summary_values([item], [Output("dua " * 9)]), "loops") == 1


def test_repairs_are_counted() -> None:
    item = Sample("1", None, ("Satu dua tiga empat. Lima enam tujuh delapan.",), ("Satu.",))
    outputs = [Output("Satu.", repairs=("candidate",)), Output("Dua.", repairs=("lead",)), Output("Satu.")]
    found = summary_values([item] * 3, outputs)
    assert found["repaired"] == [1, 1, 0]
    assert found["borrowed"] == [0, 1, 0]


def test_an_empty_output_has_no_shares() -> None:
    item = Sample("1", None, ("Satu dua.",), ("Satu.",))
    found = summary_values([item], [Output("")])
    assert one(found, "empty") == 1
    assert one(found, "rouge1") == 0
    for key in ("compression", "novel1", "numbers", "names", "case", "repetition"):
        assert one(found, key) is None
        metric = named("summaries", key)
        assert significance.score(metric, metric.counts(cases("summaries", [item], [Output("")]))) is None


def test_support() -> None:
    article = "Bupati Hendra Wirawan mengunjungi 2.400 warga di Girimulya."
    support = check("summaries", "Bupati Hendra mengunjungi 2.500 warga Karangjati, bukan 2.400.", article)
    assert set(support.unsupported) == {"2.500", "Karangjati"}
    assert (support.numbers.right, support.numbers.all) == (1, 2)
    assert (support.names.right, support.names.all) == (1, 2)
    found = summary_values([Sample("1", None, (article,), ("x",))], [Output("Hendra mengunjungi 2.500 warga.")])
    assert (one(found, "numbers"), one(found, "clean")) == (0, 0)


def test_a_quotation_that_nobody_said() -> None:
    item = Sample("1", None, ('Bupati berkata, "Kami akan membangun jembatan baru."',), ("x",))
    said, made_up = 'Kata bupati, "Kami akan membangun jembatan."', 'Kata bupati, "Kami tidak akan membangun apa pun."'
    assert one(summary_values([item], [Output(said)]), "quotations") == 0
    assert one(summary_values([item], [Output(made_up)]), "quotations") == 1


def test_support_of_a_translation() -> None:
    source = "Amerika Serikat mengirim 1.250,5 ton beras ke Aceh."
    good, bad = "The United States sent 1,250.5 tons of rice to Aceh.", "Sumatra never sent 13 tons of beras."
    support = check("translations", bad, source)
    assert set(support.unsupported) >= {"13"}
    assert (support.numbers.right, support.numbers.all) == (0, 1)
    numbers, names = kept(source, support)
    assert (numbers.right, numbers.all) == (0, 1)
    assert names.right < names.all
    items = [Sample("1", None, (source,), (good,))]
    found = translation_values(items, [Output(good)])
    assert {key: one(found, key) for key in ("numbers", "numbers_kept", "names", "names_kept", "clean", "case")} == (
        dict.fromkeys(("numbers", "numbers_kept", "names", "names_kept", "clean", "case"), 1.0)
    )
    found = translation_values(items, [Output(bad)])
    assert [one(found, key) for key in ("numbers", "numbers_kept", "negation", "clean")] == [0, 0, 1, 0]


def test_case() -> None:
    source = ["Presiden Joko Widodo membuka rapat di Jakarta. BPBD siap."]
    assert case_kept("Joko Widodo dan BPBD di Jakarta", source).right == 4
    lost = case_kept("joko widodo dan bpbd di jakarta", source)
    assert (lost.right, lost.all) == (0, 4)


def test_marks_join_to_the_text() -> None:
    support = check(
        "summaries", "Hendra dan 12 orang ke Solo, Rp12 dan 120.", "Di sana Hendra bertemu 12 orang, membawa Rp12."
    )
    for text in ("Hendra dan 12 orang ke Solo, Rp12 dan 120.", "", "Solo"):
        assert "".join(piece for piece, _ in mark(text, support.supported, support.unsupported)) == text
    assert mark("Rp12 dan 120 ke Solo", support.supported, support.unsupported) == [
        ("Rp", ""), ("12", "held"), (" dan ", ""), ("120", "wrong"), (" ke ", ""), ("Solo", "wrong"),
    ]  # fmt: skip


def test_the_oracle_is_no_worse_than_the_lead(tmp_path: Path) -> None:
    items = load_summaries(write_rows(tmp_path / "set.jsonl")).items
    oracle, lead = (summary_values(items, system.write(items)) for system in (Oracle(), Lead(1)))
    for best, first in zip(oracle["rouge1"], lead["rouge1"], strict=True):
        assert best is not None
        assert first is not None
        assert best >= first
    assert oracle["rouge2"] != lead["rouge2"]


def test_metrics_are_printed_in_percent_or_as_they_are() -> None:
    assert Column("a", "A", "", "quality", "higher", 2).show(0.12346) == "12.35"
    assert Column("a", "A", "", "form", "neither", 1, percent=False).show(12.345) == "12.3"
