"""Check that a text says nothing that its source doesn't; usable alone, on any pair of texts.

`check_abstract` compares an Indonesian text with the Indonesian text it was written from, `check_translation` an
Indonesian sentence with its English translation; both return the `Fault`s that they find, an empty list where all is
well. `find_support` ties the sentences of an abstract to those of its article.

The checks compare forms, not meanings: a number, a name or a negative that stands in the source in the wrong place
passes.

>>> from summarizer.faithfulness import check_abstract
>>> [fault.piece for fault in check_abstract("Biayanya Rp8,5 miliar.", "Taman itu menelan biaya Rp7,5 miliar.")]
['8,5 miliar']
"""

from summarizer.faithfulness.abstracts import check_abstract, check_sentence, share_of_words
from summarizer.faithfulness.contexts import find_opening_faults, leans_on_another, share_of_pairs
from summarizer.faithfulness.doers import has_another_doer
from summarizer.faithfulness.faults import Fault
from summarizer.faithfulness.fixes import fix_dates, fix_numbers, fix_terms
from summarizer.faithfulness.lexicon import common_words, load_lexicon
from summarizer.faithfulness.names import Name, find_names
from summarizer.faithfulness.numbers import Number, find_numbers
from summarizer.faithfulness.support import Support, content_words, find_support, word_weights
from summarizer.faithfulness.translations import check_translation

__all__ = [
    "Fault",
    "Name",
    "Number",
    "Support",
    "check_abstract",
    "check_sentence",
    "check_translation",
    "common_words",
    "content_words",
    "find_names",
    "find_numbers",
    "find_opening_faults",
    "find_support",
    "fix_dates",
    "fix_numbers",
    "fix_terms",
    "has_another_doer",
    "leans_on_another",
    "load_lexicon",
    "share_of_pairs",
    "share_of_words",
    "word_weights",
]
