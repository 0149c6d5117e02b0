"""Confine a job to its /opt/ml and its toolchain, with bubblewrap if that works."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from ..core.options import Sandbox
from ..core.untrusted_files import Folder
from . import bubblewrap
from .command import OPT_ML, Box, Command, Network
from .isolated_network import IsolatedNetwork
from .reaped import reaped
from .users import FIRST, may_pass, other_user, warn_of_root

log = logging.getLogger(__name__)


def enclosed(box: Box, argv: list[str], mode: Sandbox) -> Command:
    """Return the command that runs *argv* in *box*; without namespaces, rewrite /opt/ml paths."""
    with Folder.at(box.root.parent) as above:
        for folder in ("tmp", "root"):
            above.folder(folder, create=True).close()
    if uses_bubblewrap(mode):
        _own(box, user := other_user())
        environment = _base_environment() | {"HOME": OPT_ML} | box.environment
        return bubblewrap.command(box, argv, user, environment)
    return _rewritten(box, argv)


@contextlib.contextmanager
def network_for(isolated: bool, instances: int, mode: Sandbox) -> Iterator[Network]:
    """Yield the network of a job with *instances* instances, and close it afterwards."""
    if isolated and instances > 1 and uses_bubblewrap(mode):
        with IsolatedNetwork() as network:
            yield network
    else:
        yield not isolated


@cache
def uses_bubblewrap(mode: Sandbox) -> bool:
    """Return whether to use bubblewrap; raise RuntimeError if it is required and does not work."""
    if mode == "none":
        return False
    works = _bubblewrap_works()
    if mode == "bubblewrap" and not works:
        raise RuntimeError(
            "bubblewrap cannot create namespaces here. Allow unprivileged user namespaces, "
            "or start with --sandbox none: jobs then see this machine's files."
        )
    if not works:
        log.warning(
            "Namespaces are not available: jobs run in their own folders but can read this machine."
        )
    return works


def _bubblewrap_works() -> bool:
    program = bubblewrap.binary()
    if program is None:
        return False
    test = [program, *bubblewrap.namespaces(), "--cap-drop", "ALL", "--ro-bind", "/", "/"]
    root = os.geteuid() == 0
    if root:
        test += [word for name in bubblewrap.TO_CHANGE_USER for word in ("--cap-add", name)]
    test += ["--", *(bubblewrap.as_user(FIRST, {}, ["true"]) if root else ["true"])]
    try:
        return subprocess.run(test, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _own(box: Box, user: int | None) -> None:
    """Make *user* the owner of the container's folders if this process is root's."""
    if user is not None:
        with Folder.at(box.root.parent) as folder:
            folder.give_to(user, user)
            os.fchmod(folder.descriptor, 0o700)


def _rewritten(box: Box, argv: list[str]) -> Command:
    """Set SAGEMAKER_BASE_DIR for AWS's toolkits, and rewrite /opt/ml in *argv*."""
    root, above = str(box.root), box.root.parent
    environment = {k: v.replace(OPT_ML, root) for k, v in box.environment.items()}
    environment |= {"SAGEMAKER_BASE_DIR": root, "SM_STUDIO_LOCAL_MODE": "true"}
    environment |= {"HOME": str(above / "root"), "TMPDIR": str(above / "tmp")}
    user = _reachable_user(box)
    _own(box, user)
    if user is not None:  # this machine has no name for it
        environment = {"LOGNAME": "root"} | environment
    words, variables = [w.replace(OPT_ML, root) for w in argv], _base_environment() | environment
    if user is None:
        return reaped(words, variables, box.root)
    command = reaped(bubblewrap.as_user(user, variables, words), {}, box.root)
    return replace(command, changes_user=True)


def _reachable_user(box: Box) -> int | None:
    """Return a user other than root, if it can reach all files of the job."""
    user = other_user()
    for path in (box.root, *box.visible) if user is not None else ():
        if not may_pass(path):
            warn_of_root(path)
            return None
    return user


def _base_environment() -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def toolchain(python: Path) -> tuple[Path, ...]:
    """Return the folders that an environment's interpreter reads: the environment and its base."""
    return (python.parents[1], python.resolve().parents[1])
