"""The work of a batch on many machines, by Ray Data.

In: a Ray dataset, or the names of files, folders and buckets. Out: the same results as `summarizer.batch.run` gives,
as rows of a Ray dataset or as Parquet. Ray reads, schedules, moves, retries and writes; what is here are the actor that
it runs and the tables around it. Importing it imports neither Ray nor Arrow, which come with the extra ``ray``.
"""

from summarizer.batch.cluster.job import JobSummary, summarize_files
from summarizer.batch.cluster.writer import summarize_dataset

__all__ = ["JobSummary", "summarize_dataset", "summarize_files"]
