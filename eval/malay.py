"""Make the list of words that tell Malay from Indonesian, from the word frequencies of wordfreq.

Run it as ``python -m eval.malay summarizer/extraction/malay.toml``, with the package ``wordfreq`` installed (its lists
for ``id`` and ``ms``, version 3.1, were made from Wikipedia, subtitles, news and other texts; CC BY-SA 4.0).
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

MOST_COMMON = 6_000
"""How many of the commonest words of either language are looked at."""

LEAST, RATIO, UNSEEN = 3e-5, 2.0, 1e-6
"""Share of all words that one of the languages must have of a word; the smallest logarithm of the ratio of both shares;
what counts as the share of a word that a list lacks."""

_NAMES = """
malaysia kuala lumpur johor sarawak sabah kedah melaka selangor kelantan terengganu pahang perak umno melayu indonesia
jakarta bandung surabaya jawa shah tun datuk bali sumatera sunda kalimantan yogyakarta semarang medan facebook twitter
youtube google kpk dpr pdi ahmad abdul mohd najib anwar mahathir jokowi prabowo
"""
NAMES = frozenset(_NAMES.split())
"""Words that say where something happens, not in which language it is told."""


def telling_words() -> dict[str, float]:
    """Return words with the logarithm of how many times commoner they are in Malay, negative for Indonesian ones."""
    from wordfreq import top_n_list, word_frequency  # type: ignore[import-not-found, unused-ignore]

    words = {word for language in ("id", "ms") for word in top_n_list(language, MOST_COMMON)}
    told = {}
    for word in sorted(words):
        malay, indonesian = (word_frequency(word, language) for language in ("ms", "id"))
        ratio = math.log(max(malay, UNSEEN) / max(indonesian, UNSEEN))
        is_word = word.isalpha() and word.isascii() and len(word) > 2 and word not in NAMES
        if is_word and max(malay, indonesian) >= LEAST and abs(ratio) >= RATIO:
            told[word] = round(min(max(ratio, -4.0), 4.0), 1)
    return told


def main(target: Path) -> None:
    """Write the list."""
    rows = "\n".join(f"{word} = {ratio}" for word, ratio in telling_words().items())
    head = "# How much commoner a word is in Malay than in Indonesian (natural logarithm); made by eval/malay.py."
    target.write_text(f"{head}\n\n[words]\n{rows}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
