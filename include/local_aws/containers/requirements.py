"""Read the parts of a user's requirements.txt that are installed for a job or a server."""

from __future__ import annotations

import re
from pathlib import Path

from ..core.untrusted_files import Folder

LARGEST = 1 << 20  # most bytes of a requirements.txt
# A name with extras, versions and markers, or an index: no option that reads local files.
ALLOWED = re.compile(
    r"[A-Za-z0-9][\w.-]*(\[[\w,\s.-]*\])?\s*([<>=!~][^@/]*)?(;.*)?"
    r"|--(extra-)?index-url[ =]https?://\S+|--pre"
)


class BuildFailed(RuntimeError):
    """Raised when an environment cannot be built; the message says why."""


class CommandFailed(BuildFailed):
    """Raised when a command of a build fails."""

    def __init__(self, command: list[str], output: str) -> None:
        super().__init__(f"{' '.join(command)} failed: {output}")
        self.output = output


def requirements_in(folder: Path) -> tuple[str, ...]:
    """Return the lines of *folder*'s requirements.txt; raise BuildFailed."""
    try:
        with Folder.at(folder) as opened:
            text = opened.read("requirements.txt", LARGEST) or b""
    except OSError:  # the folder is missing, or is a link
        return ()
    lines = [line.partition(" #")[0].strip() for line in text.decode(errors="replace").splitlines()]
    wanted = tuple(line for line in lines if line and not line.startswith("#"))
    for line in wanted:
        if not ALLOWED.fullmatch(line):
            raise BuildFailed(
                f"ClientError: requirements.txt: {line!r} is neither a package nor an index, "
                "the only lines that are installed here. Remove the line."
            )
    return wanted
