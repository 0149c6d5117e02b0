"""A Python process inside an image's environment: its modules are imported once for many calls."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from include.local_aws.containers.environments import Environments
from include.local_aws.containers.images import image_for

# As in containers: threads of OpenMP that wait for each other would spin on shared cores.
VARIABLES = {"OMP_NUM_THREADS": "1"}
LOOP = """
import contextlib, io, json, sys, traceback

for line in sys.stdin:
    asked = json.loads(line)
    names, printed = dict(asked["given"]), io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(asked["code"], names)
            reply = {"answer": names.get("answer"), "printed": printed.getvalue()}
        except Exception:
            reply = {"error": traceback.format_exc()}
    print(json.dumps(reply), flush=True)
"""


class Interpreter:
    """The image's modules, imported from their own folder as in the image."""

    def __init__(self, python: Path, folder: Path, base: Path, **environment: str) -> None:
        self.base = base  # the container's /opt/ml
        self.printed = ""
        for part in ("input/config", "model/code", "output"):
            (base / part).mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [str(python), "-c", LOOP],
            cwd=folder,
            env=os.environ | VARIABLES | {"SAGEMAKER_BASE_DIR": str(base)} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, **given: Any) -> Any:
        """Execute *code* with the names *given*; return the name `answer` that it sets."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps({"code": code, "given": given}) + "\n")
        stdin.flush()
        reply = json.loads(stdout.readline())
        assert "error" not in reply, reply["error"]
        self.printed = reply["printed"]
        return reply["answer"]

    def refused(self, code: str, **given: Any) -> str:
        """Return the error that *code* raises, as `Type: message`."""
        body = "\n".join(f"    {line}" for line in code.splitlines())
        attempt = f"answer = None\ntry:\n{body}\nexcept Exception as error:\n"
        answer = self.run(f"{attempt}    answer = f'{{type(error).__name__}}: {{error}}'", **given)
        assert answer, f"Nothing was raised by: {code}"
        return str(answer)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def interpreter_of(
    image: str, environments: Environments, folder: Path, base: Path, **environment: str
) -> Iterator[Interpreter]:
    """Start an interpreter of the image's environment in *folder*; end it afterwards."""
    python = asyncio.run(environments.of(image_for(image), print))
    interpreter = Interpreter(python, folder, base, **environment)
    try:
        yield interpreter
    finally:
        interpreter.end()
