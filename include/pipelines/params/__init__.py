"""The Trigger forms: typed, with ranges, so that the form refuses what cannot work.

Imports `definition`.
"""

from __future__ import annotations

from include.pipelines.params.monitoring import CHECK, SCORE
from include.pipelines.params.publishing import publish
from include.pipelines.params.serving import (
    TEAR_DOWN,
    TEAR_DOWN_ONE,
    ask,
    deploy,
    import_version,
    load_test,
    promote,
)
from include.pipelines.params.studies import study
from include.pipelines.params.training import automl, retrain, tune
from include.pipelines.params.values import (
    ALARMS,
    API,
    GATE,
    JOBS,
    LOAD,
    ROLLOUT,
    SELECTION,
    SOURCE,
    VERDICT,
    scaling,
)

__all__ = [
    "ALARMS",
    "API",
    "CHECK",
    "GATE",
    "JOBS",
    "LOAD",
    "ROLLOUT",
    "SCORE",
    "SELECTION",
    "SOURCE",
    "TEAR_DOWN",
    "TEAR_DOWN_ONE",
    "VERDICT",
    "ask",
    "automl",
    "deploy",
    "import_version",
    "load_test",
    "promote",
    "publish",
    "retrain",
    "scaling",
    "study",
    "tune",
]
