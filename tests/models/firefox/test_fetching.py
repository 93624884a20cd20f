"""A model is fetched whole or not at all, from the first of Mozilla's servers that has it, here on this machine."""

import gzip
import re
import socket
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard
from click.testing import CliRunner

from summarizer import __version__
from summarizer.cli.commands import main
from summarizer.errors import ModelError
from summarizer.models import Task
from summarizer.models.base import Request
from summarizer.models.catalogue import (
    check_model,
    find_info,
    find_model,
    find_newer_release,
    is_measured,
    load_catalogue,
    load_model,
    prepare_model,
    remove_model,
)
from summarizer.models.engine import WhichRelease
from summarizer.models.firefox import download
from summarizer.models.firefox.engine import FirefoxEngine
from summarizer.models.firefox.fetching import SOURCES
from summarizer.models.firefox.release import RemoteFile, SourceError
from tests.conftest import in_some_try
from tests.models.firefox.service import (
    MODEL,
    NAME,
    NEWER,
    PATH,
    RELEASED,
    SHORTLIST,
    UNUSABLE,
    VOCABULARY,
    Service,
    packed_with_gzip,
    tiny_files,
    with_files,
)

LIST = "/bucket/db/models.json"
CHANGESET = "/v2/buckets/main/collections/translations-models-v2/changeset"


def content_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".bin", ".spm")}


def used(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is fetched of a model's files: Firefox doesn't use the shortlist."""
    return {name: content for name, content in files.items() if name != SHORTLIST}


def fails(cache: Path, release: WhichRelease = "any") -> str:
    with pytest.raises(ModelError) as caught:
        prepare_model(NAME, release=release)
    message = str(caught.value)
    assert "\n" not in message
    assert "id-en" in message
    # The way that is left, and nothing half-written, but for locks.
    assert "--translation-model" in message
    assert [file.name for file in cache.glob("*") if file.suffix != ".lock"] == []
    return message


@pytest.fixture
def settings_only(service: Service) -> Service:
    """The bucket is gone."""
    service.status = {"/bucket": 404}
    return service


def test_the_catalogue_pins_a_release_to_its_digests() -> None:
    pinned = [info.engine.model for info in load_catalogue() if isinstance(info.engine, FirefoxEngine)]
    assert pinned
    for source in pinned:
        assert re.fullmatch(r"models/id-en/[\w-]+/exported", source.path)
        assert {file.name.partition(".")[0] for file in source.files} == {"model", "vocab"}
        for file in source.files:
            assert re.fullmatch(r"[0-9a-f]{64}", file.packed_sha256)
        [weights] = [file for file in source.files if file.name.startswith("model")]
        assert re.fullmatch(r"[0-9a-f]{64}", weights.sha256)
    assert all(address.startswith("https://") for address in SOURCES)


def test_the_pinned_release_comes_from_the_bucket_without_any_list(service: Service) -> None:
    service.models = (NEWER, RELEASED)
    folder = prepare_model(NAME)
    assert content_of(folder) == used(RELEASED.files)
    assert service.requests == [f"/bucket/{PATH}/{name}.gz" for name in (MODEL, VOCABULARY)]
    assert service.agents == {f"ringkas/{__version__} (https://pypi.org/project/ringkas/)"}


def test_a_model_is_fetched_once(service: Service) -> None:
    folder = prepare_model(NAME)
    service.requests.clear()
    assert prepare_model(NAME) == find_model(NAME) == prepare_model(NAME, offline=True) == folder
    assert prepare_model(NAME, release="pinned") == folder
    assert service.requests == []


def test_what_was_fetched_is_unpacked_loaded_and_translates(service: Service) -> None:
    prepare_model(NAME)
    [generation] = load_model(NAME, offline=True).generate(Task.TRANSLATE, [Request("Presiden membuka rapat.")])
    assert generation.text


@pytest.mark.parametrize("status", [403, 404, 406, 500])
def test_remote_settings_steps_in_for_the_bucket(status: int, service: Service) -> None:
    service.status = {"/bucket": status}
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)
    # Only changesets, in the newest version, with the parameter that the service demands.
    assert {path for path in service.requests if path.startswith("/v")} == {CHANGESET, "/v2/"}
    assert "_expected=0" in service.queries


def test_the_first_version_of_remote_settings_steps_in_for_the_second(settings_only: Service) -> None:
    settings_only.status["/v2"] = 404
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)
    assert CHANGESET.replace("v2", "v1", 1) in settings_only.requests


def test_another_host_steps_in_for_one_that_cannot_be_reached(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", f"http://127.0.0.1:9/bucket {service.url}/v2")
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)


def test_a_mirror_needs_the_files_alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", f"{service.url}/mirror/")
    service.answers = {
        f"/mirror/{PATH}/{name}.gz": packed_with_gzip(content) for name, content in RELEASED.files.items()
    }
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)


def test_a_store_may_call_gzip_a_part_of_the_transport(service: Service) -> None:
    service.is_transport = True
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)


def test_a_list_may_have_moved(settings_only: Service) -> None:
    settings_only.status["/v2"] = 302
    settings_only.answers["/nothing"] = b"[]"
    settings_only.models = (RELEASED,)
    assert content_of(prepare_model(NAME)) == used(RELEASED.files)


BUCKET_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": {"/": 403}}, "refuses Ringkas"),
    ({"status": {"/": 404}}, "doesn't have it any more"),
    ({"status": {"/": 406}}, "serves only Firefox"),
    ({"status": {"/": 503}}, "503"),
    # A redirection to what isn't there.
    ({"status": {"/bucket": 302, "/v": 302}}, "doesn't have it any more"),
    ({"broken": True}, "bytes"),
    ({"damaged": True}, "damaged"),
    ({"short": True}, "bytes"),
    ({"models": ()}, "has only other releases"),
    ({"models": (with_files(RELEASED, **{VOCABULARY: b"another"}),), "status": {"/v": 404}}, "another vocab.iden.spm"),
    ({"models": (with_files(RELEASED, **{MODEL: b"another"}),), "status": {"/v": 404}}, "another model.iden"),
    ({"answers": {CHANGESET: b"[]"}, "status": {"/bucket": 404, "/v1": 404}}, "can't be read"),
    ({"answers": {CHANGESET: b"[" * 99_999}, "status": {"/bucket": 404, "/v1": 404}}, "can't be read"),
    ({"answers": {CHANGESET: b"<html>"}, "status": {"/bucket": 404, "/v1": 404}}, "can't be read"),
    ({"answers": {CHANGESET: b'{"changes": {}}'}, "status": {"/bucket": 404, "/v1": 404}}, "can't be read"),
    ({"answers": {CHANGESET: b'{"data": []}'}, "status": {"/bucket": 404, "/v1": 404}}, "can't be read"),
    ({"answers": {CHANGESET: b" " * 10_000_001}, "status": {"/bucket": 404, "/v1": 404}}, "too long"),
    ({"answers": {"/v2/": b"{}"}, "status": {"/bucket": 404, "/v1": 404}}, "where its files are"),
]


@pytest.mark.parametrize(("state", "expected"), BUCKET_WRONG)
def test_what_is_wrong_is_one_line(state: dict[str, Any], expected: str, service: Service, own_cache: Path) -> None:
    sound = {name: getattr(service, name) for name in state}
    vars(service).update(state)
    assert expected in fails(own_cache)
    vars(service).update(sound)
    assert prepare_model(NAME).is_dir()


def test_a_file_that_is_not_packed_is_one_line(service: Service, own_cache: Path) -> None:
    service.models = (NEWER,)
    service.status = {"/v": 404}
    service.answers = {f"/bucket/{NEWER.path}/{VOCABULARY}.gz": b"<html>"}
    assert "can't be unpacked" in fails(own_cache, "newest")
    half = packed_with_gzip(NEWER.files[VOCABULARY])
    service.answers = {f"/bucket/{NEWER.path}/{VOCABULARY}.gz": half[: len(half) // 2]}
    assert "can't be unpacked" in fails(own_cache, "newest")


@pytest.mark.parametrize("sources", ["gopher://a/b", "http://", "mirror", "http://[/v2"])
def test_an_address_that_is_none_is_one_line(sources: str, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", sources)
    with pytest.raises(ModelError, match=r"RINGKAS_FIREFOX_SOURCES has .* no address"):
        prepare_model(NAME)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def count_connections(server: socket.socket) -> int:
    """Return how many connections a server has been asked for and has not taken yet."""
    server.setblocking(False)
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_a_server_that_says_nothing_is_waited_for_once(
    silent: socket.socket, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_TIMEOUT", 0.5)
    address = f"http://127.0.0.1:{silent.getsockname()[1]}"
    monkeypatch.setenv("RINGKAS_FIREFOX_SOURCES", f"{address}/bucket {address}/v2 {address}/v1")
    assert fails(own_cache).count("doesn't answer within") == 1
    assert count_connections(silent) == 1


def test_a_download_that_stalls_ends(service: Service, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_TIMEOUT", 0.5)
    service.stall = 3.0
    assert "doesn't answer within" in fails(own_cache)


def answering(status: int, pieces: Iterator[bytes], **headers: str) -> httpx.Client:
    """A client whose requests all have the same answer, which comes in pieces."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, headers=named, content=pieces)))


@pytest.mark.parametrize(
    ("encoding", "pack", "expected"),
    [
        ("gzip", gzip.compress, "too long"),
        ("zstd", zstandard.compress, "can't be read"),
        ("gzip", lambda _: b"damaged", "can't be read"),
        ("identity", lambda _: b"damaged", "can't be read"),
    ],
)
def test_a_list_that_is_packed_has_a_bound(encoding: str, pack: Callable[[bytes], bytes], expected: str) -> None:
    """A few bytes may be packed gigabytes, and httpx unpacks all of them."""
    client = answering(200, iter([pack(b" " * 60_000_000)]), content_encoding=encoding)
    tracemalloc.start()
    with pytest.raises(SourceError, match=expected):
        download.get_json(client, "https://example.org/")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 40_000_000


def test_a_list_may_be_packed() -> None:
    client = answering(200, iter([gzip.compress(b'{"a": 1}')]), content_encoding="gzip")
    assert download.get_json(client, "https://example.org/") == {"a": 1}


def test_what_comes_with_a_redirection_is_not_read() -> None:
    def read() -> Iterator[bytes]:
        pytest.fail("it may have no end")
        yield b""

    client = answering(302, read(), location="/again")
    with pytest.raises(SourceError, match="sends from one address to the next"):
        download.get_json(client, "https://example.org/")


def test_a_download_that_drips_ends(service: Service, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is an answer in time, each time."""
    monkeypatch.setattr(download, "_LIST_SECONDS", 0.5)
    service.drip = 0.05
    begun = time.monotonic()
    assert f"sends {MODEL} too slowly" in fails(own_cache)
    assert time.monotonic() - begun < 20


def test_headers_that_drip_end(service: Service, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_HEADER_SECONDS", 0.5)
    service.header_drip = 0.05
    begun = time.monotonic()
    assert "takes too long to answer" in fails(own_cache)
    assert time.monotonic() - begun < 20


def test_what_is_packed_with_zstd_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_FILE", 1_000_000)
    file = RemoteFile(MODEL, "https://example.org/a.zst", "zstd")
    assert download._unpack(file, zstandard.compress(b"x" * 1_000_000)) == b"x" * 1_000_000
    for packed, expected in ((zstandard.compress(b"x" * 1_000_001), "too long"), (b"<html>", "can't be unpacked")):
        with pytest.raises(SourceError, match=expected):
            download._unpack(file, packed)


def test_without_a_network_it_says_so_within_a_second(own_cache: Path) -> None:
    # The libraries are loaded already in a process that lasts; this is the time that the attempt takes.
    with pytest.raises(ModelError):
        prepare_model(NAME)

    def is_quick() -> bool:
        begun = time.monotonic()
        assert "can't be reached" in fails(own_cache)
        return time.monotonic() - begun < 1

    assert in_some_try(is_quick)


def test_without_the_engine_nothing_is_fetched(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fxtranslate", None)
    with pytest.raises(ModelError, match="pip install fxtranslate"):
        prepare_model(NAME)
    assert service.requests == []


def test_what_was_damaged_is_found_fetched_again_and_removed(service: Service) -> None:
    for look in (partial(check_model, NAME, Task.TRANSLATE), partial(prepare_model, NAME)):
        with pytest.raises(ModelError, match="is not ready"):
            look(offline=True)
    assert service.requests == []
    folder = prepare_model(NAME)
    (folder / VOCABULARY).write_bytes(b"x")
    with pytest.raises(ModelError, match="is not ready"):
        find_model(NAME)
    assert prepare_model(NAME) == folder
    assert content_of(folder) == used(RELEASED.files)
    assert remove_model(NAME) == folder
    assert not folder.exists()


# The newest release.


@pytest.mark.parametrize("gone", ["/v", "/bucket"])
def test_the_newest_release_takes_the_place_of_the_pinned_one_and_back(gone: str, service: Service) -> None:
    service.models = (*UNUSABLE, RELEASED, NEWER)
    service.status = {gone: 404}
    folder = prepare_model(NAME)
    assert is_measured(find_info(NAME))
    assert prepare_model(NAME, release="newest") == folder
    assert content_of(folder) == used(NEWER.files)
    assert not is_measured(find_info(NAME))
    # It stays, until the other is asked for.
    assert prepare_model(NAME) == find_model(NAME) == folder
    assert content_of(folder) == used(NEWER.files)
    assert prepare_model(NAME, release="pinned") == folder
    assert content_of(folder) == used(RELEASED.files)
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]


def test_a_broken_download_of_the_newest_leaves_the_pinned_one(service: Service) -> None:
    folder = prepare_model(NAME)
    service.models = (NEWER,)
    service.damaged = True
    with pytest.raises(ModelError, match="damaged"):
        prepare_model(NAME, release="newest")
    assert find_model(NAME) == folder
    assert content_of(folder) == used(RELEASED.files)


@pytest.mark.parametrize("half", [False, True])
def test_a_newest_release_that_the_engine_cannot_read_is_refused(half: bool, service: Service, own_cache: Path) -> None:
    weights = NEWER.files[MODEL]
    content = weights[: len(weights) // 2] if half else b"of another format"
    service.models = (with_files(NEWER, **{MODEL: content}),)
    assert "can't read" in fails(own_cache, "newest")


def test_only_models_of_firefox_have_a_newest_release(service: Service) -> None:
    with pytest.raises(ModelError, match="no newest release"):
        prepare_model("opus-mt-id-en", release="newest")
    assert find_newer_release(find_info("opus-mt-id-en")) == ""


@pytest.mark.parametrize("gone", ["/v", "/bucket"])
def test_models_says_whether_there_is_a_newer_release(gone: str, service: Service) -> None:
    service.status = {gone: 404}
    plain = CliRunner().invoke(main, ["models"])
    assert service.requests == []
    checked = CliRunner().invoke(main, ["models", "--check"])
    assert checked.exit_code == 0
    assert checked.stdout == plain.stdout
    assert checked.stderr == ""
    service.models = (RELEASED, NEWER)
    checked = CliRunner().invoke(main, ["models", "--check"])
    assert checked.exit_code == 0
    assert checked.stdout == plain.stdout
    assert re.search(rf"{NAME}: .* base-memory [0-9a-f]{{8}}; 'ringkas models fetch {NAME} --newest'", checked.stderr)


def test_a_check_without_a_network_is_one_line(own_cache: Path) -> None:
    checked = CliRunner().invoke(main, ["models", "--check"])
    assert checked.exit_code == 6
    assert checked.stderr.count("\n") == 1
    assert "127.0.0.1:9 can't be reached; try again later" in checked.stderr
    # Nothing was to be downloaded, so nothing need be got from elsewhere.
    assert "download" not in checked.stderr
    assert "--translation-model" not in checked.stderr


def test_whose_figures_are_shown_is_said(service: Service) -> None:
    service.models = (RELEASED, NEWER)
    fetched = CliRunner().invoke(main, ["models", "fetch", NAME, "--newest"])
    assert fetched.exit_code == 0
    assert "of another release" in fetched.stderr
    assert "(of another release)" in " ".join(CliRunner().invoke(main, ["models"]).stdout.split())
    fetched = CliRunner().invoke(main, ["models", "fetch", NAME])
    assert fetched.exit_code == 0
    assert fetched.stderr == ""
    assert "(of another release)" not in CliRunner().invoke(main, ["models"]).stdout


# What the lists have beside it.


@pytest.mark.parametrize("gone", ["/v", "/bucket"])
@pytest.mark.parametrize("model", UNUSABLE, ids=lambda model: f"{model.version} {model.filter_expression}")
def test_what_is_not_for_us_is_passed_over(gone: str, model: Any, service: Service) -> None:
    service.status = {gone: 404}
    service.models = (model, RELEASED)
    folder = prepare_model(NAME, release="newest")
    assert content_of(folder) == used(RELEASED.files)


@pytest.mark.parametrize(("gone", "reason"), [("/v", "no released model"), ("/bucket", "no released model")])
def test_a_list_without_a_model_for_us_is_one_line(gone: str, reason: str, service: Service, own_cache: Path) -> None:
    service.status = {gone: 404}
    service.models = UNUSABLE
    assert reason in fails(own_cache, "newest")


def test_versions_are_compared_as_numbers(settings_only: Service) -> None:
    older = replace(NEWER, files=tiny_files(4), version="3.2")
    settings_only.models = (older, NEWER, RELEASED)
    assert content_of(prepare_model(NAME, release="newest")) == used(NEWER.files)


def test_a_model_for_the_desktop_alone_is_for_us(settings_only: Service) -> None:
    settings_only.models = (RELEASED, replace(NEWER, filter_expression="env.appinfo.OS != 'Android'"))
    assert content_of(prepare_model(NAME, release="newest")) == used(NEWER.files)


def test_a_variant_comes_after_the_model_itself(settings_only: Service) -> None:
    settings_only.models = (replace(NEWER, variant="decoder-bigger-embeddings"), replace(RELEASED, version="3.10"))
    assert content_of(prepare_model(NAME, release="newest")) == used(RELEASED.files)


def test_architectures_of_one_version_are_not_mixed(settings_only: Service) -> None:
    # Their files have equal names; the one of "base" is incomplete.
    half = {MODEL: tiny_files(5)[MODEL]}
    settings_only.models = (replace(RELEASED, files=half, architecture="base"), replace(NEWER, version="3.0"), RELEASED)
    assert content_of(prepare_model(NAME, release="newest")) == used(NEWER.files)
