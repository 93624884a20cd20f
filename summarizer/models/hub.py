"""Checkpoints from the Hugging Face hub, kept in the hub's own cache."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from summarizer.errors import ModelError
from summarizer.text.normalise import one_line

_CONFIG = "config.json"
# What goes wrong with a file that is open; what can't be opened is named by the error.
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_NAME = re.compile(r"([\w.-]+/[\w.-]+)(?:@([\w./-]+))?", re.ASCII)


def split_name(name: str) -> tuple[str, str] | None:
    """Split ``owner/model@revision``, or ``owner/model`` with no revision; None for what can't be a name on the hub."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    match = _NAME.fullmatch(name)
    if not match or ".." in name:
        return None
    try:
        validate_repo_id(match[1])
    except HFValidationError:
        return None
    return match[1], match[2] or ""


def is_offline() -> bool:
    """Tell whether the environment forbids using the network.

    The variables are ``HF_HUB_OFFLINE`` and ``TRANSFORMERS_OFFLINE``, as the hub's own client reads them.
    """
    value = os.environ.get("HF_HUB_OFFLINE") or os.environ.get("TRANSFORMERS_OFFLINE", "")
    return value.upper() in {"1", "ON", "YES", "TRUE"}


def find_snapshot(repo: str, revision: str, is_whole: Callable[[Path], bool]) -> Path | None:
    """Return the folder of a checkpoint that is wholly in the cache, or None; the network isn't used.

    Args:
        repo: the hub's name of the model.
        revision: a commit, branch or tag.
        is_whole: tells whether a folder holds all that is needed.
    """
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(repo, _CONFIG, revision=revision)
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    return folder if is_whole(folder) else None


def find_remains(repo: str, revision: str) -> Path | None:
    """Return the folder of a checkpoint in the cache, wholly there or not; None if nothing of it is.

    Args:
        repo: the hub's name of the model.
        revision: a commit, branch or tag.
    """
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        known = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except CacheNotFound:
        return None
    snapshots = (snapshot for entry in known if entry.repo_id == repo for snapshot in entry.revisions)
    return next((found.snapshot_path for found in snapshots if revision in (found.commit_hash, *found.refs)), None)


def fetch_snapshot(
    repo: str,
    revision: str,
    *,
    choose: Callable[[Collection[str], str], list[str]],
    is_whole: Callable[[Path], bool],
) -> Path:
    """Return the folder of a checkpoint; what isn't in the cache or is damaged there is downloaded.

    Downloads show progress on standard error, resume where the last one was cut off, and are checked: each file's
    SHA-256, or its git hash, must be the one under which the hub keeps it.

    Args:
        repo: the hub's name of the model.
        revision: a commit, branch or tag.
        choose: chooses from the paths of a repository's files those that are needed; the second argument is what to
            call the repository in an error.
        is_whole: as for `find_snapshot`.

    Raises:
        ModelError: there is no such model or revision, it is gated, the hub can't be reached, or the disk is full.
    """
    folder = find_snapshot(repo, revision, is_whole)
    if folder is not None and not _remove_damaged(folder):
        return folder
    for _ in range(2):
        folder = _download(repo, revision, choose)
        if not _remove_damaged(folder):
            return folder
    raise ModelError(f"{repo} arrived damaged from the hub: try again later")


def _download(repo: str, revision: str, choose: Callable[[Collection[str], str], list[str]]) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        info = HfApi().model_info(repo, revision=revision, files_metadata=True)
        found = {file.rfilename: file for file in info.siblings or []}
        files = choose(found, repo)
        for name in files:
            lfs = found[name].lfs
            if lfs is not None and info.sha:
                _fetch_blob(repo, info.sha, name, lfs.sha256, lfs.size)
        return Path(snapshot_download(repo, revision=revision, allow_patterns=files))
    except ModelError:
        raise
    except GatedRepoError as error:
        raise ModelError(
            f"{repo} is gated: accept its terms at https://huggingface.co/{repo}, then log in with 'hf auth login'"
        ) from error
    except RepositoryNotFoundError as error:
        raise _not_there(repo) from error
    except RevisionNotFoundError as error:
        raise ModelError(f"{repo} has no revision {revision}") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            raise _not_there(repo) from error
        raise ModelError(f"{repo} can't be downloaded: the hub answers {status}, try again later") from error
    except Exception as error:  # httpx's errors, whose package depends on the hub's version
        if isinstance(error, OSError) and (error.filename or error.errno in _OF_THE_DISK):
            where = f" ({error.filename})" if error.filename else ""
            raise ModelError(
                f"{repo} can't be saved: {error.strerror}{where}; set HF_HOME to another folder"
            ) from error
        raise ModelError(
            f"{repo} can't be downloaded because the hub can't be reached: {one_line(str(error) or repr(error))[:200]}"
        ) from error


def _fetch_blob(repo: str, commit: str, name: str, digest: str, size: int) -> None:
    """Download a large file to where the hub's cache keeps it, resuming where the last attempt ended.

    The hub's own client takes up a broken connection again, but starts over in a new process.
    """
    from filelock import FileLock
    from huggingface_hub import constants, get_token, hf_hub_url
    from huggingface_hub.file_download import repo_folder_name

    folder = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repo, repo_type="model") / "blobs"
    blob, partial = folder / digest, folder / f"{digest}.partial"
    folder.mkdir(parents=True, exist_ok=True)
    token = get_token()
    with FileLock(folder / f"{digest}.partial.lock"):
        if blob.exists():
            return
        if partial.exists() and partial.stat().st_size > size:
            partial.unlink()
        with partial.open("ab") as file:
            download(
                hf_hub_url(repo, name, revision=commit),
                file,
                resume_size=file.tell(),
                headers={"authorization": f"Bearer {token}"} if token else None,
                expected_size=size,
                displayed_filename=name,
            )
        partial.rename(blob)


def download(url: str, file: BinaryIO, **options: Any) -> None:
    """Download a file as ``huggingface_hub`` does, with its progress bar; what fails is said by the error alone.

    Args:
        url: of the file.
        file: what it is written to.
        options: what ``huggingface_hub.file_download.http_get`` takes besides.
    """
    from huggingface_hub.file_download import http_get

    with _silent_library():
        http_get(url, file, **options)


@contextmanager
def _silent_library() -> Iterator[None]:
    log = logging.getLogger("huggingface_hub")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _not_there(repo: str) -> ModelError:
    # The hub doesn't tell strangers what is private from what isn't there.
    return ModelError(f"there is no model {repo} on the hub, or it is private: log in with 'hf auth login'")


def find_damaged(folder: Path) -> list[Path]:
    """Return the files of a snapshot whose content isn't what the hub has.

    They are symbolic links; without such links, the cache doesn't keep the hashes.
    """
    links = sorted(file for file in folder.rglob("*") if file.is_symlink())
    return [link for link in links if not (link.resolve().is_file() and _is_sound(link.resolve()))]


def remove_snapshot(folder: Path) -> None:
    """Remove a snapshot from the hub's cache, with the files that no other one needs.

    Raises:
        PermissionError: it can't be removed.
    """
    from huggingface_hub import constants, scan_cache_dir

    with _silent_library():
        scan_cache_dir(constants.HF_HUB_CACHE).delete_revisions(folder.name).execute()
    # The library logs what it mustn't remove, and goes on.
    if folder.exists():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _remove_damaged(folder: Path) -> list[Path]:
    """Remove the files of a snapshot whose content isn't what the hub has, and return them."""
    damaged = find_damaged(folder)
    for link in damaged:
        blob = link.resolve()
        link.unlink()
        blob.unlink(missing_ok=True)
    return damaged


def _is_sound(blob: Path) -> bool:
    """Tell whether a blob of the cache, whose name is its hash, is undamaged."""
    if re.fullmatch(r"[0-9a-f]{64}", blob.name):
        digest = hashlib.sha256()
    elif re.fullmatch(r"[0-9a-f]{40}", blob.name):
        digest = hashlib.sha1(b"blob %d\0" % blob.stat().st_size, usedforsecurity=False)
    else:
        return True
    with blob.open("rb") as file:
        return hashlib.file_digest(file, lambda: digest).hexdigest() == blob.name
