"""Work in processes beside the server's: what comes back from them, and what ends them."""

import asyncio
import gc
import os
import pickle
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.errors import InputError, ModelError, NotIndonesianError, RingkasError
from summarizer.web.jobs import Job, Worker, run_in_process
from summarizer.web.problems import Refusal
from tests.conftest import ARTICLE, FakeModel
from tests.web.desk import client, run_here, summarize, write


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(error: Exception) -> None:
    raise error


def find_no_end() -> None:
    while True:
        time.sleep(0.01)


def process_id() -> int:
    return os.getpid()


async def outcome(worker: Worker, work: Callable[[Job], Any]) -> tuple[str, Any]:
    """What a job tells at last."""
    task = asyncio.create_task(worker.run())
    *_, last = [event async for event in worker.submit(work).events()]
    task.cancel()
    return last


def test_the_server_works_with_its_processes() -> None:
    with client(run_apart=run_in_process) as found:
        path = f"/api/results/{summarize(found)['id']}"
        assert found.patch(path, json={"abstract": "Wali Kota Bekasi membuka 97 taman."}).json()["doubts"] > 0
        # What is refused there is told as if it were refused here.
        long = found.patch(path, json={"abstract": "ya " * 100_000})
        assert long.status_code == 413
        assert "at most" in long.json()["detail"]
        assert found.post("/api/clean", json={"text": f"{ARTICLE}\n\nBaca Juga: Harga"}).json()["paragraphs"] == [
            ARTICLE
        ]
        english = found.post("/api/clean", json={"text": "The government said that the bridge would be closed. " * 9})
        assert english.status_code == 422
        assert "force" in english.json()["advice"]


def test_errors_come_back_whole() -> None:
    async def catch(error: Exception) -> Exception:
        with pytest.raises(type(error)) as caught:
            await run_in_process(fail, error)
        return caught.value

    async def catch_all() -> None:
        for error in (
            InputError("it is empty", advice="write something"),
            NotIndonesianError("it is English", "en"),
            Refusal(413, "it is too long", "shorten it"),
        ):
            found = await catch(error)
            assert found.__dict__ == error.__dict__
            assert found.args == error.args
        # What nobody foresaw says where it was.
        unforeseen = await catch(ValueError("odd"))
        assert "in fail" in "".join(unforeseen.__notes__)
        with pytest.raises(RingkasError, match="died"):
            await run_in_process(die)
        assert await run_in_process(process_id) != os.getpid()
        # The pipes of a process that died are closed when they are collected, which needs the loop.
        gc.collect()

    asyncio.run(catch_all())


def test_a_step_that_takes_too_long_is_killed() -> None:
    processes: list[int] = []

    async def work(job: Job) -> None:
        processes.append(await job.in_process(process_id))
        await job.in_process(find_no_end, seconds=1)

    async def run() -> None:
        name, error = await outcome(Worker(1), work)
        assert name == "failed"
        assert error.status_code == 422
        assert "longer than 1 second" in error.detail
        with pytest.raises(ProcessLookupError):
            os.kill(processes[0], 0)

    asyncio.run(run())


def test_a_job_that_was_given_up_begins_no_step() -> None:
    begun: list[str] = []

    async def work(job: Job) -> None:
        job.give_up()
        await job.in_process(begun.append, "it")

    async def run() -> None:
        worker = Worker(1, run_here)
        task = asyncio.create_task(worker.run())
        job = worker.submit(work)
        while worker.running or worker.waiting:
            await asyncio.sleep(0.01)
        task.cancel()
        assert job.is_given_up

    asyncio.run(run())
    assert begun == []


def test_without_models_it_cleans_and_checks_in_any_process(tmp_path: Path) -> None:
    glossary = tmp_path / "terms.toml"
    glossary.write_text('"taman" = "garden"', encoding="utf-8")
    # A function of a test can't be pickled; nor can a model, mostly.
    ringkas = Summarizer(FakeModel(lambda task, source: write(task, source)), progress=False, glossary=glossary)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(ringkas)
    other = pickle.loads(pickle.dumps(ringkas.without_models()))
    arguments = [ARTICLE], "Taman dibuka.", "A park was opened."
    assert other.review(*arguments) == ringkas.review(*arguments)
    assert other.review(*arguments)["doubtful"]
    with pytest.raises(ModelError):
        other.load()
