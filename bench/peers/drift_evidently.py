"""Evidently's preset with its defaults, saved as a page like ours."""

from __future__ import annotations

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

reference, current = (pd.read_parquet(path) for path in sys.argv[1:3])
report = Report([DataDriftPreset()]).run(current, reference)
report.json()
