"""From the bytes of a saved page to the article in it.

In: a file or a text, HTML or plain. Out: an `Article` without boilerplate, and what was removed, by which rule.
Rules (``rules.toml``, ``html_body.toml``) and the way a body is found may change without touching another folder.
"""
