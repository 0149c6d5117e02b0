"""Distribute files among workers: long ones to two at a time, the others folder by folder.

The servers of a folder's session are started by fewer workers then. A long file has servers of its
own and waits much of its time, which the others fill.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable

LONG = ("loop", "chaos")  # folders of tests that take minutes each
LONG_AT_ONCE = 2


def next_file(files: Collection[str], last: str, elsewhere: Iterable[str]) -> str:
    """Return a long file while fewer than two run; else one that is near *last*, not *elsewhere*.

    :param files: What is left, in the order of the queue.
    :param last: The file that the worker has ended; empty for its first one.
    :param elsewhere: The files of the other workers.
    """
    others = list(elsewhere)
    long = [file for file in files if is_long(file)]
    if long and sum(map(is_long, others)) < LONG_AT_ONCE:
        return long[0]

    def nearness(file: str) -> tuple[int, int]:
        shared = [_shared(file, other) for other in others]
        return (_shared(file, last), -max(shared, default=0))

    return max([file for file in files if not is_long(file)] or long, key=nearness)


def is_long(file: str) -> bool:
    """Return whether a test file, by its path from the root of the project, takes minutes."""
    return file.split("/")[1] in LONG


def _shared(one: str, other: str) -> int:
    """Return the number of folders that two paths have in common."""
    return len(os.path.commonpath([os.path.dirname(one), os.path.dirname(other)]).split("/"))
