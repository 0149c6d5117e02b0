"""Estimate scores by NannyML's CBPE: reads tasks as JSON lines, and answers each with one line."""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

import nannyml
import pandas as pd

warnings.filterwarnings("ignore")
BINARY = ("roc_auc", "f1", "accuracy")
NAMES = {"roc_auc": "auc"}


def table(given: Any, labels: Any | None = None) -> pd.DataFrame:
    """Return answers as NannyML takes them."""
    several = isinstance(given[0], list)
    if several:
        frame = pd.DataFrame(given, columns=["p0", "p1", "p2"])
        frame["said"] = frame[["p0", "p1", "p2"]].to_numpy().argmax(axis=1)
    else:
        frame = pd.DataFrame({"p": given})
        frame["said"] = (frame["p"] >= 0.5).astype(int)
    if labels is not None:
        frame["truth"] = labels
    return frame


def estimated(task: dict[str, Any]) -> dict[str, float]:
    """Return the estimated scores of a window."""
    several = isinstance(task["given"][0], list)
    chances: Any = {0: "p0", 1: "p1", 2: "p2"} if several else "p"
    names = ("accuracy",) if several else BINARY
    model = nannyml.CBPE(
        problem_type="classification_multiclass" if several else "classification_binary",
        y_pred_proba=chances,
        y_pred="said",
        y_true="truth",
        metrics=list(names),
        chunk_number=1,
    )
    model.fit(table(task["holdout_given"], task["holdout_labels"]))
    result = model.estimate(table(task["given"])).filter(period="analysis").to_df()
    return {NAMES.get(name, name): float(result[(name, "value")].iloc[0]) for name in names}


for line in sys.stdin:
    began = time.process_time()
    answer = estimated(json.loads(line))
    print(json.dumps({**answer, "cpu_seconds": time.process_time() - began}), flush=True)
