"""The rules of AutoML steps, which have the request of CreateAutoMLJob as arguments."""

from __future__ import annotations

from .steps import Step

MODE = "ENSEMBLING"
REFUSED = ("ModelDeployConfig", "GenerateCandidateDefinitionsOnly")
REPORTS = "BestCandidateProperties"  # the property of the addresses of two reports
NO_REPORTS = "The embedded AWS does not generate the reports on the best candidate. Remove it."


def problem(step: Step) -> str | None:
    """Return why AWS does not run an AutoML job as a step; None if it does."""
    if wrong := [member for member in REFUSED if member in step.arguments]:
        return f"Step {step.name!r} of Type AutoML cannot have {wrong[0]}. Remove it."
    mode = (step.arguments.get("AutoMLJobConfig") or {}).get("Mode")
    if mode != MODE:
        return (
            f"Step {step.name!r} has Mode {mode!r} in its AutoMLJobConfig, and a pipeline runs "
            f"AutoML jobs in mode {MODE} alone. Set it."
        )
    return None
