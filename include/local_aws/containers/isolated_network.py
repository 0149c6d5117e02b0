"""A network that only the instances of one job share."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from types import TracebackType

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SET_FLAGS, UP = 0x8914, 0x1


class IsolatedNetwork:
    """A network namespace with only a loopback interface; it exists until it is closed.

    Root creates it alone; other users create it in a user namespace, and enter both.
    """

    def __init__(self) -> None:
        self._kinds = {"net": NEW_NETWORK}
        if os.geteuid():
            self._kinds = {"user": NEW_USER} | self._kinds
        made = subprocess.Popen(
            ["cat"],
            stdin=subprocess.PIPE,
            env={"PATH": os.defpath},
            cwd="/",
            preexec_fn=_make,
        )
        try:
            self._spaces = [
                os.open(f"/proc/{made.pid}/ns/{kind}", os.O_RDONLY) for kind in self._kinds
            ]
        finally:
            made.communicate()

    def __enter__(self) -> IsolatedNetwork:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for space in self._spaces:
            os.close(space)

    def enter(self) -> None:
        """Enter the network, between fork and exec."""
        for space, kind in zip(self._spaces, self._kinds.values(), strict=True):
            _call("setns", space, kind)


def _make() -> None:
    user, group = os.geteuid(), os.getegid()
    _call("unshare", NEW_NETWORK | (NEW_USER if user else 0))
    if user:
        _write("setgroups", "deny")
        _write("uid_map", f"{user} {user} 1")
        _write("gid_map", f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def _write(name: str, line: str) -> None:
    with open(f"/proc/self/{name}", "w") as file:
        file.write(line)


def _call(name: str, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), f"{name} failed")
