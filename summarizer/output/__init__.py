"""What readers see: HTML pages and cards, a pandas frame, progress.

In: results as plain values (see `Result.to_dict`). Out: HTML, a frame, a bar on standard error.
Templates and styles may change without touching another folder.
"""
