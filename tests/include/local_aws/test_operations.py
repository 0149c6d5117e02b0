"""Importing `operations` registers all operations of the server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from include.local_aws import operations
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.wire import model
from tests.root import ROOT


def test_every_module_that_registers_is_listed() -> None:
    listed = {Path(str(module.__file__)) for module in operations.HANDLERS}
    registering = {
        path
        for path in (ROOT / "include" / "local_aws").rglob("*.py")
        if path.name != "registry.py"
        and any(mark in path.read_text() for mark in ("\n@operation(", ".register("))
    }
    assert {path for path in registering if path not in listed} == set()


def test_every_registered_operation_is_one_of_aws() -> None:
    unknown = [key for key in OPERATIONS if model.operation(*key) is None]
    assert unknown == []


def test_nothing_else_needs_to_be_imported() -> None:
    code = (
        "from include.local_aws import operations\n"
        "from include.local_aws.core.registry import OPERATIONS\n"
        "print(len(OPERATIONS))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(ended.stdout) == len(OPERATIONS)
