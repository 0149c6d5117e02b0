"""State from where on the drift of a window as a whole warns and alerts."""

from __future__ import annotations

from dataclasses import dataclass, fields

from include.pipelines.errors import PipelineError

Limits = tuple[float, float]


@dataclass(frozen=True)
class DriftLimits:
    """
    The limits of a drift check, each for a warning and for an alert.

    Those of single columns are in the baseline's constraints.json.

    :param joint: The AUC, beyond 0.5 and what chance allows, with which a window's rows
        can be separated from the baseline's.
    :param estimate: By how many points the score that evaluates the pipeline is estimated to be
        worse than on the holdout; of a loss, by what share.
    """

    joint: Limits = (0.03, 0.08)
    estimate: Limits = (0.02, 0.05)

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            warn, alert = getattr(self, name)
            if not 0 < warn <= alert < 1:
                raise PipelineError(
                    f"drift has {name}={(warn, alert)}. Give a limit of a warning and one of an "
                    "alert, such as (0.03, 0.08): above 0, below 1, the smaller one first."
                )
