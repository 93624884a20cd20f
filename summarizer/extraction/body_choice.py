"""Decide which of the bodies that an HTML page may have is its article's.

What the page says of its article judges them: headline and address, description, declared text; so does how much they
tell, and how far they consist of links. Where that leaves a doubt, trafilatura is asked too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.extraction.body import Body, TextLine, find_bodies, find_gallery
from summarizer.extraction.metadata import Declared
from summarizer.text.normalise import one_line
from summarizer.text.words import alphanumeric_key, stems_of

# What is left of the points of a body that nothing speaks for, and of one that looks like a list of teasers.
_FLOOR, _LISTED = 0.15, 0.4
# How many of its first words are a body's lead; fewest words of a description, and of a
# headline above a list, that say something.
_LEAD_WORDS, _MIN_STEMS = 90, 4
# Share of the best body's points from which on one of another story casts a doubt, and of words of the same story.
_CLOSE, _SAME = 0.6, 0.5
# Share of the headline's or description's words from which on a body is the article beyond doubt; on a page that says
# it is a front page or looks like a list; share of the description's up to which it isn't, without one of the headline.
_SURE, _SURER, _STRANGE = 0.5, 0.9, 0.15
# Fewest words left out of a body to be told of, as a number and a share of the others.
_DROPPED, _DROPPED_SHARE = 60, 0.3
# Up to how many words a text may be a teaser, and how many others of its kind make an index.
_TEASER_WORDS, _ALIKE = 80, 2
# Fewest words of a text that is declared, or that trafilatura finds.
_WORDS = 25


@dataclass(frozen=True)
class BodyChoice:
    """The body of a page.

    Attributes:
        text: one line for each block of it; empty where the page has none.
        objection: why it can't be the article of this page, in a few words; empty where it can.
        warnings: what the reader should know.
    """

    text: str
    objection: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScoredBody:
    """A body with what speaks for it.

    Attributes:
        body: the body.
        stems: its words.
        headline_overlap: share of the headline's words that it has.
        description_overlap: share of the description's words that it has in its lead.
        points: what all of that comes to.
    """

    body: Body
    stems: frozenset[str]
    headline_overlap: float
    description_overlap: float
    points: float

    @property
    def is_sure(self) -> bool:
        """Whether it is the article beyond doubt."""
        return max(self.headline_overlap, self.description_overlap) >= _SURE


class BodyScorer:
    """Judges bodies by the page's own word on its article."""

    def __init__(self, declared: Declared) -> None:
        """Score bodies of a page that declares this."""
        self.declared = declared
        self.claims = declared.claims()
        self.texts = [stems_of(text) for text in declared.bodies]
        self._headlines = {alphanumeric_key(headline) for headline in declared.headlines}
        description = stems_of(declared.description)
        self._description = description if len(description) >= _MIN_STEMS else frozenset()

    def score(self, body: Body) -> ScoredBody:
        """Say what speaks for a body."""
        lines = [line.text for line in body.lines if line.is_running]
        words = " ".join(line for line in lines if alphanumeric_key(line) not in self._headlines).split()
        stems, lead = stems_of(" ".join(words)), stems_of(" ".join(words[:_LEAD_WORDS]))
        headline = max((_overlap(claim, stems) for claim in self.claims), default=0.0)
        description = _overlap(self._description, lead)
        points = _FLOOR + headline + description + max((_likeness(stems, text) for text in self.texts), default=0.0)
        links = sum(line.linked for line in body.lines) / max(1, sum(line.words for line in body.lines))
        # Twice as long a text isn't twice as likely the article.
        points *= body.votes**0.5 * (1 - links) * (_LISTED if body.is_list or body.has_another else 1.0)
        return ScoredBody(body, stems, headline, description, points)

    def objection(self, best: ScoredBody, others: Sequence[ScoredBody]) -> str:
        """Return why a body can't be the article of the page, beside the other bodies of it."""
        overlap = max(best.headline_overlap, best.description_overlap)
        if self.declared.is_home and overlap < _SURER:
            return "the page says that it is the front page of a site"
        if told := self.declared.objection:
            return told
        # A site's motto of a few words has words that many stories have.
        long = (_overlap(claim, best.stems) for claim in self.claims if len(claim) >= _MIN_STEMS)
        if best.body.is_list and max(best.description_overlap, *long, 0.0) < _SURER:
            return "the page announces one article after another (is it an index page?)"
        if self.claims and not best.headline_overlap and best.description_overlap <= _STRANGE:
            return "the headline and the text have no words in common"
        is_short = best.body.words < _TEASER_WORDS and not any(is_same_story(best.stems, text) for text in self.texts)
        if is_short and (not best.is_sure or _is_one_of_many(best, others)):
            return "its headline doesn't fit its few sentences, or there are others like them (is it an index page?)"
        return ""


def _is_one_of_many(best: ScoredBody, others: Sequence[ScoredBody]) -> bool:
    """Tell whether other short texts stand in elements that are called the same, and the headline is of all of them."""
    alike = [other for other in others if other.body.place == best.body.place]
    strangers = sum(not is_same_story(other.stems, best.stems) for other in alike)
    return best.headline_overlap < _SURER and strangers >= _ALIKE


def choose_body(lines: Sequence[TextLine], declared: Declared, html: str) -> BodyChoice:
    """Choose the article's body.

    Args:
        lines: the page's lines.
        declared: what the page declares.
        html: the page's source, for trafilatura.
    """
    scorer = BodyScorer(declared)
    scored = list(map(scorer.score, find_bodies(lines)))
    best = _best(scored)
    if best is None or best.headline_overlap < _SURE or best.body.is_list:
        others = [body for body in (find_gallery(lines), _second_opinion(lines, html)) if body]
        scored += map(scorer.score, others)
        best = _best(scored)
    texts = [text for text in declared.bodies if len(text.split()) >= _WORDS]
    is_known = best is not None and any(is_same_story(best.stems, text) for text in scorer.texts)
    if texts and not is_known and (best is None or not best.is_sure):
        return BodyChoice(max(texts, key=len))
    if best is None:
        return BodyChoice("", "the page has no running text (is it an index page?)")
    warnings = []
    close = (other for other in scored if other.points >= _CLOSE * best.points)
    if rival := next((other for other in close if not is_same_story(other.stems, best.stems)), None):
        first = next(line.text for line in rival.body.lines if line.is_running)
        warnings.append(
            f'the page has another text that may be the article: "{" ".join(one_line(first).split()[:8])} ..."'
        )
    dropped = best.body.dropped
    if dropped >= _DROPPED and dropped >= _DROPPED_SHARE * best.body.words:
        warnings.append(f"{dropped} words inside the article were left out, as related links or the like")
    objection = scorer.objection(best, scored)
    if objection:
        warnings.append(f"this may not be an article: {objection}")
    return BodyChoice(best.body.text, objection, tuple(warnings))


def _best(scored: Sequence[ScoredBody]) -> ScoredBody | None:
    best = max(scored, key=lambda body: body.points, default=None)
    # Of two bodies that the page speaks for alike, the one inside the other, if most of the text votes for it.
    for other in scored:
        if (
            best is not None
            and other.headline_overlap >= best.headline_overlap
            and other.description_overlap >= best.description_overlap
            and other.body.votes >= best.body.votes
            and set(other.body.lines) < set(best.body.lines)
        ):
            best = other
    return best


def _overlap(claim: frozenset[str], stems: frozenset[str]) -> float:
    return len(claim & stems) / len(claim) if claim else 0.0


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how far two texts have the same words (Dice's coefficient, from 0 to 1)."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def is_same_story(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two texts have half of the shorter one's words in common."""
    return len(one & other) >= _SAME * max(1, min(len(one), len(other)))


def _second_opinion(lines: Sequence[TextLine], html: str) -> Body | None:
    """Return the body that trafilatura finds, made of the page's own lines."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = extract(html, favor_precision=True, include_comments=False) or ""
    except Exception:  # damaged markup breaks it in many ways, and a page can be judged without it
        return None
    key = alphanumeric_key(text)
    found = [line for line in lines if line.words > 2 and alphanumeric_key(line.text) in key]
    words = sum(line.words for line in found if line.is_running)
    # Words of elements that hold more than a teaser count up to 1.
    return Body(tuple(found), words / 3) if words >= _WORDS else None
