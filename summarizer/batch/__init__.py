"""Any number of articles into a folder of results.

In: files, folders, lists and JSON lines. Out: a file for each article, ``results.jsonl`` and ``failures.jsonl``.
How inputs are found and how a run resumes may change without touching another folder.
"""
