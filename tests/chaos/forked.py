"""Commands of a world as processes forked from one that has imported Airflow.

See tests/preloaded.py: an import takes most of the CPU time that a command of Airflow spends before
it works.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

from chaos import launching
from tests.preloaded import fork_server

CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
ASK = "() {{ printf '%s\\0' \"$@\" >&{0}; echo >&{0}; read -r code <&{1}; return $code; }}"


def launched(
    command: list[str], environment: dict[str, str], inside: Path, log: Path
) -> launching.Running:
    """Fork a command that uses Airflow's database, which may be a script; start others anew."""
    if CONNECTION not in environment:
        return launching.launched(command, environment, inside, log)
    arguments = [__name__, str(inside), *command]
    return fork_server().start(arguments, _defaults(environment) | environment, log)


def _defaults(environment: dict[str, str]) -> dict[str, str]:
    """Return the settings whose defaults are folders in the home that Airflow had at its import."""
    home = environment.get("AIRFLOW_HOME", "")
    folders = {"CORE__DAGS": "dags", "CORE__PLUGINS": "plugins", "LOGGING__BASE_LOG": "logs"}
    return {f"AIRFLOW__{name}_FOLDER": f"{home}/{folder}" for name, folder in folders.items()}


def main() -> None:
    """Execute the command that the arguments are, in the folder that is the first of them."""
    os.setsid()
    folder, *command = sys.argv[1:]
    os.chdir(folder)
    if command[0] == "airflow":
        airflow(command)
    else:
        script(command)


def airflow(command: list[str]) -> None:
    sys.argv[:] = command
    sys.path[:0] = os.environ["PYTHONPATH"].split(os.pathsep)
    importlib.import_module("airflow.__main__").main()


def script(command: list[str]) -> None:
    """Execute a script, in which `airflow` is a function that asks this process for a fork."""
    (asked, ask), (answered, answer) = os.pipe(), os.pipe()
    function = {"BASH_FUNC_airflow%%": ASK.format(ask, answered)}
    shell = subprocess.Popen(command, env=os.environ | function, pass_fds=(ask, answered))
    os.close(ask)
    with os.fdopen(asked) as requests, os.fdopen(answer, "w", buffering=1) as codes:
        for line in requests:
            print(_forked(["airflow", *line.split("\0")[:-1]]), file=codes)
    if code := shell.wait():
        raise subprocess.CalledProcessError(code, command)


def _forked(command: list[str]) -> int:
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        airflow(command)
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)
