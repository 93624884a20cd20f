"""Decide whether a cleaned page can be summarised: enough running text, in Indonesian.

Malay shares most of Indonesian's vocabulary: what tells them apart are the words that one of them has far more often
(``malay.toml``). Measured on 6,000 Indonesian news articles, of which the words take none for Malay, and on 171
passages of eight sentences of the Malay TALPCo, of which they take 98 %.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from summarizer.article import Article
from summarizer.errors import ModelError, NoArticleError, NotIndonesianError, telling
from summarizer.extraction.blocks import has_sentence
from summarizer.extraction.rules import load_toml
from summarizer.text.normalise import counted

# Numbers with values behind them were chosen by hand. The values are others that were tried, up to four from about half
# to twice the number, each with how many of 252 saved pages come out otherwise; "4 to 16: no page" names the outermost.

# Fewest words of paragraphs with a finished sentence: the length of one long sentence.
_WORDS = 25  # 12: 1 page, 50: 21 pages; 24, 26: none
_INDONESIAN = "id"
_MALAY = "ms"
_NO_LANGUAGE = "zxx"
# How much of a text is looked at, in characters.
_SAMPLE = 5_000  # 2500 to 10_000: no page
# From which sum of its words' log-ratios on a text is Malay, and how large they must be on average, as in no text that
# only quotes Malay.
_MALAY_SUM = 6.0  # 3 to 9.6: no page
_MALAY_MEAN = 1.0  # 0.5 to 0.8: no page
# Difference in log-probability for each character up to which text with few telling words is Indonesian though the
# identifier finds Malay likelier: short texts fall on either side of the line between them.
_MARGIN = 0.1  # 0.05 to 0.16: no page


def require_article(article: Article, objection: str = "") -> None:
    """Refuse what is no article in Indonesian.

    Args:
        article: as it was cleaned.
        objection: why its page can't be an article; "" for no such reason.

    Raises:
        NoArticleError: there is an objection, or too little running text.
        NotIndonesianError: the text is in another language.
        ModelError: there is no room for what tells languages apart.
    """
    if objection:
        raise NoArticleError(f"{article.source} holds no article: {objection}; force=True accepts the likeliest text")
    words = _count_words(" ".join(filter(has_sentence, article.paragraphs)))
    if words < _WORDS:
        there = f"it has {words} words of running text"
        if not words:
            there = f"it has {counted(article.words, 'word')} and no finished sentence"
        raise NoArticleError(
            f"{article.source} holds no article: {there}; it needs {_WORDS} words in sentences "
            "(is it an index page, or cut off?); force=True accepts it"
        )
    require_indonesian(article.text, article.source)


def _count_words(text: str) -> int:
    """Return how many words with a letter or a digit a text has."""
    words = 0
    for word in text.split():
        if any(map(str.isalnum, word)):
            words += 1
    return words


def require_indonesian(text: str, source: str) -> None:
    """Refuse text in another language.

    Args:
        text: to be judged.
        source: what messages call it.

    Raises:
        NotIndonesianError: it is in another language.
        ModelError: there is no room for what tells languages apart.
    """
    language = identify_language(text)
    if language != _INDONESIAN:
        raise NotIndonesianError(f"{source} {tell_language(language)}: force=True accepts it", language)


def tell_language(code: str) -> str:
    """Return what is said of a text whose language is another one, behind its name."""
    return f"is not Indonesian; it seems to be {name_language(code)}"


def name_language(code: str) -> str:
    """Return the English name of a language, by its ISO 639-1 code; ``zxx`` is that of what has no language."""
    from babel import Locale

    return "no language" if code == _NO_LANGUAGE else str(Locale("en").languages.get(code, code))


def identify_language(text: str) -> str:
    """Return the ISO 639-1 code of a text's most probable language; text without a letter counts as Indonesian."""
    sample = text[:_SAMPLE]
    if not any(map(str.isalpha, sample)):
        return _INDONESIAN
    ranked = _ranker()(sample)
    best, score = ranked[0]
    if best not in (_MALAY, _INDONESIAN):
        return best
    known = load_toml("malay")["words"]
    ratios = [known[word] for word in re.findall("[a-z]+", sample.casefold()) if word in known]
    total = sum(ratios)
    if total >= _MALAY_SUM and total >= _MALAY_MEAN * len(ratios):
        return _MALAY
    is_close = score - dict(ranked)[_INDONESIAN] <= _MARGIN * len(sample)
    return _INDONESIAN if is_close else _MALAY


@cache
def _ranker() -> Callable[[str], list[tuple[str, float]]]:
    """Return what ranks the languages that a text may be in: (ISO 639-1 code, score), the likeliest first."""
    import py3langid

    # It unpacks its model into a temporary file.
    what = "what tells languages apart can't be unpacked into the folder for temporary files (TMPDIR)"
    with telling(what, partial(ModelError, advice="set TMPDIR to a folder with 50 MB of room")):
        py3langid.rank("")
    return py3langid.rank  # type: ignore[no-any-return]
