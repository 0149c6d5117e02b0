"""Record what every DAG does in AWS: `python -m tests.loop.record FOLDER`; `make policies` runs it.

Each world has an embedded AWS with `--iam record`, and its calls become a file in FOLDER.
"""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

from prodml.vocabulary import Json

from include.local_aws.testing import Server
from infra.derive import ACCOUNT, KEY, REGION
from tests.loop import test_churn_loop, test_deploy_model, test_serving_kinds, test_tune_churn
from tests.loop.company import Company
from tests.loop.conftest import run_in
from tests.loop.copied import copy_project, serve_wine
from tests.loop.test_churn_loop import dag
from tests.root import ROOT


class World(NamedTuple):
    """Steps in an AWS of their own, with or without the company's rules.

    :param may_fail: The DAGs of which some runs fail on purpose.
    :param serving: How the pipeline wine is served, if not on instances.
    """

    steps: tuple[Json, ...]
    rules: bool
    may_fail: tuple[str, ...] = ()
    serving: tuple[str, str] | None = None


FIRST = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/churn/1"
SMALL = {"trials": [{"hidden_channels": 5}], "epochs": 1}
TRAFFIC: Json = {"step": "traffic", "world": "original", "rows": 60}
OPERATIONS = (
    dag("deploy_model", version=1, pin=False, rollout="shadow", rollout_step=50),
    TRAFFIC,
    dag("promote_winner", hours=0, min_requests=10, min_gain=-30),
    dag("deploy_model", version=2, pin=False, rollout="canary", rollout_step=50),
    dag("load_test_endpoint"),
    dag("ask_churn"),
    dag("publish_api"),
    {"step": "rescale"},
    {"step": "pages"},
    dag("restore_scaling"),
    dag("reconcile_jobs"),
    dag("summarize_studio"),
    dag("import_model", source=FIRST, source_conn_id="aws_default"),
)
AUTOML = (
    dag("initialize_project"),
    dag("automl_churn", max_candidates=3, max_seconds=900),
    dag("reconcile_jobs"),
)
STUDIES = (
    dag("initialize_project"),
    dag("train_mnist_pytorch", **SMALL),
    dag("train_mnist_tensorflow", epochs=1),
)
DEPLOYED = (*test_deploy_model.DECISIONS, *OPERATIONS, *test_deploy_model.ENDS)
FAILURES: tuple[Json, ...] = (dag("initialize_project"), {"step": "stop"}, {"step": "fail"})
WORLDS = {
    "company": World((*test_churn_loop.STEPS,), rules=True),
    "deployments": World(DEPLOYED, rules=False, may_fail=("deploy_model", "tear_down_endpoints")),
    "components": World(
        test_serving_kinds.STEPS, rules=False, serving=test_serving_kinds.COMPONENT
    ),
    "serverless": World(
        test_serving_kinds.STEPS, rules=False, serving=test_serving_kinds.SERVERLESS
    ),
    "searches": World((*test_tune_churn.STEPS,), rules=False),
    "automl": World(AUTOML, rules=False),
    "studies": World(STUDIES, rules=False),
    "failures": World(FAILURES, rules=False),
}


def record(world: World, folder: Path) -> list[Json]:
    """Run the steps of *world* and return the calls of both roles."""
    root = ROOT
    if world.serving:
        serve_wine(root := copy_project(folder / "project"), *world.serving)
    with run_in(folder, root, iam="record") as (server, run):
        company = Company(server, folder / "aws")
        results = run(*world.steps, **company.environment(rules=world.rules))
        text = json.dumps(_calls(server)).replace(company.key, KEY)
    failed = {result["dag_id"] for result in results if result.get("state") == "failed"}
    if unexpected := failed - {*world.may_fail}:
        raise RuntimeError(f"Runs of {sorted(unexpected)} failed, so calls of them are missing.")
    calls: list[Json] = json.loads(text)
    return calls


def _calls(server: Server) -> list[Json]:
    with urllib.request.urlopen(f"{server.url}/_local/iam/calls") as response:
        calls: list[Json] = json.load(response)["calls"]
        return calls


def main() -> None:
    """Write the calls of each world."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or WORLDS:
        with tempfile.TemporaryDirectory() as scratch:
            calls = record(WORLDS[name], Path(scratch))
        (folder / f"{name}.json").write_text(json.dumps({"calls": calls}))


if __name__ == "__main__":
    main()
