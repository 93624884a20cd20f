"""An example of a job: submit it with ``ray job submit --working-dir . -- python cluster_job.py INPUT OUTPUT``.

It reads a table of articles, keeps those of one site, and writes their abstracts and translations.
"""

import sys

import ray

from summarizer import Summarizer, summarize_dataset

SITE = "suara.example"


def main(source: str, output: str) -> None:
    """Summarise the articles in a folder of Parquet with the columns ``url`` and ``text``.

    Args:
        source: path or URI of the folder.
        output: path or URI of the folder for the results.
    """
    articles = ray.data.read_parquet(source).filter(lambda row: SITE in row["url"])
    # Each actor loads a model of its own, and asks for as many CPUs as it has threads.
    ringkas = Summarizer(threads=1)
    results = summarize_dataset(articles, ringkas, id_column="url", text_column="text")
    # Without CPUs of their own, the tasks that write files don't wait for those that clean.
    results.write_parquet(output, min_rows_per_file=256, ray_remote_args={"num_cpus": 0})
    print(results.stats())


if __name__ == "__main__":
    main(*sys.argv[1:])
