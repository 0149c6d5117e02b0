"""Start Processing jobs: `run.py churn.preprocess split --raw ...`.

A container gets this folder under a name of SageMaker's choosing (`code`, which shadows a module of
the standard library), so it is made the package `jobs` here before its modules import each other.
"""

from __future__ import annotations

import runpy
import sys
import types
from pathlib import Path


def main() -> None:
    package = types.ModuleType("jobs")
    package.__path__ = [str(Path(__file__).parent)]
    sys.modules["jobs"] = package
    _, module, *arguments = sys.argv
    sys.argv = [module, *arguments]
    runpy.run_module(f"jobs.{module}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
