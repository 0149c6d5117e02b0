"""The JSON type of a check's documents, and what others read in its report.

Pure Python: tasks of Airflow import it too.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
CALIBRATION = "calibration.json"  # of a model's probabilities, which its evaluation writes
SAMPLE = "sample.json"  # some rows of a baseline or of a window
TRIGGERED = "<!--triggered-->"  # in the report; replaced by the action that follows the verdict


def whole(report: Json) -> tuple[float | None, float | None]:
    """Return what a report says of the window as a whole: a distance and a score, where known."""
    joint, estimated = report.get("joint") or {}, report.get("estimated") or {}
    score = estimated.get("scores", {}).get(estimated.get("score"), {})
    return joint.get("distance") if joint.get("status") else None, score.get("value")
