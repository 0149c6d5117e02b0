"""State which prefixes of the bucket expire, and which never do."""

from __future__ import annotations

from include.pipelines.definition import catalog
from include.settings import Settings

CAPTURE = "capture"  # requests and answers of endpoints
RAW, RUNS = "raw", "runs"  # rows, the data sets made of them, predictions, and reports about them
ARTIFACTS = "artifacts"  # models, preprocessings, baselines, holdout scores: what a version needs


def days(settings: Settings) -> dict[str, int]:
    """Return the days until objects expire by key prefix; 0 keeps them."""
    by_folder = {
        CAPTURE: settings.capture_retention_days,
        RAW: settings.run_retention_days,
        RUNS: settings.run_retention_days,
    }
    return {
        f"{pipeline}/{folder}/": number
        for pipeline in catalog.names()
        for folder, number in by_folder.items()
    }


def kept() -> list[str]:
    """Return the key prefixes whose objects never expire."""
    return [f"{pipeline}/{ARTIFACTS}/" for pipeline in catalog.names()]
