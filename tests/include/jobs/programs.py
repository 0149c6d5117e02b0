"""The jobs' programs as processes, forked from one that has imported what they import.

An interpreter of its own spends most of a short program's CPU time on NumPy, Arrow and pandas.
Modules of the project are imported after the fork: some read their variables then.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from include.local_aws.core.garbage import spare_present_objects
from include.local_aws.forked import ForkServer, become, is_needed, served
from tests.root import ROOT

USED = (
    "pandas",
    "pyarrow.compute",
    "pyarrow.csv",
    "pyarrow.json",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
)


def run_module(
    module: str, *arguments: object, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE` in the project's folder, with these variables in addition."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "stdout"), Path(folder, "stderr")
        command = [str(errors), module, *map(str, arguments)]
        code = fork_server().start(command, os.environ | variables, output).wait()
        return subprocess.CompletedProcess(command, code, output.read_text(), errors.read_text())


@functools.cache
def fork_server() -> ForkServer:
    """Return the process that forks programs, once there is a request."""
    return ForkServer(ROOT, os.environ, __name__)


def main(descriptor: int) -> None:
    """Fork processes until the other side closes its end of the socket."""
    if not is_needed(descriptor):
        return
    for name in USED:
        with contextlib.suppress(ModuleNotFoundError):  # Amazon MWAA's packages have no pandas
            importlib.import_module(name)
    gc.collect()
    spare_present_objects()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the tests, which end this
    if request := served(descriptor):
        become(request)
        os._exit(_exit_code())


def _exit_code() -> int:
    """Run the module that the arguments name; return, so that nothing of the parent runs here."""
    errors, module = sys.argv[1:3]
    del sys.argv[1:3]
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        return 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(ValueError):  # the program has closed it
                stream.flush()
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
