"""Measure a model with the training prompts: BLEU and chrF2++ of translations, ROUGE of abstracts.

Decoding is greedy and nothing is repaired, so that the figures are the model's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from summarizer.models.batching import by_length
from summarizer.models.embedded.vocabulary import BOS, EOS, PAD
from summarizer.training.articles import Article
from summarizer.training.bitext import Pair
from summarizer.training.templates import Example, Templates

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import Gemma3ForCausalLM

_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’')]))\s+(?=[\"“‘'(]*[A-Z0-9])|\n+")


@dataclass(frozen=True)
class Scores:
    """Figures of one test, with what is needed to repeat them.

    Attributes:
        figures: by name of the metric, in points from 0 to 100.
        signatures: of the metrics.
        faults: how many answers are empty, cut off at the limit, or loop.
        answers: of the model, in the order of the items.
    """

    figures: dict[str, float]
    signatures: list[str]
    faults: dict[str, int]
    answers: list[str] = field(repr=False)


def answer(
    model: Gemma3ForCausalLM, tokenizer: Tokenizer, examples: Sequence[Example], most: int, batch: int = 16
) -> tuple[list[str], int]:
    """Answer prompts greedily, each with one line.

    Args:
        model: base with the adapter merged.
        tokenizer: of the model.
        examples: their prompts are read, their answers are not.
        most: tokens of an answer.
        batch: prompts at a time; like lengths go together.

    Returns:
        The answers in the order of the examples, and how many of them were cut off at ``most`` tokens.
    """
    import torch

    prompts = [[BOS, *encoding.ids] for encoding in tokenizer.encode_batch([item.prompt for item in examples])]
    # "\n\n" is a token of its own, so every token that begins with a newline ends an answer.
    ends = sorted({EOS, *(number for token, number in tokenizer.get_vocab().items() if token.startswith("\n"))})
    answers = [""] * len(prompts)
    cut = 0
    for rows in by_length(prompts, batch):
        ids, mask = _pad_left([prompts[row] for row in rows])
        with torch.inference_mode():
            output = model.generate(
                input_ids=ids.to(model.device),
                attention_mask=mask.to(model.device),
                max_new_tokens=most,
                do_sample=False,
                eos_token_id=ends,
                pad_token_id=PAD,
            )
        for row, tokens in zip(rows, output[:, ids.shape[1] :].tolist(), strict=True):
            length = next((at for at, token in enumerate(tokens) if token in ends), None)
            cut += length is None
            answers[row] = tokenizer.decode(tokens[:length]).strip()
    return answers, cut


def _pad_left(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    width = max(map(len, rows))
    ids = torch.tensor([[PAD] * (width - len(row)) + list(row) for row in rows])
    mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
    return ids, mask


def loops(text: str) -> bool:
    """Tell whether a text repeats a passage of 1 to 12 words three or more times on end (a single word, five)."""
    words = text.casefold().split()
    for size in range(1, 13):
        least = 5 if size == 1 else 3
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (least - 1):
                return True
    return False


def score_translations(
    model: Gemma3ForCausalLM, tokenizer: Tokenizer, pairs: Sequence[Pair], templates: Templates
) -> Scores:
    """Translate the sources of pairs and compare with the targets (sacrebleu)."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    answers, cut = answer(model, tokenizer, [templates.translate(pair.source) for pair in pairs], most=256)
    figures: dict[str, float] = {}
    signatures: list[str] = []
    for name, metric in (("BLEU", BLEU()), ("chrF2", CHRF()), ("chrF2++", CHRF(word_order=2))):
        figures[name] = metric.corpus_score(answers, [[pair.target for pair in pairs]]).score
        signatures.append(f"{name} {metric.get_signature()}")
    return Scores(figures, signatures, _faults(answers, cut), answers)


def score_abstracts(
    model: Gemma3ForCausalLM, tokenizer: Tokenizer, articles: Sequence[Article], templates: Templates
) -> Scores:
    """Summarise articles, with their titles if known, and compare with the references (rouge-score)."""
    examples = [templates.summarize(article.text, title=article.title) for article in articles]
    answers, cut = answer(model, tokenizer, examples, most=200, batch=8)
    return Scores(rouge(answers, articles), [_rouge_signature()], _faults(answers, cut), answers)


def rouge(abstracts: Sequence[str], articles: Sequence[Article]) -> dict[str, float]:
    """Return the mean F1 of ROUGE-1, ROUGE-2 and ROUGE-L, without stemming, in points."""
    from rouge_score.rouge_scorer import RougeScorer

    names = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}
    scorer = RougeScorer(list(names), use_stemmer=False)
    totals = dict.fromkeys(names.values(), 0.0)
    for abstract, article in zip(abstracts, articles, strict=True):
        for key, value in scorer.score(article.summary, abstract).items():
            totals[names[key]] += value.fmeasure
    return {name: 100 * total / len(articles) for name, total in totals.items()}


def _rouge_signature() -> str:
    from importlib.metadata import version

    return f"ROUGE rouge-score {version('rouge-score')}, F1, no stemming, mean over items"


def lead(article: Article, sentences: int = 3) -> str:
    """Return the first sentences of an article: the usual baseline."""
    parts = [part.strip() for part in _SENTENCE_END.split(article.text) if part.strip()]
    return " ".join(parts[:sentences])


def _faults(answers: Sequence[str], cut: int) -> dict[str, int]:
    return {"empty": sum(not text for text in answers), "cut off": cut, "looping": sum(map(loops, answers))}
