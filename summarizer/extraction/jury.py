"""Decide which of the bodies that a page may have is its article's.

What the page says of its article judges them: headline and address, description, declared text; so does where a body
stands, how much it tells, and how far it consists of links. Where that leaves a doubt, trafilatura is asked too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.extraction.html_body import Body, TextLine, find_bodies, find_gallery
from summarizer.extraction.metadata import Declared, letters
from summarizer.extraction.vocabulary import stems_of
from summarizer.text.normalise import one_line


@dataclass(frozen=True)
class JuryThresholds:
    """What each juror's word counts; set by hand on saved pages of 30 sites, with as few weights as separate them.

    Shares are between 0 and 1; points are multiplied with the size of a body.

    Attributes:
        floor: points that every body has.
        headline: points for having all words of the headline, half of them for having them in the lead.
        description: points for having all words of the description in the lead.
        declared: points for being the declared text.
        below: points for standing just below the headline.
        near: how many lines above and below the headline that is.
        lead_words: how many of its first words are a body's lead.
        description_stems: fewest words of a description that says something, and of a headline above a list.
        growth: exponent of a body's votes: twice as long a text isn't twice as likely the article.
        listed: what is left of the points of a body that looks like a list of teasers or stories.
        agreement: what being the text that trafilatura finds adds to the points, as a share of them.
        outside: what a word of the text that trafilatura finds counts, where those of others count up to 1.
        found: share of trafilatura's words that must be found on the page again.
        close: share of the best body's points from which on a body of another story casts a doubt.
        same: share of words from which on two texts are the same story.
        sure: share of the headline's or description's words from which on a body is the article beyond doubt.
        surer: the same on a page that says it is a front page, and for a body that looks like a list of teasers.
        surest: share of the headline's words for such a body: a site's motto has words that many stories have.
        strange: share of the description's words up to which a body without a word of the headline isn't its story.
        dropped: fewest words that were left out of a body to be told of, and their fewest share of the others.
        long: fewest words of another story to be told of, as a share of those of the body.
        short: up to how many words a text may be a teaser.
        alike: fewest other texts in elements of the same name that make an index of a page with such texts.
        words: fewest words of a declared text, and of one that trafilatura finds.
        reach: how many words of a body are looked at.
        most_words: longest page of which trafilatura is asked, in words: the longest real one has 10,000.
    """

    floor: float = 0.15
    headline: float = 1.0
    description: float = 0.7
    declared: float = 1.5
    below: float = 0.5
    near: tuple[int, int] = (3, 25)
    lead_words: int = 90
    description_stems: int = 4
    growth: float = 0.5
    listed: float = 0.4
    agreement: float = 1.0
    outside: float = 0.35
    found: float = 0.6
    close: float = 0.6
    same: float = 0.5
    sure: float = 0.5
    surer: float = 0.75
    surest: float = 0.9
    strange: float = 0.15
    dropped: tuple[int, float] = (60, 0.3)
    long: float = 0.3
    short: int = 80
    alike: int = 2
    words: int = 25
    reach: int = 4_000
    most_words: int = 20_000


THRESHOLDS = JuryThresholds()


@dataclass(frozen=True)
class Verdict:
    """What the jury found.

    Attributes:
        text: the body, one line for each block of it; empty where the page has none.
        objection: why it can't be the article of this page, in a few words; empty where it can.
        warnings: what the reader should know.
    """

    text: str
    objection: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Case:
    """A body with what speaks for it.

    Attributes:
        body: the body.
        stems: its words.
        share: share of the headline's words that it has.
        told: share of the description's words that it has in its lead.
        points: what all jurors give it together.
    """

    body: Body
    stems: frozenset[str]
    share: float
    told: float
    points: float

    @property
    def is_sure(self) -> bool:
        return max(self.share, self.told) >= THRESHOLDS.sure


class _Court:
    """The page's own word on its article, by which bodies are judged."""

    def __init__(self, lines: Sequence[TextLine], declared: Declared) -> None:
        self.lines = lines
        self.declared = declared
        self.claims = declared.claims()
        self.forms = {letters(headline) for headline in declared.headlines}
        self.bodies = [stems_of([body]) for body in declared.bodies]
        description = stems_of([declared.description])
        self.description = description if len(description) >= THRESHOLDS.description_stems else frozenset()
        found = [at for at, line in enumerate(lines) if line.words > 2 and letters(line.text) in self.forms]
        # A heading if there is one: a menu may name the article too.
        self.headline = next((at for at in found if lines[at].heading), found[0] if found else None)

    def case(self, body: Body) -> _Case:
        texts = [line.text for line in body.lines if line.is_running and letters(line.text) not in self.forms]
        stems = stems_of(_first(texts, THRESHOLDS.reach))
        lead = stems_of(_first(texts, THRESHOLDS.lead_words))
        share, told = self.share(stems), _covered(self.description, lead)
        points = THRESHOLDS.floor + THRESHOLDS.headline * (share + self.share(lead)) / 2
        points += THRESHOLDS.description * told
        points += THRESHOLDS.below * self._is_below_headline(body)
        points += THRESHOLDS.declared * max((_likeness(stems, own) ** 2 for own in self.bodies), default=0.0)
        links = sum(line.linked for line in body.lines) / max(1, sum(line.words for line in body.lines))
        points *= (body.votes / 100) ** THRESHOLDS.growth * (1 - links)
        if body.is_list or body.has_another:
            points *= THRESHOLDS.listed
        return _Case(body, stems, share, told, points)

    def share(self, stems: frozenset[str]) -> float:
        """Return the largest share of a headline's words that a text has."""
        return max((_covered(claim, stems) for claim in self.claims), default=0.0)

    def _is_below_headline(self, body: Body) -> bool:
        if self.headline is None:
            return False
        return -THRESHOLDS.near[0] <= body.start - self.headline <= THRESHOLDS.near[1]

    def objection(self, case: _Case, cases: Sequence[_Case]) -> str:
        """Return why a body can't be the article of the page, beside the other bodies of it."""
        if self.declared.is_home and max(case.share, case.told) < THRESHOLDS.surer:
            return "the page says that it is the front page of a site"
        if self.declared.is_product:
            return "the page says that it sells something"
        if self.declared.is_about_site:
            return "the page says that it is about its site, or that it lists what the site has"
        long = [claim for claim in self.claims if len(claim) >= THRESHOLDS.description_stems]
        share = max((_covered(claim, case.stems) for claim in long), default=0.0)
        if case.body.is_list and share < THRESHOLDS.surest and case.told < THRESHOLDS.surer:
            return "the page announces one article after another (is it an index page?)"
        if self.claims and not case.is_sure and not case.share and case.told <= THRESHOLDS.strange:
            return "the headline and the text have no words in common"
        return self._short_objection(case, cases, share)

    def _short_objection(self, case: _Case, cases: Sequence[_Case], share: float) -> str:
        """Return why a short text may be a teaser, where the page's headline has a share of its words in it."""
        if case.body.words >= THRESHOLDS.short or any(_is_same(case.stems, own) for own in self.bodies):
            return ""
        if not case.is_sure:
            return "its headline doesn't fit its few sentences (is it an index page?)"
        alike = [other for other in cases if other.body.place == case.body.place]
        others = sum(not _is_same(other.stems, case.stems) for other in alike)
        if others >= THRESHOLDS.alike and share < THRESHOLDS.surest:
            return "there are several short texts of the same kind (is it an index page?)"
        return ""


def judge(lines: Sequence[TextLine], declared: Declared, html: str) -> Verdict:
    """Choose the article's body.

    Args:
        lines: the page's lines.
        declared: what the page declares.
        html: the page's source, for trafilatura.
    """
    court = _Court(lines, declared)
    cases = [court.case(body) for body in find_bodies(lines)]
    best = _best(cases)
    if best is None or best.share < THRESHOLDS.sure or best.body.is_list or _rivals(best, cases):
        # In doubt: galleries of photos, and another opinion, which only tips the scales where there is a good body.
        others = [body for body in (find_gallery(lines), _second_opinion(lines, html)) if body]
        new = [court.case(body) for body in others if best is None or not best.is_sure or body.lines[0].is_caption]
        cases = _agreeing([*cases, *new], others)
        best = _best(cases)
    bodies = [body for body in declared.bodies if len(body.split()) >= THRESHOLDS.words]
    known = best is not None and any(_is_same(best.stems, own) for own in court.bodies)
    if bodies and not known and (best is None or not best.is_sure):
        return Verdict(max(bodies, key=len))
    if best is None:
        return Verdict("", "the page has no running text (is it an index page?)")
    warnings = []
    if rivals := _rivals(best, cases):
        first = next(line.text for line in rivals[0].body.lines if line.is_running)
        warnings.append(
            f'the page has another text that may be the article: "{" ".join(one_line(first).split()[:8])} ..."'
        )
    if best.body.dropped >= THRESHOLDS.dropped[0] and best.body.dropped >= THRESHOLDS.dropped[1] * best.body.words:
        warnings.append(f"{best.body.dropped} words inside the article were left out, as related links or the like")
    if _has_others(best, cases):
        warnings.append("the page has other stories too; this is the one that its headline is about")
    objection = court.objection(best, cases)
    if objection:
        warnings.append(f"this may not be an article: {objection}")
    return Verdict(best.body.text, objection, tuple(warnings))


def _best(cases: Sequence[_Case]) -> _Case | None:
    if not cases:
        return None
    best = max(cases, key=lambda case: case.points)
    # Of two bodies that the page speaks for alike, the one inside the other, if most of the text votes for it.
    for case in cases:
        is_alike = case.share >= best.share and case.told >= best.told and case.body.votes >= best.body.votes
        if is_alike and case is not best and set(case.body.lines) < set(best.body.lines):
            best = case
    return best


def _first(texts: Sequence[str], words: int) -> list[str]:
    """Return the first paragraphs that together have a number of words, or all."""
    first: list[str] = []
    for text in texts:
        if words <= 0:
            break
        first.append(text)
        words -= len(text.split())
    return first


def _covered(claim: frozenset[str], stems: frozenset[str]) -> float:
    return len(claim & stems) / len(claim) if claim else 0.0


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how far two texts have the same words (Dice's coefficient, from 0 to 1)."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= THRESHOLDS.same * max(1, min(len(one), len(other)))


def _rivals(best: _Case, cases: Sequence[_Case]) -> list[_Case]:
    """Return the bodies of other stories that have nearly as many points."""
    close = [case for case in cases if case is not best and case.points >= THRESHOLDS.close * best.points]
    return [case for case in close if not _is_same(case.stems, best.stems)]


def _has_others(best: _Case, cases: Sequence[_Case]) -> bool:
    """Tell whether other stories of some length stand below headlines of the highest rank."""
    for case in cases:
        is_headed = any(line.heading == "h1" for line in case.body.lines)
        is_long = not case.body.is_list and case.body.words >= THRESHOLDS.long * best.body.words
        if is_headed and is_long and not _is_same(case.stems, best.stems):
            return True
    return False


def _second_opinion(lines: Sequence[TextLine], html: str) -> Body | None:
    """Return the body that trafilatura finds, made of the page's own lines."""
    from trafilatura import extract

    if sum(line.words for line in lines) > THRESHOLDS.most_words:
        return None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = extract(html, favor_precision=True, include_comments=False) or ""
    except Exception:  # damaged markup breaks it in many ways, and a page can be judged without it
        return None
    form = letters(text)
    found = [(at, line) for at, line in enumerate(lines) if line.words > 2 and letters(line.text) in form]
    words = sum(line.words for _, line in found)
    if words < THRESHOLDS.words or words < THRESHOLDS.found * len(text.split()):
        return None
    running = sum(line.words for _, line in found if line.is_running)
    return Body(tuple(line for _, line in found), THRESHOLDS.outside * running, found[0][0])


def _agreeing(cases: Sequence[_Case], others: Sequence[Body]) -> list[_Case]:
    """Add to the points of bodies that hold the same lines as other opinions do."""
    found = {id(line) for body in others for line in body.lines if line.is_running}
    result = []
    for case in cases:
        own = {id(line) for line in case.body.lines if line.is_running}
        agreement = 2 * len(own & found) / max(1, len(own) + len(found))
        result.append(replace(case, points=case.points * (1 + THRESHOLDS.agreement * agreement)))
    return result
