"""The same model behind a SageMaker endpoint: AWS's handler functions."""

import os
from typing import Any

import joblib
import numpy as np


def model_fn(model_dir: str) -> Any:
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def transform_fn(model: Any, data: bytes | str, content_type: str, accept: str) -> tuple[str, str]:
    text = data.decode() if isinstance(data, (bytes, bytearray)) else data
    rows = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    scores = model.predict_proba(rows)[:, 1]
    return "".join(f"{score}\n" for score in scores), "text/csv"
