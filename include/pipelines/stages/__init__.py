"""The parts of the loop, wired, with the tasks between operators; DAG files join them.

Imports every other package of pipelines and `prodml`'s operators. Only this package and `dags`
wire.
"""

from __future__ import annotations

from include.pipelines.stages.batch import score
from include.pipelines.stages.drift import check_drift
from include.pipelines.stages.serving import (
    approve,
    chosen_endpoints,
    confirmed,
    delete_endpoints,
    deploy_version,
    end_contest,
    measure_load,
    reap_endpoints,
    release,
    resolve_version,
)
from include.pipelines.stages.studies import study
from include.pipelines.stages.training import compete, judge, prepare, tune

__all__ = [
    "approve",
    "check_drift",
    "chosen_endpoints",
    "compete",
    "confirmed",
    "delete_endpoints",
    "deploy_version",
    "end_contest",
    "judge",
    "measure_load",
    "prepare",
    "reap_endpoints",
    "release",
    "resolve_version",
    "score",
    "study",
    "tune",
]
