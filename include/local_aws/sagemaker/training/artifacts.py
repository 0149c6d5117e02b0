"""The artifacts of a training job: the model, other output, the reason of a failure."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from ...containers.command import OPT_ML
from ...core.s3_encryption import Encryption
from ...core.s3_files import upload_archive
from ...core.untrusted_files import Folder
from ..jobs.cluster import Cluster, Host

REASON = 1024  # characters of output/failure that become the FailureReason
Known = tuple[Folder, tuple[str, ...]]


def upload(s3: Any, cluster: Cluster, base: str, encryption: Encryption) -> str | None:
    """Upload model.tar.gz and output.tar.gz below *base*; return the model's URI, if any.

    The instances' folders are merged: if two wrote the same file, the first instance's is kept.
    """
    with ExitStack() as stack:
        output = _folders(stack, cluster, "output")
        if _worth_keeping(output):
            upload_archive(s3, output, f"{base}/output.tar.gz", encryption)
        model = _folders(stack, cluster, "model")
        if not any(_filled(folder) for folder, _ in model):
            return None
        upload_archive(s3, model, f"{base}/model.tar.gz", encryption)
    return f"{base}/model.tar.gz"


def failure(cluster: Cluster, code: int) -> str:
    """Return the FailureReason: the message of the first failed container, else its code."""
    messages = [message for host in cluster.hosts if (message := _message(host)) is not None]
    text = messages[0].decode(errors="replace") if messages else f"exit code: {code}"
    prefix = "" if text.startswith(("ClientError:", "AlgorithmError:")) else "AlgorithmError: "
    return (prefix + text)[:REASON]


def _message(host: Host) -> bytes | None:
    with Folder.at(host.root) as root:
        return root.read("output/failure", 4 * REASON)


def _folders(stack: ExitStack, cluster: Cluster, name: str) -> list[Known]:
    """Return the folder *name* of every instance that has it, with its paths in the job."""
    folders: list[Known] = []
    for host in cluster.hosts:
        root = stack.enter_context(Folder.at(host.root))
        try:
            folder = stack.enter_context(root.folder(name))
        except OSError:  # it was removed, or replaced by a link
            continue
        folders.append((folder, (f"{OPT_ML}/{name}", str(host.root / name))))
    return folders


def _worth_keeping(output: list[Known]) -> bool:
    paths = {entry.path for folder, _ in output for entry in folder.walk()}
    return "failure" in paths or any(path.startswith("data/") for path in paths)


def _filled(folder: Folder) -> bool:
    return next(folder.walk(), None) is not None
