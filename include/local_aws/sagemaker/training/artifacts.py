"""What a training job's containers leave: the model, other output, the reason of a failure."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ...core.s3_files import upload_archive, written
from ..jobs.cluster import Cluster

REASON = 1024  # characters of output/failure that become the FailureReason


def upload(s3: Any, cluster: Cluster, base: str) -> str | None:
    """Put model.tar.gz and output.tar.gz below *base*; the model's URI, if there is a model.

    The instances' folders are merged: where two wrote the same file, the first one's is kept.
    """
    first = cluster.hosts[0].root
    for host in cluster.hosts[1:]:
        for folder in ("model", "output"):
            if (made := written(host.root, folder)) and written(first, folder):
                shutil.copytree(
                    made, first / folder, symlinks=True, dirs_exist_ok=True, copy_function=_keep
                )
    output = written(first, "output")
    if output and (written(output, "failure") or _filled(written(output, "data"))):
        upload_archive(s3, output, f"{base}/output.tar.gz")
    model = written(first, "model")
    if not model or not _filled(model):
        return None
    upload_archive(s3, model, f"{base}/model.tar.gz")
    return f"{base}/model.tar.gz"


def failure(cluster: Cluster, code: int) -> str:
    """The FailureReason: what the first container that failed wrote, else its exit code."""
    found = (written(host.root, "output/failure") for host in cluster.hosts)
    texts = [path.read_text(errors="replace") for path in found if path and path.is_file()]
    text = texts[0] if texts else f"exit code: {code}"
    prefix = "" if text.startswith(("ClientError:", "AlgorithmError:")) else "AlgorithmError: "
    return (prefix + text)[:REASON]


def clear(root: Path) -> None:
    """What a lost instance had on its disks is gone."""
    shutil.rmtree(root, ignore_errors=True)


def _filled(folder: Path | None) -> bool:
    return folder is not None and folder.is_dir() and any(folder.iterdir())


def _keep(source: str, target: str) -> str:
    if not Path(target).exists():
        shutil.copy2(source, target, follow_symlinks=False)
    return target
