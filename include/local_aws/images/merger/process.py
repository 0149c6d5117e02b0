"""Model Monitor's ground truth merger: an implementation of the contract of AWS's image."""

import runpy

runpy.run_module("drift.merge", run_name="__main__", alter_sys=True)
