"""Where SageMaker puts things; SAGEMAKER_BASE_DIR moves it where /opt/ml cannot be had."""

from __future__ import annotations

import os
from pathlib import Path

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
CONFIG = BASE / "input" / "config"
DATA = BASE / "input" / "data"
MODEL = BASE / "model"
OUTPUT = BASE / "output"
NAME = "xgboost-model"  # of the model's file; cross validation adds the number of its fold
