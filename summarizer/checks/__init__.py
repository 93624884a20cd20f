"""Check that a text says nothing that its source doesn't; usable alone, on any pair of texts.

`check_abstract` compares an Indonesian text with the Indonesian text it was written from, `check_translation` an
Indonesian sentence with its English translation; both return the `Fault`s that they find. They compare forms, not
meanings: a number, a name or a negative that stands in the source in the wrong place may pass.

>>> from summarizer.checks import check_abstract
>>> [fault.piece for fault in check_abstract("Biayanya Rp8,5 miliar.", "Taman itu menelan biaya Rp7,5 miliar.")]
['8,5 miliar']
"""

from summarizer.checks.abstracts import check_abstract, check_abstract_sentence
from summarizer.checks.contexts import skip_bigram_coverage
from summarizer.checks.deletions import (
    WordForm,
    count_dates,
    find_deletion_faults,
    find_lost,
    goes_on,
    is_known_expansion,
    links,
    links_speaker,
    may_meet,
    opens_part,
    read_forms,
)
from summarizer.checks.faults import Fault
from summarizer.checks.fixes import fix_dates, fix_numbers, fix_terms
from summarizer.checks.names import find_names
from summarizer.checks.numbers.measures import find_numbers
from summarizer.checks.references import find_dangling_opening, has_unresolved_reference
from summarizer.checks.rows import MOST_PLACES, Sentences
from summarizer.checks.support import Support, content_words, find_support, measure_support
from summarizer.checks.translations import check_translation, find_translation_faults

__all__ = [
    "MOST_PLACES",
    "Fault",
    "Sentences",
    "Support",
    "WordForm",
    "check_abstract",
    "check_abstract_sentence",
    "check_translation",
    "content_words",
    "count_dates",
    "find_dangling_opening",
    "find_deletion_faults",
    "find_lost",
    "find_names",
    "find_numbers",
    "find_support",
    "find_translation_faults",
    "fix_dates",
    "fix_numbers",
    "fix_terms",
    "goes_on",
    "has_unresolved_reference",
    "is_known_expansion",
    "links",
    "links_speaker",
    "may_meet",
    "measure_support",
    "opens_part",
    "read_forms",
    "skip_bigram_coverage",
]
