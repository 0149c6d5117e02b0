"""Fit a data processor of an AutoML job, and put its server into the model."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from model_folder import add_code
from processor import Processor
from tables import read_rows

CODE = ("sagemaker_serve.py", "processor.py", "tables.py", "refusals.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scaled", type=int, required=True)
    parser.add_argument("--problem-type", required=True)
    given = parser.parse_args()
    rows = read_rows(Path(os.environ["SM_CHANNEL_TRAIN"]))
    processor = Processor.fit(rows, bool(given.scaled), given.problem_type != "Regression")
    folder = Path(os.environ["SM_MODEL_DIR"])
    processor.save(folder)
    add_code(folder, CODE)


if __name__ == "__main__":
    main()
