"""Model Monitor's analyzer: an implementation of the contract of AWS's image."""

import runpy

runpy.run_module("drift.monitor", run_name="__main__", alter_sys=True)
