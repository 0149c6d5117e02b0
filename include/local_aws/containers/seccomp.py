"""The system calls that a job cannot make, as a filter for Linux's seccomp.

Namespaces and capabilities already keep a job from using most of them: this is the second barrier,
and the only one without namespaces. The list follows that of Docker's default profile.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import cache

LOAD, JUMP_EQUAL, JUMP_SET, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
X32 = 0x40000000  # flag of the system calls of x86-64's x32 interface
NAMESPACES = 0x7E020000 | 0x80  # all CLONE_NEW... flags
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
TIOCSTI, TIOCLINUX = 0x5412, 0x541C  # ioctls that insert characters into a terminal

# Numbers on x86-64 and on arm64, which uses the generic numbers of newer architectures.
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE, IOCTL, UNSHARE = (
    {"x86_64": 56, "aarch64": 220},
    {"x86_64": 16, "aarch64": 29},
    {"x86_64": 272, "aarch64": 97},
)
REFUSED = {
    "x86_64": {
        "ptrace": 101,
        "syslog": 103,
        "uselib": 134,
        "pivot_root": 155,
        "chroot": 161,
        "acct": 163,
        "settimeofday": 164,
        "mount": 165,
        "umount2": 166,
        "swapon": 167,
        "swapoff": 168,
        "reboot": 169,
        "sethostname": 170,
        "setdomainname": 171,
        "iopl": 172,
        "ioperm": 173,
        "init_module": 175,
        "delete_module": 176,
        "quotactl": 179,
        "lookup_dcookie": 212,
        "clock_settime": 227,
        "kexec_load": 246,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "perf_event_open": 298,
        "open_by_handle_at": 304,
        "setns": 308,
        "process_vm_writev": 311,
        "finit_module": 313,
        "kexec_file_load": 320,
        "bpf": 321,
        "userfaultfd": 323,
    },
    "aarch64": {
        "mount": 40,
        "umount2": 39,
        "pivot_root": 41,
        "chroot": 51,
        "quotactl": 60,
        "acct": 89,
        "kexec_load": 104,
        "init_module": 105,
        "delete_module": 106,
        "clock_settime": 112,
        "syslog": 116,
        "ptrace": 117,
        "reboot": 142,
        "sethostname": 161,
        "setdomainname": 162,
        "settimeofday": 170,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "swapon": 224,
        "swapoff": 225,
        "perf_event_open": 241,
        "open_by_handle_at": 265,
        "setns": 268,
        "process_vm_writev": 271,
        "finit_module": 273,
        "bpf": 280,
        "userfaultfd": 282,
        "kexec_file_load": 294,
    },
}
# The same everywhere. At ENOSYS programs assume an older kernel, and use a fallback.
UNKNOWN = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "clone3": 435,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
}


@cache
def program(machine: str = platform.machine()) -> bytes | None:
    """Return the filter as instructions of classic BPF; None for an unknown *machine*."""
    if machine not in AUDIT:
        return None
    refused = ERRNO | errno.EPERM
    code = [
        _step(LOAD, ARCHITECTURE),
        _step(JUMP_EQUAL, AUDIT[machine], 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER),
    ]
    if machine == "x86_64":
        code += [_step(JUMP_AT_LEAST, X32, 0, 1), _step(RETURN, KILL)]
    for number in REFUSED[machine].values():
        code += [_step(JUMP_EQUAL, number, 0, 1), _step(RETURN, refused)]
    for number in UNKNOWN.values():
        code += [_step(JUMP_EQUAL, number, 0, 1), _step(RETURN, ERRNO | errno.ENOSYS)]
    for call in (CLONE, UNSHARE):
        code += _if_argument(call[machine], 0, [_step(JUMP_SET, NAMESPACES, 0, 1)], refused)
    for request in (TIOCSTI, TIOCLINUX):
        code += _if_argument(IOCTL[machine], 1, [_step(JUMP_EQUAL, request, 0, 1)], refused)
    return b"".join([*code, _step(RETURN, ALLOW)])


def descriptor() -> int | None:
    """Return a new descriptor from which bubblewrap reads the filter."""
    if (code := program()) is None:
        return None
    opened = os.memfd_create("seccomp")
    os.write(opened, code)
    os.lseek(opened, 0, os.SEEK_SET)
    return opened


def confine_self(code: bytes | None) -> None:
    """Deny this process new privileges and the calls that *code* refuses, permanently."""
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc, PR_SET_NO_NEW_PRIVS, 1, 0)
    if code is not None:
        buffer = ctypes.create_string_buffer(code, len(code))
        given = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
        _call(libc, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(given))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _call(libc: ctypes.CDLL, option: int, second: int, third: int) -> None:
    if libc.prctl(option, ctypes.c_ulong(second), ctypes.c_ulong(third), 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _if_argument(number: int, position: int, test: list[bytes], answer: int) -> list[bytes]:
    """Return instructions that answer call *number* if *test* holds for its argument."""
    inner = [_step(LOAD, ARGUMENTS + 8 * position), *test, _step(RETURN, answer)]
    inner.append(_step(LOAD, NUMBER))
    return [_step(JUMP_EQUAL, number, 0, len(inner)), *inner]
