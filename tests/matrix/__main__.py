"""Run suites in other environments: `python -m tests.matrix prepare|unit|loop|lock [NAME ...]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tests.matrix.environments import ENVIRONMENTS, NEWEST, OLDEST, MissingPythonError
from tests.matrix.locks import compile_lock
from tests.matrix.suites import LOOP, UNIT, collect, run

MISSING = 3  # the exit code if an environment cannot be made here


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("command", choices=["prepare", "unit", "loop", "lock"])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ENVIRONMENTS))
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--tests", nargs="+", help="instead of the suite")
    parser.add_argument(
        "--constraint", type=Path, action="append", default=[], help="for `lock mwaa-*`"
    )
    given = parser.parse_args(arguments)
    if given.command == "lock":
        for name in given.names:
            compile_lock(ENVIRONMENTS[name], given.constraint)
        return 0
    suite = tuple(given.tests or (LOOP if given.command == "loop" else UNIT))
    names = given.names or ([OLDEST, NEWEST] if given.command == "loop" else list(ENVIRONMENTS))
    codes = {name: _one(name, given.command, suite, given.workers) for name in names}
    for name, code in codes.items():
        print(f"{name:26} {'passed' if code == 0 else f'failed with {code}'}")
    return max(codes.values())


def _one(name: str, command: str, suite: tuple[str, ...], workers: int) -> int:
    environment = ENVIRONMENTS[name]
    print(f"{name}: Python {environment.python}, Airflow {environment.airflow}", flush=True)
    try:
        environment.prepare()
    except MissingPythonError as error:
        print(error, file=sys.stderr)
        return MISSING
    except subprocess.CalledProcessError as error:
        print(error, file=sys.stderr)
        return error.returncode
    if command == "prepare":
        return collect(environment, suite)
    return run(environment, suite, workers)


sys.exit(main())
