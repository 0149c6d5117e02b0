"""A bad model is rolled back in any case; a newer one, and a foreign one, stays."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException, TaskDeferred
from prodml.aws import retries
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import DeploymentError, OvertakenError, RequestRefusedError, RolledBackError
from prodml.naming import content_name
from prodml.notifications.outbox import take
from prodml.notifications.version_events import ModelDeployed
from prodml.operators import deployment
from prodml.operators.deployment import DeployEndpointOperator

from include.local_aws.testing import Server
from tests.include.local_aws.models import BROKEN, OBEDIENT, Platform
from tests.plugins.conftest import register
from tests.plugins.runs import ROLE, Ti, deploying, run

ORDER = 'order, _, rest = text.partition(" ")'
FAILING = OBEDIENT.replace(ORDER, 'raise RuntimeError("never right")')
HANGING = OBEDIENT.replace(ORDER, 'order, rest = "sleep", "4"')
SMOKE = {"smoke_payload": "ping"}


def _version(
    platform: Platform, name: str = "good", code: str = OBEDIENT, week: str | None = None
) -> str:
    facts = {"CustomerMetadataProperties": {"window_end": week}} if week else {}
    return register(platform.sagemaker, platform.container(code, name), **facts)


def _serving(platform: Platform, endpoint: str) -> str:
    return str(platform.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"])


def _asked_only(operator: DeployEndpointOperator, ti: Ti) -> dict[str, Any]:
    """Begin the update, and lose the task: what it would have gone on with."""
    lost: Any = operator
    with pytest.raises(TaskDeferred) as deferred:
        lost.execute({"ti": ti})
    trigger: Any = deferred.value.trigger
    return dict(trigger.resume)


def test_the_next_try_still_knows_the_way_back(platform: Platform, endpoint: str, ti: Ti) -> None:
    """The worker that was to prove the update has died."""
    good = run(deploying(endpoint, _version(platform)), ti)
    bad = _version(platform, "bad", FAILING)
    _asked_only(deploying(endpoint, bad, deferrable=True, **SMOKE), ti)
    platform.settled(endpoint)
    with pytest.raises(RolledBackError, match=f"Rolled back to {good['config']}"):
        run(deploying(endpoint, bad, deferrable=True, **SMOKE), ti)
    assert platform.invoke(endpoint, "name") == "good"


def test_a_deployment_that_the_next_try_verifies_is_sent_once(
    platform: Platform, endpoint: str, ti: Ti
) -> None:
    run(deploying(endpoint, _version(platform)), ti)
    newer = _version(platform, "newer")
    _asked_only(deploying(endpoint, newer, deferrable=True), ti)
    platform.settled(endpoint)
    take()
    results = [run(deploying(endpoint, newer), ti)["changed"] for _ in range(2)]
    assert results == [False, False]
    assert take() == [ModelDeployed(endpoint=endpoint, model_package_arn=newer)]


def test_the_way_back_is_to_what_was_proved_last(platform: Platform, endpoint: str, ti: Ti) -> None:
    good = run(deploying(endpoint, _version(platform), **SMOKE), ti)
    for name in ("bad", "worse"):
        bad = _version(platform, name, FAILING)
        _asked_only(deploying(endpoint, bad, deferrable=True, **SMOKE), Ti(name))
        platform.settled(endpoint)
    with pytest.raises(RolledBackError, match=f"Rolled back to {good['config']}"):
        run(deploying(endpoint, bad, **SMOKE), ti)


def test_first_model_that_fails_the_checks_has_no_way_back(
    platform: Platform, endpoint: str, ti: Ti
) -> None:
    bad = _version(platform, "bad", FAILING)
    with pytest.raises(RolledBackError, match="There is no previous configuration to roll back"):
        run(deploying(endpoint, bad, **SMOKE), ti)


def test_endpoint_that_does_not_match_the_request_fails_the_task(
    platform: Platform, endpoint: str, ti: Ti, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "differences", lambda *_: ["AllTraffic runs another image"])
    with pytest.raises(RolledBackError, match="does not match the request: AllTraffic runs"):
        run(deploying(endpoint, _version(platform)), ti)


def test_endpoint_that_was_deleted_meanwhile_is_not_restored(
    platform: Platform, endpoint: str, ti: Ti, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleting(self: DeployEndpointOperator, asked: Any) -> None:
        Endpoint(self.aws, endpoint, poll_interval=0.1).delete()
        raise DeploymentError("it does not answer.")

    monkeypatch.setattr(DeployEndpointOperator, "_smoke", deleting)
    with pytest.raises(RolledBackError, match=r"not answer\. The endpoint was deleted"):
        run(deploying(endpoint, _version(platform)), ti)


def test_a_model_that_hangs_is_taken_back(platform: Platform, endpoint: str, ti: Ti) -> None:
    good = run(deploying(endpoint, _version(platform)), ti)
    impatient = {"read_timeout": 1, "retries": {"total_max_attempts": 1}}
    hanging = _version(platform, "hanging", HANGING)
    rolled_back = pytest.raises(RolledBackError, match=f"Rolled back to {good['config']}")
    with retries.patience(2.0), rolled_back:
        run(deploying(endpoint, hanging, botocore_config=impatient, **SMOKE), ti)


def test_a_newer_version_that_came_meanwhile_stays(
    platform: Platform, endpoint: str, ti: Ti, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(deploying(endpoint, _version(platform)), ti)
    newer = _version(platform, "newer")
    smoke = DeployEndpointOperator._smoke

    def slow(self: DeployEndpointOperator, asked: Any) -> None:
        if self.model_package_arn != newer:
            run(deploying(endpoint, newer, **SMOKE), Ti("newer"))
            raise DeploymentError("it does not answer.")
        smoke(self, asked)

    monkeypatch.setattr(DeployEndpointOperator, "_smoke", slow)
    with pytest.raises(RolledBackError, match="the endpoint has a newer configuration"):
        run(deploying(endpoint, _version(platform, "late"), **SMOKE), ti)
    assert platform.invoke(endpoint, "name") == "newer"


def test_a_failed_rollback_is_reported(
    platform: Platform,
    endpoint: str,
    server: Server,
    ti: Ti,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = run(deploying(endpoint, _version(platform)), ti)
    fault = {"resource": "endpoint", "event": "update-fails", "name": endpoint}

    def failing(self: DeployEndpointOperator, asked: Any) -> None:
        broken.__enter__()
        raise DeploymentError("it does not answer.")

    broken = server.faults(fault)
    monkeypatch.setattr(DeployEndpointOperator, "_smoke", failing)
    try:
        with pytest.raises(RolledBackError, match=f"to {good['config']} failed: .*fault"):
            run(deploying(endpoint, _version(platform, "bad")), ti)
    finally:
        broken.__exit__(None, None, None)


def test_a_foreign_update_is_not_undone_by_a_retry(
    platform: Platform, endpoint: str, ti: Ti
) -> None:
    on_call = _version(platform, "on-call")
    run(deploying(endpoint, on_call), ti)
    mine = deploying(endpoint, _version(platform, "mine"), deferrable=True)
    state = _asked_only(mine, ti)
    platform.settled(endpoint)
    run(deploying(endpoint, on_call), Ti("on-call"))
    with pytest.raises(OvertakenError, match="no reason given") as overtaken:
        mine.execute_complete({"ti": ti}, {"status": "InService", "resume": state})  # type: ignore[typeddict-item]
    assert isinstance(overtaken.value, AirflowFailException)


def test_a_foreign_model_of_our_name_never_serves(
    platform: Platform, endpoint: str, ti: Ti
) -> None:
    run(deploying(endpoint, _version(platform)), ti)
    package = _version(platform, "next")
    container = {"ModelPackageName": package}
    name = content_name(endpoint, {"PrimaryContainer": container, "ExecutionRoleArn": ROLE})
    foreign = platform.container(OBEDIENT, "foreign")
    platform.sagemaker.create_model(ModelName=name, PrimaryContainer=foreign, ExecutionRoleArn=ROLE)
    with pytest.raises(RequestRefusedError, match="Nothing was changed"):
        run(deploying(endpoint, package), ti)
    assert platform.invoke(endpoint, "name") == "good"


def test_an_endpoint_that_never_served_is_no_newer_version(
    platform: Platform, server: Server, endpoint: str, ti: Ti
) -> None:
    """It is made anew, and keeps what was registered for it."""
    newer = _version(platform, "newer", BROKEN, "2024-01-08")
    older = _version(platform, "older", OBEDIENT, "2024-01-01")
    with pytest.raises(DeploymentError, match="is Failed"):
        run(deploying(endpoint, newer, order_by="window_end"), ti)
    scaling = server.client("application-autoscaling")
    place = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=4)
    arn = platform.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    expires = {"Key": "prodml:expires", "Value": "2030-01-01T00:00:00+00:00"}
    platform.sagemaker.add_tags(ResourceArn=arn, Tags=[expires])
    run(deploying(endpoint, older, order_by="window_end"), ti)
    (target,) = scaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[place["ResourceId"]]
    )["ScalableTargets"]
    assert target["MaxCapacity"] == 4
    assert expires in platform.sagemaker.list_tags(ResourceArn=arn)["Tags"]


def test_a_contest_that_is_requested_again_continues(
    platform: Platform, endpoint: str, ti: Ti
) -> None:
    """Autoscaling has changed the incumbent's instances since it began."""
    run(deploying(endpoint, _version(platform)), ti)
    rival = _version(platform, "rival")
    contest = {"rollout": "ab", "rollout_step": 50}
    first = run(deploying(endpoint, rival, **contest), ti)
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": 2}
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=endpoint, DesiredWeightsAndCapacities=[wish]
    )
    again = run(deploying(endpoint, rival, **contest), ti)
    assert (again["config"], again["changed"]) == (first["config"], False)


def test_a_skipped_update_keeps_the_old_model(platform: Platform, endpoint: str, ti: Ti) -> None:
    good = run(deploying(endpoint, _version(platform)), ti)

    def pinned() -> None:
        raise AirflowSkipException("Pinned.")

    with pytest.raises(AirflowSkipException, match="Pinned"):
        run(deploying(endpoint, _version(platform, "next"), before_update=pinned), ti)
    assert _serving(platform, endpoint) == good["config"]
