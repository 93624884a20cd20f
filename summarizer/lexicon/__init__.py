"""What is known about words: an Indonesian-English lexicon, and one way to look up the words of a sentence."""

from summarizer.lexicon.english import EnglishText, english_stem
from summarizer.lexicon.entries import Entry, Lexicon, Sense, WordClass, load_lexicon
from summarizer.lexicon.guidance import Replacement, replace_words
from summarizer.lexicon.lookup import Match, find_entries
from summarizer.lexicon.segmentation import restore_spaces
from summarizer.lexicon.spelling import correct_spelling

__all__ = [
    "EnglishText",
    "Entry",
    "Lexicon",
    "Match",
    "Replacement",
    "Sense",
    "WordClass",
    "correct_spelling",
    "english_stem",
    "find_entries",
    "load_lexicon",
    "replace_words",
    "restore_spaces",
]
