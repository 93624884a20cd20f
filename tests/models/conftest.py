from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from summarizer.models import catalogue
from tests.models.firefox.service import NAME, Service, pinned

Build = Callable[[str], Path]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Returns the folder of a tiny checkpoint, built when it is first asked for."""
    import torch

    from tests.models.seq2seq.checkpoints import BUILDERS

    # The models are too small for a second thread to be of use.
    torch.set_num_threads(1)

    @cache
    def get(name: str) -> Path:
        root = tmp_path_factory.mktemp(name)
        (root / "scratch").mkdir()
        (root / name).mkdir()
        return BUILDERS[name](root / name, root / "scratch")

    return get


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither cache nor settings are the user's, and no test touches the network; returns Ringkas' cache."""
    from huggingface_hub import constants

    for name in ("cache", "config"):
        monkeypatch.setenv(f"RINGKAS_{name.upper()}", str(tmp_path / name))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", "http://127.0.0.1:9/bucket http://127.0.0.1:9/v2")
    return tmp_path / "cache"


@pytest.fixture
def service(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Mozilla's servers, on this machine; the catalogue pins the tiny model that they have."""
    infos = tuple(replace(info, engine=pinned()) if info.name == NAME else info for info in catalogue.load_catalogue())
    monkeypatch.setattr(catalogue, "load_catalogue", lambda: infos)
    with Service().running() as service:
        monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", service.sources)
        yield service
