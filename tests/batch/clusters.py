"""Simulated clusters, and models for them: they can be sent to other processes, and some articles kill these."""

import os
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ModelError
from summarizer.models.base import Generation, Request, Task
from tests.conftest import ROOT, FakeModel, in_english


def _write(task: Task, source: str) -> str:
    return in_english(source) if task is Task.TRANSLATE else source.partition(". ")[0] + "."


class ClusterModel(FakeModel):
    """Writes the first sentence; an article with "jatuh" kills the process that writes, once, if a file says so."""

    def __init__(self, fuse: Path | None = None, fails: bool = False) -> None:
        super().__init__(_write, max_input_tokens=10_000)
        self._fuse = fuse
        self._fails = fails

    def generate(self, task: Task, requests: Sequence[Request], **options: Any) -> list[Generation]:
        if self._fails:
            raise ModelError("the model is damaged")
        text = " ".join(request.text for request in requests)
        if "jatuh" in text and self._fuse and self._fuse.exists():
            self._fuse.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().generate(task, requests, **options)


def machine(cpus: int, **more: Any) -> dict[str, Any]:
    """What a machine of a simulated cluster is like; with ports of its own, Ray needn't wait for it to choose some."""
    agents = ("metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port")
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("", 0))) for _ in agents]
        ports = {name: one.getsockname()[1] for name, one in zip(agents, sockets, strict=True)}
    return {"num_cpus": cpus, "memory": 8 << 30, "object_store_memory": 100 << 20, **ports, **more}


def _start(machines: Any, cpus: int, more: dict[str, Any]) -> None:
    """Start a machine; Ray gives its agents 15 seconds, which is too short where cores are busy."""
    for left in reversed(range(5)):
        try:
            machines.add_node(**machine(cpus, **more))
        except Exception:
            if not left:
                raise
        else:
            return


@contextmanager
def simulated(*cpus: int) -> Iterator[Any]:
    """A cluster of machines with so many CPUs, which are really this one; the first is its head."""
    with pytest.MonkeyPatch.context() as patch:
        # Ray reads these as it is imported.
        patch.setenv("RAY_raylet_start_wait_time_s", "25")
        patch.setenv("RAY_worker_niceness", "0")
        # Processes without work would be ended after a second, and started again for the next file.
        patch.setenv("RAY_idle_worker_killing_time_threshold_ms", "600000")
        # Ray writes no token into the home folder, and what it starts finds the models above.
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", str(ROOT))
        from ray.cluster_utils import Cluster

        spare = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
        machines = Cluster()
        try:
            for place, count in enumerate(cpus):
                _start(machines, count, {} if place else spare)
            yield machines
        finally:
            machines.shutdown()
