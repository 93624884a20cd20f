"""The page to work on and the HTTP API of ``ringkas serve``, on the machine where Ringkas runs.

In: a `Summarizer` that does the work, requests of a browser or a program. Out: the page, results, events, problems.
Routes, templates and the way work is queued may change without touching another folder.
"""
