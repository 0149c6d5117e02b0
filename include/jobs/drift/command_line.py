"""Define the options of each command of `python -m include.jobs.drift`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .constraints import MODEL_MONITOR, PRODML
from .estimates import LIMITS as ESTIMATE
from .joint import LIMITS as JOINT
from .quality import SECTIONS

PROFILES = {"prodml": PRODML, "model-monitor": MODEL_MONITOR}


def add_baseline_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `baseline`."""
    command.add_argument(
        "--profile", choices=PROFILES, default="prodml", help="suggested thresholds"
    )
    command.add_argument("--predictions", type=Path, help="the model's answers, one a line")
    command.add_argument("--personal", help="names of columns of which no value is kept")
    command.add_argument("--columns", help="names of the columns, if the data has no header")


def add_check_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `check`."""
    command.add_argument("--baseline", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--no-header", action="store_true", help="columns as the baseline has them"
    )
    command.add_argument("--model", help="the version that answered, for the report")
    command.add_argument("--history", type=Path, help="earlier verdicts, for the trend")
    command.add_argument(
        "--calibration", type=Path, help="calibration.json of the model's evaluation"
    )
    command.add_argument("--score", help="the estimated score that decides")
    for name, limits, what in (
        ("--joint", JOINT, "AUC beyond chance by which the window's rows differ"),
        ("--estimate", ESTIMATE, "points by which the estimated score is worse"),
    ):
        command.add_argument(
            name, type=float, nargs=2, metavar=("WARN", "ALERT"), default=limits, help=what
        )
    command.add_argument(
        "--report-failures", action="store_true", help="exit 0 with a report of outcome FAILED"
    )
    command.add_argument("--predictions", type=Path, help="the model's answers, one a line")


def add_quality_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `quality`."""
    command.add_argument("--labels", type=Path, required=True, help="ground truth files")
    command.add_argument("--problem", choices=list(SECTIONS), required=True)
    command.add_argument("--baseline-labels", type=Path, help="the holdout's labels, one a line")
