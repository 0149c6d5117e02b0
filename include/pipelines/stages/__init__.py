"""Connect the parts of the loop, with the tasks between operators, for DAG files.

Imports every other package of pipelines and `prodml`'s operators. Only this package and `dags`
wire.
"""

from __future__ import annotations

from include.pipelines.stages.automl import automate
from include.pipelines.stages.batch import score
from include.pipelines.stages.deploying import deploy_version
from include.pipelines.stages.drift import check_drift
from include.pipelines.stages.endpoints import (
    ask,
    confirmed,
    delete_served,
    end_contest,
    measure_load,
    reap_endpoints,
    tear_down,
)
from include.pipelines.stages.importing import import_version
from include.pipelines.stages.judging import judge, register
from include.pipelines.stages.publishing import publish_api
from include.pipelines.stages.serving import release
from include.pipelines.stages.studies import study
from include.pipelines.stages.training import compete, prepare, tune

__all__ = [
    "ask",
    "automate",
    "check_drift",
    "compete",
    "confirmed",
    "delete_served",
    "deploy_version",
    "end_contest",
    "import_version",
    "judge",
    "measure_load",
    "prepare",
    "publish_api",
    "reap_endpoints",
    "register",
    "release",
    "score",
    "study",
    "tear_down",
    "tune",
]
