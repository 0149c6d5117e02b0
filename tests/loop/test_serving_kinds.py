"""Pipelines that are served without instances of their own: `make serving` runs them.

Each kind goes through the pipeline's real DAGs: trained, deployed, asked, scored in batch, updated
by a second retrain, set back by `deploy_model`, and deleted, by the committed policies.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from prodml.vocabulary import Json

from tests.loop.company import Company
from tests.loop.conftest import run_in
from tests.loop.copied import copy_project, serve_wine
from tests.loop.test_churn_loop import dag, states, value

pytestmark = pytest.mark.skipif(
    not os.environ.get("PRODML_TEST_SERVING"),
    reason="`make serving` runs it: the operators have tests of their own",
)

COMPONENT = (
    "from prodml.endpoints.component import Component\n",
    "component=Component(memory_mb=512, cpus=0.5, most_copies=2),",
)
SERVERLESS = (
    "from prodml.endpoints.serverless import Serverless\n",
    "serverless=Serverless(memory_mb=2048, max_concurrency=2, provisioned_concurrency=1, "
    "most_provisioned=2),",
)
BOOSTING = {"objective": "multi:softprob", "num_class": 3, "eval_metric": "merror", "seed": 7}
WEAK = {"shallow": BOOSTING | {"num_round": 1, "max_depth": 1, "eta": 0.01}}
STRONG = {"shallow": BOOSTING | {"num_round": 50, "max_depth": 3, "eta": 0.1}}
STEPS = (
    dag("initialize_project"),
    dag("retrain_wine", candidates=WEAK),
    dag("ask_wine"),
    dag("score_wine_batch", partition="2024-01-29"),
    dag("retrain_wine", candidates=STRONG, confidence=0.5, min_gain=0),
    dag("ask_wine"),
    dag("load_test_endpoint", pipeline="wine", rates=[2], step_seconds=2),
    dag("deploy_model", pipeline="wine", version=1, pin=False),
    dag("ask_wine"),
    dag("tear_down_wine", confirm=True),
)


def run_all(folder: Path, kind: tuple[str, str]) -> list[Json]:
    """Run all steps with the pipeline wine served by *kind*; every run must succeed."""
    serve_wine(root := copy_project(folder / "project"), *kind)
    with run_in(folder, root, iam="enforce") as (server, run):
        results = run(*STEPS, **Company(server, folder / "aws").environment(rules=False))
    assert [run["state"] for run in results] == ["success"] * len(STEPS)
    return results


def check_versions(results: list[Json]) -> None:
    """The first model answers, then the second one, and the first again after `deploy_model`."""
    asked = [value(run, "ask") for run in results if run["dag_id"] == "ask_wine"]
    assert [json.loads(answer["answer"])["version"] for answer in asked] == ["1", "2", "1"]
    (scored,) = [run for run in results if run["dag_id"] == "score_wine_batch"]
    batch = value(scored, "verify_predictions")
    assert batch["rows_in"] == batch["rows_out"] > 0
    second = [run for run in results if run["dag_id"] == "retrain_wine"][-1]
    assert "beats" in second["note"] or "Accepted" in second["note"]


def kinds_of_lineage(run: Json) -> list[str]:
    return [row["kind"] for row in value(run, "lineage")["rows"] if row["kind"] != "component"]


JOBS = ["processing-job", "training-job", "processing-job", "transform-job", "processing-job"]


def test_a_component_is_trained_updated_set_back_and_deleted(tmp_path: Path) -> None:
    results = run_all(tmp_path, COMPONENT)
    check_versions(results)
    _, first, _, _, second, _, load, back, _, gone = results
    assert kinds_of_lineage(first) == [*JOBS, "model-package", "inference-component"]
    updated = value(second, "deploy")
    assert (updated["component"], updated["copies"], updated["changed"]) == ("wine", 1, True)
    assert value(second, "autoscale")["resource_id"] == "inference-component/wine"
    assert value(load, "plan_load")["component"] == "wine"
    assert states(back, "deploy_component") == ["success"]
    assert states(back, "deploy") == ["skipped"]
    deleted = value(gone, "delete_component")["deleted"]
    assert (deleted["components"], deleted["endpoints"]) == (["wine"], ["wine"])


def test_a_serverless_pipeline_is_trained_updated_set_back_and_deleted(tmp_path: Path) -> None:
    results = run_all(tmp_path, SERVERLESS)
    check_versions(results)
    _, first, _, _, _, _, _, back, _, gone = results
    assert kinds_of_lineage(first) == [*JOBS, "model-package", "endpoint"]
    assert states(back, "deploy") == ["success"]
    assert states(back, "deploy_component") == ["skipped"]
    assert value(gone, "delete_endpoint")["deleted"]["endpoints"] == ["wine"]
