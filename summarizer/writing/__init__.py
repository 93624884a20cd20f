"""From a cleaned article to its abstract and translation, checked and repaired.

In: articles or paragraphs, and a `TextModel`. Out: `Abstract` and `Translation`, with warnings and repairs.
How candidates are chosen and repaired may change without touching another folder.
"""
