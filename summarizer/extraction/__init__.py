"""From the bytes of a saved page to the article in it.

In: a file or a text, HTML or plain. Out: an `Article` without boilerplate, and what was removed, by which rule. Bytes
are decoded (`decoding`), a reader makes a `Page` of classified blocks (`reading`, `blocks`), the story is found once
(`story`), and what isn't the article is removed in one pass (`boilerplate`).
"""
