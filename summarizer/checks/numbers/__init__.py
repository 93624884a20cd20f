"""Numbers of a text, read by one grammar, and what they mean: digits and words, money, percentages, dates, times."""
