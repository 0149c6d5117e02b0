"""The tests that depend on the versions of Python and Airflow, and those that are left out."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.matrix.environments import Environment
from tests.root import ROOT

# The operators, the DAGs and the pipelines. The embedded AWS and the demo have the base suite.
UNIT = (
    "tests/plugins",
    "tests/dags",
    "tests/include/pipelines",
    "tests/include/test_assets.py",
    "tests/include/test_mwaa.py",
    "tests/include/test_settings.py",
    "tests/include/local_aws/containers/test_environments.py",
    "--ignore=tests/plugins/test_stock_operators.py",  # tests the provider on the embedded AWS
    "--ignore=tests/plugins/prodml/ui/test_bundle.py",  # builds the front end, with Node.js alone
)
LOOP = ("tests/loop/test_churn_loop.py",)


def run(environment: Environment, tests: tuple[str, ...], workers: int) -> int:
    """Run *tests* in *environment*, those that fail once more; return pytest's exit code."""
    code = _pytest(environment, tests, workers)
    if code != pytest.ExitCode.TESTS_FAILED:
        return code
    again = ("--last-failed", "--last-failed-no-failures", "none")
    return _pytest(environment, (*tests, *again), workers)


def collect(environment: Environment, tests: tuple[str, ...]) -> int:
    """Import *tests* once, so that their run finds the bytecode of what they import."""
    return _pytest(environment, ("--collect-only", "-qq", *tests), workers=1)


def _pytest(environment: Environment, tests: tuple[str, ...], workers: int) -> int:
    command = [
        *(str(environment.interpreter), "-m", "pytest", "-q"),
        *("-o", f"cache_dir={environment.home}/pytest"),
        f"--workers={workers}",
        *tests,
    ]
    return subprocess.run(command, cwd=ROOT, env=_variables(), check=False).returncode


def _variables() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    return os.environ | {"PYTHONPATH": path, "PRODML_MATRIX": "1"}
