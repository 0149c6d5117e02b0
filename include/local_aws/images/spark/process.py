"""AWS's Spark Processing image runs `smspark-submit` unless the request has another entry point."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).with_name("smspark.py")), run_name="__main__")
