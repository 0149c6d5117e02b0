"""Check that training reports the metric by which a pipeline chooses its best candidate."""

from __future__ import annotations

import re
from collections.abc import Mapping

SETS = ("train", "validation")  # for which built-in XGBoost reports its metrics


def pattern_error(metrics: Mapping[str, str], metric: str) -> str | None:
    """Return why *metrics*, patterns by name, do not give *metric*; None if they do."""
    for name, pattern in metrics.items():
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            return f"the pattern {pattern!r} of metric {name!r} is no regular expression: {error}"
        if not groups:
            return f"the pattern {pattern!r} of metric {name!r} has no group; put the number in ()"
    if metric not in metrics:
        return f"it reports {sorted(metrics)}, without {metric!r}; add a pattern for it to metrics"
    return None


def built_in_error(hyperparameters: Mapping[str, object], metric: str) -> str | None:
    """Return why built-in XGBoost does not report *metric*; None if it does.

    Without `eval_metric`, the objective decides what XGBoost reports.
    """
    stated = hyperparameters.get("eval_metric")
    if stated is None:
        return None
    listed = stated if isinstance(stated, list | tuple) else f"{stated}".split(",")
    reported = [f"{data}:{f'{name}'.strip()}" for data in SETS for name in listed]
    if metric in reported:
        return None
    return f"its eval_metric {stated!r} reports {reported}, without {metric!r}; use one of them"
