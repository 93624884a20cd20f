"""Checkpoints from the Hugging Face hub, kept in the hub's own cache."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ModelError
from summarizer.models.seq2seq.checkpoint import CONFIG, choose_files
from summarizer.text.normalise import one_line
from summarizer.workers import call_within

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

# Seconds that the list of files may take: a server that sends a byte now and then is given up on.
_LISTING_SECONDS = 30.0


def split_name(name: str) -> tuple[str, str] | None:
    """Split ``owner/model@revision``, or ``owner/model`` with no revision; None for what can't be a name on the hub."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    repo, at, revision = name.partition("@")
    lacks_revision = bool(at) and not revision
    if "/" not in repo or lacks_revision or ".." in revision:
        return None
    try:
        validate_repo_id(repo)
    except HFValidationError:
        return None
    return repo, revision


def is_offline() -> bool:
    """Tell whether the environment forbids using the network (``HF_HUB_OFFLINE`` or ``TRANSFORMERS_OFFLINE``)."""
    return bool(offline_variable())


def offline_variable() -> str:
    """Return the name of the variable that forbids using the network, "" if none does."""
    from huggingface_hub import constants

    if not constants.HF_HUB_OFFLINE:
        return ""
    return "HF_HUB_OFFLINE" if os.environ.get("HF_HUB_OFFLINE") else "TRANSFORMERS_OFFLINE"


def find_snapshot(repo: str, revision: str) -> Path | None:
    """Return the folder of a checkpoint in the cache, whole or not; None if nothing is there."""
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(repo, CONFIG, revision=revision)
    return Path(config).parent if isinstance(config, str) else None


def fetch_snapshot(repo: str, revision: str) -> Path:
    """Download what is missing of a checkpoint, and return its folder in the cache.

    Downloads show progress on standard error, take up a connection that breaks, and are checked by the hub's hashes.

    Raises:
        ModelError: the hub can't be reached, or doesn't give the checkpoint, or it can't be saved.
    """
    from huggingface_hub import HfApi, snapshot_download

    try:
        # Asked once: the listing of files waits for 23 seconds before it says that there is no network.
        listed = call_within(_LISTING_SECONDS, lambda: HfApi().model_info(repo, revision=revision).siblings or ())
        chosen = choose_files(file.rfilename for file in listed)
        folder = Path(snapshot_download(repo, revision=revision, allow_patterns=chosen)) if chosen else None
    except TimeoutError as error:
        reason = "it takes too long to answer"
        raise ModelError(f"{repo} can't be downloaded because the hub can't be reached: {reason}") from error
    except Exception as error:  # httpx's errors, whose package depends on the hub's version
        raise ModelError(_explain(error, repo, revision)) from error
    if folder is None:
        raise ModelError(f"{repo} holds no weights for PyTorch (model.safetensors, pytorch_model.bin)")
    if remove_damaged(folder):
        raise ModelError(f"{repo} arrived damaged from the hub: try again later")
    return folder


def _explain(error: BaseException, repo: str, revision: str) -> str:
    """Say in one line why a download failed."""
    from huggingface_hub.errors import HfHubHTTPError

    causes = _find_causes(error)
    for cause in causes:
        if isinstance(cause, HfHubHTTPError):
            return _explain_status(cause, repo, revision)
    if isinstance(error, OSError) and error.errno:  # of the disk; the network's errors are httpx's
        where = f" ({error.filename})" if error.filename else ""
        return f"{repo} can't be saved: {error.strerror}{where}; set HF_HOME to another folder"
    reason = one_line(str(error) or repr(error))[:200]
    if any(map(_is_of_network, causes)):
        return f"{repo} can't be downloaded because the hub can't be reached: {reason}"
    return (
        f"{repo} can't be downloaded: the hub's answer can't be used ({reason}); try again later, and see whether a "
        "proxy or a login page answers in its place"
    )


def _explain_status(error: HfHubHTTPError, repo: str, revision: str) -> str:
    """Say in one line what an answer that is an error means."""
    from huggingface_hub.errors import GatedRepoError, RemoteEntryNotFoundError, RevisionNotFoundError

    if isinstance(error, GatedRepoError):
        return f"{repo} is gated: accept its terms at https://huggingface.co/{repo}, then log in with 'hf auth login'"
    if isinstance(error, RevisionNotFoundError):
        return f"{repo} has no revision {revision}"
    if isinstance(error, RemoteEntryNotFoundError):
        return f"{repo} can't be downloaded: the hub lists a file that it doesn't have, try again later"
    status = error.response.status_code
    if status in (401, 403, 404):
        # The hub doesn't tell strangers what is private from what isn't there.
        return f"there is no model {repo} on the hub, or it is private: log in with 'hf auth login'"
    return f"{repo} can't be downloaded: the hub answers {status}, try again later"


def _find_causes(error: BaseException | None) -> list[BaseException]:
    """Return an error and what led to it, the last first."""
    causes: list[BaseException] = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    return causes


def _is_of_network(error: BaseException) -> bool:
    """Tell whether an error is that a server can't be reached, or that it breaks off."""
    # By name, as the package depends on the hub's version.
    is_transport = "TransportError" in {kind.__name__ for kind in type(error).__mro__}
    return is_transport or isinstance(error, ConnectionError | TimeoutError)


def remove_damaged(folder: Path) -> bool:
    """Remove the files of a snapshot whose content isn't what the hub has, and tell whether there were any.

    They are symbolic links to blobs that are named after their hash; without such links, the cache doesn't keep it.
    """
    was_damaged = False
    # In the hub's cache, a snapshot is models--OWNER--NAME/snapshots/COMMIT.
    blobs = folder.resolve().parents[1] / "blobs"
    for link in sorted(folder.rglob("*")):
        if not link.is_symlink():
            continue
        blob = link.resolve()
        is_own = blob.parent == blobs
        is_sound = is_own and blob.is_file() and _has_its_hash(blob)
        if not is_sound:
            link.unlink()
            # What a hostile hub has made a link lead to elsewhere is somebody's file.
            if is_own:
                blob.unlink(missing_ok=True)
            was_damaged = True
    return was_damaged


def _has_its_hash(blob: Path) -> bool:
    """Tell whether a blob has the hash that it is named after: git's of small files, SHA-256 of large ones."""
    git = hashlib.sha1(b"blob %d\0" % blob.stat().st_size, usedforsecurity=False)
    is_small = len(blob.name) == 2 * git.digest_size
    digest = git if is_small else hashlib.sha256()
    with blob.open("rb") as file:
        return hashlib.file_digest(file, lambda: digest).hexdigest() == blob.name


def remove_snapshot(folder: Path) -> None:
    """Remove a snapshot from the hub's cache, with the files that no other one needs.

    Raises:
        OSError: something of it can't be removed.
    """
    from huggingface_hub import constants, scan_cache_dir

    scan_cache_dir(constants.HF_HUB_CACHE).delete_revisions(folder.name).execute()
    # The library logs what it mustn't remove, and goes on.
    if folder.exists():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
