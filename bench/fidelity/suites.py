"""List the public suites, and run one against its checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.report import ROOT

TIMEOUT = 3600  # seconds, of a whole suite


@dataclass(frozen=True)
class Suite:
    """A public suite: what runs of its checkout, and by which plugin of pytest."""

    name: str  # of its option, and in the results
    title: str
    source: str
    plugin: str  # the module here that points it at the embedded AWS
    root: str  # the folder of the checkout where its tests start
    targets: tuple[str, ...]  # files and folders below the root
    options: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()  # packages that it builds itself with; it gets a copy to write to


SUITES = (
    Suite(
        name="provider",
        title="System-test DAGs of Airflow's Amazon provider",
        source="apache/airflow, `providers/amazon`, or the provider's sdist",
        plugin="provider_airflow",
        root="tests",
        targets=(
            "system/amazon/aws/example_sagemaker.py",
            "system/amazon/aws/example_sagemaker_[cenp]*.py",
        ),
        options=("--import-mode", "append", "-o", "pythonpath=."),
    ),
    Suite(
        name="smexperiments",
        title="Integration tests of smexperiments",
        source="aws/sagemaker-experiments",
        plugin="experiments_endpoint",
        root=".",
        targets=("tests/integ",),
        options=("--runslow",),
        builds=("setuptools==68.2.2", "setuptools_scm==7.1.0", "wheel"),
    ),
    Suite(
        name="moto",
        title="Unit tests of moto's SageMaker services",
        source="getmoto/moto, or its sdist",
        plugin="moto_endpoint",
        root=".",
        targets=(
            "tests/test_sagemaker",
            "tests/test_sagemakermetrics",
            "tests/test_sagemakerruntime",
        ),
        options=("-n", "2"),
    ),
)


def missing(suite: Suite, checkout: Path | None) -> str | None:
    """Return why *suite* cannot run; None if it can."""
    if checkout is None:
        return f"no checkout was given: --{suite.name} PATH"
    absent = [target for target in suite.targets if not list((checkout / suite.root).glob(target))]
    return f"{checkout.name} has no {suite.root}/{absent[0]}" if absent else None


def run(suite: Suite, checkout: Path, folder: Path) -> Path:
    """Run *suite*; return the path of its results in JUnit's form.

    :raises RuntimeError: pytest wrote no results; the message has the end of its output.
    """
    variables = dict(os.environ) | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    root = checkout / suite.root
    if suite.builds:
        root = folder / suite.name
        shutil.copytree(checkout, root, ignore=shutil.ignore_patterns(".git"))
        variables |= _build_tools(suite, folder / "build")
    results = folder / f"{suite.name}.xml"
    command = _command(suite, root.resolve(), results)
    ended = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, timeout=TIMEOUT
    )
    if not results.exists():
        raise RuntimeError(
            f"{suite.name} did not run:\n{ended.stdout[-4000:]}{ended.stderr[-2000:]}"
        )
    return results


def _command(suite: Suite, root: Path, results: Path) -> list[str]:
    targets = [str(path) for target in suite.targets for path in sorted(root.glob(target))]
    return [
        *(sys.executable, "-m", "pytest", "-p", f"bench.fidelity.{suite.plugin}"),
        *("-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(root)),
        *("--timeout", "600", "--junitxml", str(results), "-o", "junit_logging=all"),
        *suite.options,
        *targets,
    ]


def _build_tools(suite: Suite, folder: Path) -> dict[str, str]:
    """Install what the suite's setup.py needs; return the variables by which Python finds it."""
    uv = ROOT / ".local" / "tools" / "bin" / "uv"
    target = ("--target", str(folder), "--python", sys.executable)
    subprocess.run([uv, "pip", "install", "--quiet", *target, *suite.builds], check=True)
    path = os.pathsep.join((str(ROOT), str(folder)))
    return {"PYTHONPATH": path, "SETUPTOOLS_SCM_PRETEND_VERSION": "0.1.45"}
