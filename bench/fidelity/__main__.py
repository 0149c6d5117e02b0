"""Run the public suites of the checkouts that are given, and write their results.

The result file keeps what an earlier run measured of a suite whose checkout is not given now.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from bench.fidelity import page
from bench.fidelity.outcomes import outcomes
from bench.fidelity.suites import SUITES, Suite, missing, run
from bench.report import report

VERSION = "Version: "  # the beginning of the line of a package's metadata that has it


def main() -> None:
    """Measure the suites and write the results and their page."""
    parser = argparse.ArgumentParser(prog="python -m bench.fidelity", description=__doc__)
    for suite in SUITES:
        parser.add_argument(f"--{suite.name}", type=Path, help=f"a checkout of {suite.source}")
    given = vars(parser.parse_args())
    report(lambda folder: measured(given, folder), page.RESULT)
    page.write()


def measured(given: dict[str, Path | None], folder: Path) -> dict[str, Any]:
    """Return the outcomes of each suite whose checkout is *given*."""
    suites = {suite.name: _measured(suite, given.get(suite.name), folder) for suite in SUITES}
    earlier = json.loads(page.RESULT.read_text())["suites"] if page.RESULT.exists() else {}
    return {
        "suites": {
            name: earlier[name] if "not_run" in result and name in earlier else result
            for name, result in suites.items()
        }
    }


def _measured(suite: Suite, checkout: Path | None, folder: Path) -> dict[str, Any]:
    reason = missing(suite, checkout)
    if checkout is None or reason:
        print(f"{suite.name} is not run: {reason}")
        return {"not_run": reason}
    result = outcomes(suite.name, run(suite, checkout, folder))
    return {"revision": revision(checkout)} | result


def revision(checkout: Path) -> str:
    """Return the commit of a checkout, or the version of an unpacked sdist."""
    information = checkout / "PKG-INFO"
    if information.is_file():
        lines = information.read_text().splitlines()
        return next(line for line in lines if line.startswith(VERSION)).removeprefix(VERSION)
    command = ["git", "-C", str(checkout), "rev-parse", "--short", "HEAD"]
    ended = subprocess.run(command, capture_output=True, text=True)
    return f"commit {ended.stdout.strip()}" if ended.returncode == 0 else "an unknown revision"


if __name__ == "__main__":
    main()
