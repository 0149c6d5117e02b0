"""Keep a worker in one folder: the servers of a folder's session are started by fewer workers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from xdist.scheduler import LoadFileScheduling


class FolderScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Give a worker the file that is nearest to its last one, in a folder that is its own."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._last: dict[Any, str] = {}

    def _assign_work_unit(self, node: Any) -> None:
        last = self._last.pop(node, "")
        file = next_file(self.workqueue, last, self._last.values())
        self._last[node] = file
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)

    def remove_node(self, node: Any) -> str | None:
        self._last.pop(node, None)
        return super().remove_node(node)  # type: ignore[no-any-return]


def next_file(files: Iterable[str], last: str, elsewhere: Iterable[str]) -> str:
    """Return the file that shares most folders with *last*, and fewest with those *elsewhere*."""
    others = list(elsewhere)

    def nearness(file: str) -> tuple[int, int]:
        shared = [_shared(file, other) for other in others]
        return (_shared(file, last), -max(shared, default=0))

    return max(files, key=nearness)


def _shared(one: str, other: str) -> int:
    """Return the number of folders that two paths have in common."""
    return len(os.path.commonpath([os.path.dirname(one), os.path.dirname(other)]).split("/"))
