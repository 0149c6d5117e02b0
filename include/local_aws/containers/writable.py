"""Folders that the programs of a container may write to, as root in a container of AWS may.

Folders of this machine, such as /lib, get a layer in the container's memory: the machine's folder
stays read only below it. Scripts of the SageMaker SDK copy their libraries into /lib.
"""

from __future__ import annotations

import shlex
import subprocess
from functools import cache
from pathlib import Path

NEW = ("/etc", "/home", "/mnt", "/opt", "/root", "/srv", "/var", "/var/lib", "/var/log", "/var/tmp")  # noqa: S108
LAYERED = ("/lib", "/usr/bin", "/usr/share", "/usr/local/bin", "/usr/local/lib", "/usr/local/share")
IN_MEMORY = ("/", "/run", "/dev/shm")  # noqa: S108


def created() -> list[str]:
    """Return the options that create folders; bubblewrap would give them this machine's modes."""
    return [word for name in NEW for word in ("--perms", "0755", "--dir", name)]


def layers(program: str, namespaces: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the folders of this machine that get a layer; none where the kernel has no overlay."""
    return _folders() if _layers_work(program, namespaces) else ()


def options(folders: tuple[Path, ...]) -> list[str]:
    """Return the options for a layer over each of *folders*."""
    return [
        word
        for folder in folders
        for word in ("--overlay-src", str(folder), "--tmp-overlay", str(folder))
    ]


def given_to(user: int, folders: tuple[Path, ...]) -> list[str]:
    """Return the command prefix that makes *user* the owner of a container's writable folders.

    None of them has a file of a job yet, so that root runs nothing which a job has changed.
    """
    names = shlex.join([*IN_MEMORY, *NEW, *map(str, folders)])
    return ["/bin/sh", "-c", f'chown "$0" {names} && exec "$@"', f"{user}:{user}"]


@cache
def _folders() -> tuple[Path, ...]:
    """Return the folders of this machine, without the links that lead to them."""
    resolved = dict.fromkeys(Path(name).resolve() for name in LAYERED)
    return tuple(folder for folder in resolved if folder.is_dir())


@cache
def _layers_work(program: str, namespaces: tuple[str, ...]) -> bool:
    test = [program, *namespaces, "--ro-bind", "/", "/", *options(_folders()), "--", "true"]
    try:
        return subprocess.run(test, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
