"""A job on a simulated cluster whose driver and machines are killed.

``python -m tests.batch.cluster_kills FOLDER ROWS`` makes FOLDER/out of ROWS articles on three machines. The program
that runs the job is killed when the first results are there; when it runs again, a machine is. It prints how many rows
had been written each time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROWS_PER_FILE = 32
_DRIVER = "--drive"


def write_table(folder: Path, rows: int) -> Path:
    """Write articles that differ in a number."""
    import pyarrow as pa
    from pyarrow import parquet

    from tests.batch.clusters import page

    file = folder / "in.parquet"
    articles = [{"id": f"{number:06}", "text": page(number)} for number in range(rows)]
    parquet.write_table(pa.Table.from_pylist(articles), file)
    return file


def drive(address: str, source: str, output: str) -> None:
    """Run the job, and say how it went."""
    from summarizer import Summarizer, summarize_files
    from tests.batch.clusters import ClusterModel

    ringkas = Summarizer(ClusterModel())
    print(summarize_files([source], output, ringkas, address=address, rows_per_file=ROWS_PER_FILE, progress=False))


def _wait(output: Path, rows: int, driver: subprocess.Popen[str]) -> int:
    while (count := len(list(output.glob("job=*/*.parquet"))) * ROWS_PER_FILE) < rows:
        if driver.poll() is not None:
            raise SystemExit(f"the job ended too soon ({count} rows)")
        time.sleep(0.2)
    return count


def main(folder: str, count: int) -> None:
    """See the module."""
    from tests.batch.clusters import simulated

    root = Path(folder)
    source, output = write_table(root, count), root / "out"
    with simulated(2, 1, 1) as machines:

        def start() -> subprocess.Popen[str]:
            command = [sys.executable, "-m", __spec__.name, _DRIVER, machines.address, str(source), str(output)]
            return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

        driver = start()
        print("the driver is killed after", _wait(output, count // 8, driver), flush=True)
        driver.kill()
        driver.wait()
        driver = start()
        print("a machine is killed after", _wait(output, count // 2, driver), flush=True)
        machines.remove_node(machines.list_all_nodes()[-1], allow_graceful=False)
        said, _ = driver.communicate()
        print(said.strip(), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == _DRIVER:
        drive(*sys.argv[2:])
    else:
        main(sys.argv[1], int(sys.argv[2]))
