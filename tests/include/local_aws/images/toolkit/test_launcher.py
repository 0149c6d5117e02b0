"""The replaced functions of AWS's training toolkit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.containers.image import FOLDER
from tests.include.local_aws.images.interpreter import Interpreter

LINES = """
import asyncio, launcher

class Chunks:
    def __init__(self):
        self.lines = [b"first\\n", ValueError(), b"end"]
    async def readline(self):
        line = self.lines.pop(0)
        if isinstance(line, ValueError):
            raise line
        return line
    async def read(self, size):
        return b"x" * size

async def read():
    stream = launcher._Lines(Chunks())
    return [(await stream.read(4)).decode() for _ in range(3)]

answer = asyncio.run(read())
"""


@pytest.fixture(scope="module", name="launcher")
def _launcher(toolkit: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    base = tmp_path_factory.mktemp("launcher")
    folder = FOLDER / "toolkit"
    python = "/framework/bin/python"
    interpreter = Interpreter(toolkit, folder, base, FRAMEWORK_PYTHON=python)
    yield interpreter
    interpreter.end()


def test_the_script_runs_in_the_frameworks_environment(launcher: Interpreter) -> None:
    code = "import launcher\nfrom sagemaker_training import process\n"
    code += "answer = process.python_executable()"
    assert launcher.run(code) == "/framework/bin/python"


def test_the_toolkits_own_packages_do_not_reach_the_script(launcher: Interpreter) -> None:
    code = """
import os, launcher
from sagemaker_training import environment
environment.write_env_vars({"SM_HP_X": "1"})
answer = [os.environ["SM_HP_X"], os.environ["PYTHONPATH"] == environment.code_dir]
"""
    assert launcher.run(code) == ["1", True]


def test_output_is_passed_on_by_whole_lines(launcher: Interpreter) -> None:
    """A line beyond the stream's limit is passed on in pieces."""
    assert launcher.run(LINES) == ["first\n", "xxxx", "end"]
