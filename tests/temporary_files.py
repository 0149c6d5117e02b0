"""One folder for the temporary files of a run of pytest and of all processes that it starts."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "prodml-tests-"


def use_own_folder() -> Path:
    """Make a folder for the temporary files of this process, and remove those of ended ones.

    The folder has the number of the process in its name, so that a later run removes it if this one
    is killed. `tmp_path` stays outside: pytest keeps it for three runs.
    """
    top = Path(tempfile.gettempdir())
    for folder in top.glob(f"{PREFIX}*"):
        process = folder.name.removeprefix(PREFIX)
        if process.isdigit() and not _is_running(int(process)):
            shutil.rmtree(folder, ignore_errors=True)
    own = top / f"{PREFIX}{os.getpid()}"
    own.mkdir(exist_ok=True)
    own.chmod(0o1777)  # as /tmp: PostgreSQL and containers run as other users
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(top))
    os.environ["TMPDIR"] = tempfile.tempdir = str(own)
    return own


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as another user
        return True
    return True
