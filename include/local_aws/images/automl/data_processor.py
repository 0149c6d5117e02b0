"""Fit a data processor of an AutoML job, and put its server into the model."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path

from processor import DOCUMENT, Processor
from tables import read_rows

CODE = ("sagemaker_serve.py", "processor.py", "tables.py", "refusals.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scaled", type=int, required=True)
    parser.add_argument("--problem-type", required=True)
    given = parser.parse_args()
    rows = read_rows(Path(os.environ["SM_CHANNEL_TRAIN"]))
    processor = Processor.fit(rows, bool(given.scaled), given.problem_type != "Regression")
    model = Path(os.environ["SM_MODEL_DIR"])
    (model / DOCUMENT).write_text(json.dumps(processor.document))
    (model / "code").mkdir(exist_ok=True)
    for name in CODE:
        shutil.copy(Path(__file__).parent / name, model / "code" / name)


if __name__ == "__main__":
    main()
