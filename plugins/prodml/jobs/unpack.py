"""Unpack the code of a Processing job and run a script of it: `python3 code.zip main.py ...`.

This file is the `__main__.py` of the archive and runs in the container: it imports the standard
library alone, of whichever version the image has.
"""

import os
import sys
import zipfile

SOURCE = "source/"  # the folder in the archive: a `__main__.py` of the source stays its own


def unpack(archive):
    # type: (str) -> str
    """Write the sources of *archive* next to it; return their folder."""
    folder = os.path.dirname(os.path.abspath(archive))
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            if member.filename.startswith(SOURCE):
                member.filename = member.filename[len(SOURCE) :]
                packed.extract(member, folder)
    return folder


if __name__ == "__main__":
    path = os.path.join(unpack(sys.argv[0]), sys.argv[1])
    os.execv(sys.executable, [sys.executable, path] + sys.argv[2:])  # noqa: RUF005, S606
