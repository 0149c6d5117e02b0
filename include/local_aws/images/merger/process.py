"""Model Monitor's ground truth merger: an implementation of the contract of AWS's image."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "jobs"))
runpy.run_module("drift.merge", run_name="__main__", alter_sys=True)
