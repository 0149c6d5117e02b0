"""The environment of a process that uses the SageMaker SDK, and the documented Session."""

from __future__ import annotations

import os
import re
from pathlib import Path

from include.local_aws.testing import Server
from tests import preloaded
from tests.root import ROOT

DOCUMENTED = re.compile(r"```python\n(.*?)```", re.DOTALL)
# The SDK checks the schema of its configuration before each value that it reads.
CHEAP = """
from tests.cheap_schemas import check_each_schema_once
check_each_schema_once()
"""
OPT_OUT = "SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n"


def environment(server: Server, home: Path) -> dict[str, str]:
    """Return the variables of a client of *server* that sends no telemetry.

    :param home: Gets the configuration of the SDK.
    """
    config = home / "sdk.yaml"
    config.write_text(OPT_OUT)
    return server.environment() | {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(config),
    }


def run(program: str, *arguments: object, folder: Path, more: dict[str, str]) -> str:
    """Return the output of a program in a process of its own, in *folder*; raise if it fails.

    sagemaker-core caches the first client that it creates: two programs cannot share a process.

    :param more: Variables of its environment.
    """
    file, log = folder / "program.py", folder / "program.log"
    file.write_text(program)
    airflow = folder / "airflow"
    preloaded.run("tests.program", file, *arguments, home=airflow, log=log, more=more)
    return log.read_text()


def documented_session() -> str:
    """Return the code that docs/how-to/sagemaker-sdk.md gives for a Session, after a shortcut."""
    match = DOCUMENTED.search((ROOT / "docs" / "how-to" / "sagemaker-sdk.md").read_text())
    assert match, "docs/how-to/sagemaker-sdk.md no longer shows a Session"
    return CHEAP + match[1]
