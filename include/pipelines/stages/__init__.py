"""Connect the parts of the loop, with the tasks between operators, for DAG files.

Imports every other package of pipelines and `prodml`'s operators. Only this package and `dags`
wire.
"""

from __future__ import annotations

from include.pipelines.stages.batch import score
from include.pipelines.stages.drift import check_drift
from include.pipelines.stages.serving import (
    approve,
    confirmed,
    deploy_version,
    end_contest,
    measure_load,
    reap_endpoints,
    release,
    tear_down,
)
from include.pipelines.stages.studies import study
from include.pipelines.stages.training import compete, judge, prepare, tune

__all__ = [
    "approve",
    "check_drift",
    "compete",
    "confirmed",
    "deploy_version",
    "end_contest",
    "judge",
    "measure_load",
    "prepare",
    "reap_endpoints",
    "release",
    "score",
    "study",
    "tear_down",
    "tune",
]
