"""SageMaker's paths in a container; SAGEMAKER_BASE_DIR replaces /opt/ml."""

from __future__ import annotations

import os
from pathlib import Path

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
CONFIG = BASE / "input" / "config"
DATA = BASE / "input" / "data"
MODEL = BASE / "model"
OUTPUT = BASE / "output"
NAME = "xgboost-model"  # name of the model file; cross validation appends the number of the fold
