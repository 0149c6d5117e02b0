"""A user's requirements.txt: what of it is installed into the environment of a job or a server."""

from __future__ import annotations

import re
from pathlib import Path

from ..core.untrusted_files import Folder

LARGEST = 1 << 20  # bytes that are read of a requirements.txt
# A name with extras, versions and markers, or an index: nothing that reads this machine's files.
ALLOWED = re.compile(
    r"[A-Za-z0-9][\w.-]*(\[[\w,\s.-]*\])?\s*([<>=!~][^@/]*)?(;.*)?"
    r"|--(extra-)?index-url[ =]https?://\S+|--pre"
)


class BuildFailed(RuntimeError):
    """Raised when an environment cannot be built; the message says why."""


def requirements_in(folder: Path) -> tuple[str, ...]:
    """The lines of *folder*'s requirements.txt; raises BuildFailed."""
    try:
        with Folder.at(folder) as opened:
            text = opened.read("requirements.txt", LARGEST) or b""
    except OSError:  # there is no such folder, or a link in its place
        return ()
    lines = [line.partition(" #")[0].strip() for line in text.decode(errors="replace").splitlines()]
    wanted = tuple(line for line in lines if line and not line.startswith("#"))
    for line in wanted:
        if not ALLOWED.fullmatch(line):
            raise BuildFailed(
                f"ClientError: requirements.txt: {line!r} is not a name with versions or an index, "
                "which is all that is installed from it here."
            )
    return wanted
