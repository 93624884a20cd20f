"""Find the numbers of a text and what they mean: digits and words, money, percentages, dates and times.

How a language writes numbers is in ``indonesian.toml`` and ``english.toml``; one grammar reads both.
"""
