"""What is known of text alone: characters, sentences, quotations, capitals, repetition, terms.

In: strings. Out: strings, or positions in them.
Word lists (``abbreviations.toml``, ``glossary.toml``) and patterns may change without touching another folder.
"""
