"""Endpoint updates that SageMaker rolls back: check that the task fails."""

from __future__ import annotations

import uuid
from pathlib import Path

from chaos.world import World
from include.local_aws.testing import Server
from tests.include.local_aws.models import TOOLKIT, Platform, variant

GROUP = "chaos"


def platform(world: World) -> Platform:
    """Return the platform that creates models and endpoints in the suite's AWS."""
    running = world.processes.parts["aws"].running
    if running is None:
        raise RuntimeError("The embedded AWS was killed; restart it first.")
    server = Server(world.processes.aws_url, running, Path())
    return Platform(server, lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}", image=TOOLKIT)


def roll_back(world: World, count: int) -> dict[str, dict[str, int]]:
    """Run *count* failing updates of each kind; return ``{"rollbacks", "rollbacks_caught"}``."""
    tally = {kind: dict.fromkeys(("rollbacks", "rollbacks_caught"), 0) for kind in world.kinds}
    if not count:
        return tally
    made = platform(world)
    _begin(world, made)
    for number in range(1, count + 1):
        run_ids = {}
        for kind in world.kinds:
            world.faults.resource("endpoint", "update-fails", name=f"chaos-{kind}")
            run_ids[kind] = world.airflow.trigger(f"deploy_{kind}", _request(made, kind))
        for kind, run_id in run_ids.items():
            _count(world, made, kind, run_id, tally[kind])
        counts = ", ".join(f"{kind} {t['rollbacks_caught']}" for kind, t in tally.items())
        world.log(f"{number} updates rolled back; the task failed: {counts}")
    world.faults.clear()
    return tally


def _begin(world: World, made: Platform) -> None:
    """Create an endpoint of each kind, in service."""
    made.sagemaker.create_model_package_group(ModelPackageGroupName=GROUP)
    if "stock" in world.kinds:
        config = made.config(variant(made.model()))
        made.sagemaker.create_endpoint(EndpointName="chaos-stock", EndpointConfigName=config)
        made.settled("chaos-stock")
    run_id = world.airflow.trigger("deploy_ours", _request(made, "ours"))
    if _ended(world, "deploy_ours", run_id) != "success":
        raise RuntimeError("The first deployment failed. See the log of deploy_ours.")


def _request(made: Platform, kind: str) -> dict[str, str]:
    """Return the conf of a run of deploy_<kind>, for a model that is not deployed yet."""
    model = made.model()
    if kind == "stock":
        return {"config": made.config(variant(model))}
    url = made.sagemaker.describe_model(ModelName=model)["PrimaryContainer"]["ModelDataUrl"]
    package = made.sagemaker.create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": TOOLKIT, "ModelDataUrl": url}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    return {"package": package["ModelPackageArn"]}


def _count(world: World, made: Platform, kind: str, run_id: str, tally: dict[str, int]) -> None:
    """Count the rollback, and whether the task failed while the endpoint kept serving."""
    state = _ended(world, f"deploy_{kind}", run_id)
    serves = made.settled(f"chaos-{kind}")["EndpointStatus"] == "InService"
    tally["rollbacks"] += 1
    tally["rollbacks_caught"] += state == "failed" and serves


def _ended(world: World, dag_id: str, run_id: str) -> str:
    for run, _ in world.airflow.watch(dag_id, run_id):
        state = str(run["state"])
    return state
