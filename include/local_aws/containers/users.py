"""Users of this machine that jobs run as if the server is root."""

from __future__ import annotations

import itertools
import logging
import os
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)
FIRST, LAST = 61184, 65519  # the range that systemd reserves for dynamic users
_turn = itertools.cycle(range(FIRST, LAST + 1))


def other_user() -> int | None:
    """Return a user that no other running job has; None unless this process is root's."""
    return next(_turn) if os.geteuid() == 0 else None


def may_pass(path: Path) -> bool:
    """Return whether every user may enter the folders that lead to *path*."""
    return all(folder.stat().st_mode & 0o001 for folder in path.parents)


@cache
def warn_of_root(path: Path) -> None:
    """Warn once that jobs run as root because other users cannot reach *path*."""
    log.warning(
        "Jobs run as root: without namespaces another user cannot reach %s. Start the embedded AWS "
        "as an ordinary user.",
        path,
    )
