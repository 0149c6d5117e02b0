"""Every way to production under live traffic: good models lose no request, bad ones are gone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.aws.alarms import owned
from prodml.comparison.contest import CHALLENGER
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import InvalidInputError, OvertakenError, RolledBackError
from prodml.operators.alarms import EndpointAlarmsOperator
from prodml.operators.comparison import CompareVariantsOperator
from prodml.operators.contest import FindContestOperator, PromoteWinnerOperator
from prodml.operators.deletion import DeleteEndpointOperator

from tests.include.local_aws.models import OBEDIENT, Platform
from tests.include.local_aws.traffic import Traffic
from tests.plugins.conftest import register
from tests.plugins.runs import Ti, deploying, run

MINUTE = 60  # of AWS: a second here
FAILING = OBEDIENT.replace(
    'order, _, rest = text.partition(" ")', 'raise RuntimeError("never right")'
)


@pytest.fixture(scope="module")
def packages(platform: Platform) -> dict[str, str]:
    """Approved versions: two good models that answer with their names, and one that fails."""
    return {
        "first": register(platform.sagemaker, platform.container(name="first")),
        "second": register(platform.sagemaker, platform.container(name="second")),
        "bad": register(platform.sagemaker, platform.container(FAILING, name="bad")),
    }


@pytest.fixture
def endpoint(unique: str) -> Iterator[str]:
    yield unique
    result = run(
        DeleteEndpointOperator(task_id="delete", endpoint=unique, poll_interval=0.1), Ti("end")
    )
    assert result["deleted"]["endpoints"] == [unique]


def _deploy(endpoint: str, package: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    arguments = {"smoke_payload": "ping"} | arguments
    operator = deploying(endpoint, package, **arguments)
    return dict(run(operator, ti))


def _guard(endpoint: str, ti: Ti, **arguments: Any) -> list[str]:
    operator = EndpointAlarmsOperator(task_id="guard", endpoint=endpoint, **arguments)
    return list(run(operator, ti)["alarms"])


def _find(endpoint: str, ti: Ti) -> dict[str, Any]:
    return dict(run(FindContestOperator(task_id="find", endpoint=endpoint), ti))


def _compare(endpoint: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    settings: dict[str, Any] = {"hours": 0, "min_requests": 5, "check_every": 0.1} | arguments
    return dict(run(CompareVariantsOperator(task_id="compare", endpoint=endpoint, **settings), ti))


def _promote(endpoint: str, verdict: dict[str, Any], ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = PromoteWinnerOperator(
        task_id="promote",
        endpoint=endpoint,
        winner=verdict["winner"],
        contest_config=verdict["config"],
        poll_interval=0.1,
        **arguments,
    )
    return dict(run(operator, ti))


def _variants(platform: Platform, endpoint: str) -> list[str]:
    description = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    both = description["ProductionVariants"] + description.get("ShadowProductionVariants", [])
    return [variant["VariantName"] for variant in both]


@pytest.mark.parametrize("rollout", ["all-at-once", "canary", "linear", "rolling"])
def test_an_update_loses_no_request_and_an_alarm_takes_a_bad_model_back(
    rollout: str, endpoint: str, platform: Platform, packages: dict[str, str], ti: Ti
) -> None:
    how = {"rollout": rollout, "rollout_step": 50, "instance_count": 1 + (rollout == "rolling")}
    how["rollback_alarms"] = _guard(endpoint, ti)
    _deploy(endpoint, packages["first"], ti, **how)
    with Traffic(platform, endpoint, callers=3) as traffic:
        traffic.until_answered("first")
        good = _deploy(endpoint, packages["second"], ti, rollout_wait=MINUTE, **how)
        assert (good["contest"], good["variant"]) == (False, "AllTraffic")
        traffic.until_answered("second")
        assert traffic.failures == []

        begun = len(traffic.answers)
        with pytest.raises(RolledBackError, match=f"on {good['config']}, not in service"):
            _deploy(endpoint, packages["bad"], ti, rollout_wait=30 * MINUTE, **how)
        failed, answered = len(traffic.failures), len(traffic.answers)
        traffic.until(lambda answers: len(answers) > answered + 20)
    assert failed > 0  # the alarm was a true one
    assert len(traffic.failures) <= failed + 3  # what was under way
    assert set(traffic.answers[begun + 3 :]) == {"second"}


@pytest.mark.parametrize("rollout", ["ab", "shadow"])
def test_a_bad_challenger_is_taken_away_and_a_good_one_promoted(
    rollout: str, endpoint: str, platform: Platform, packages: dict[str, str], ti: Ti
) -> None:
    how = {"rollout": rollout, "rollout_step": 50}
    first = _deploy(endpoint, packages["first"], ti, instance_count=2)
    with pytest.raises(AirflowSkipException, match="serves one model"):
        _find(endpoint, ti)  # so that nothing is made for a challenger that does not exist
    alarms = _guard(endpoint, ti, variant=CHALLENGER)
    with Traffic(platform, endpoint, callers=3) as traffic:
        _deploy(endpoint, packages["bad"], ti, smoke_payload=None, **how)
        with pytest.raises(InvalidInputError, match="has no variant 'Third'"):
            _promote(endpoint, {"winner": "Third", "config": None}, ti)
        sides = _find(endpoint, ti)
        assert (sides["incumbent"], sides["challenger"]) == ("AllTraffic", CHALLENGER)
        assert sides["shadow"] == (rollout == "shadow")
        verdict = _compare(endpoint, ti, hours=10, min_requests=10**9, alarms=alarms)
        assert (verdict["winner"], verdict["loser"]) == ("AllTraffic", CHALLENGER)
        assert "in alarm" in verdict["decision"]
        kept = _promote(endpoint, verdict, ti)
        assert (kept["promoted"], kept["model"]) == (False, first["model"])
        assert kept["model_package_arn"] == packages["first"]
        assert owned(platform.server.client("cloudwatch"), endpoint) == []
        assert _variants(platform, endpoint) == ["AllTraffic"]
    assert bool(traffic.failures) == (rollout == "ab")  # callers never see a shadow's response

    with Traffic(platform, endpoint, callers=3) as traffic:
        begun = _deploy(endpoint, packages["second"], ti, **how)
        assert (begun["contest"], begun["variant"], begun["instances"]) == (True, CHALLENGER, 1)
        again = _deploy(endpoint, packages["second"], ti, **how)
        assert again == begun | {"changed": False}
        seen = len(traffic.answers)
        traffic.until(lambda answers: len(answers) > seen + 60)
        share = traffic.share("second", seen)
        verdict = _settled_verdict(endpoint, ti)
        assert (verdict["winner"], verdict["loser"]) == (CHALLENGER, "AllTraffic")
        promoted = _promote(endpoint, verdict, ti)
    assert traffic.failures == []
    assert 0.2 < share < 0.8 if rollout == "ab" else share == 0
    assert traffic.answers[-1] == "second"
    assert promoted["promoted"]
    description = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    assert _promote(endpoint, verdict, ti) == promoted
    with pytest.raises(AirflowSkipException, match="serves one model"):
        _promote(endpoint, verdict | {"config": None}, ti)


def _settled_verdict(endpoint: str, ti: Ti) -> dict[str, Any]:
    """The metrics of a minute are in CloudWatch once it is over: a second, here."""
    while True:
        with contextlib.suppress(AirflowSkipException):
            return _compare(endpoint, ti, min_gain=-60)  # what five without a fault can prove


def test_a_bad_challenger_that_cannot_answer_the_smoke_request_is_taken_back(
    endpoint: str, platform: Platform, packages: dict[str, str], ti: Ti
) -> None:
    good = _deploy(endpoint, packages["first"], ti)
    with pytest.raises(RolledBackError, match=f"Rolled back to {good['config']}"):
        _deploy(endpoint, packages["bad"], ti, rollout="ab", rollout_step=1)
    assert platform.invoke(endpoint, "name") == "first"
    assert _variants(platform, endpoint) == ["AllTraffic"]


def test_a_custom_metric_decides(
    endpoint: str, platform: Platform, packages: dict[str, str], ti: Ti
) -> None:
    """Such as the quality of answers, published once labels are known."""
    _deploy(endpoint, packages["first"], ti, instance_count=2)
    _deploy(endpoint, packages["second"], ti, rollout="ab", rollout_step=50)
    by = {"metric": "prodml/quality:auc", "direction": "Maximize", "min_gain": 0.01}
    quick = {"min_requests": 0, "confidence": 0}
    with pytest.raises(AirflowSkipException, match="CloudWatch has no"):
        _compare(endpoint, ti, **by, **quick)
    for variant, auc in (("AllTraffic", 0.80), (CHALLENGER, 0.82)):
        dimensions = {"EndpointName": endpoint, "VariantName": variant}
        platform.server.client("cloudwatch").put_metric_data(
            Namespace="prodml/quality",
            MetricData=[
                {
                    "MetricName": "auc",
                    "Value": auc,
                    "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
                }
            ],
        )
    with pytest.raises(AirflowSkipException, match="from 1 and 1 periods"):
        _compare(endpoint, ti, **by, min_requests=0)
    verdict = _compare(endpoint, ti, **by, **quick)
    assert verdict["winner"] == CHALLENGER
    assert "auc 0.82 against 0.8, better by 0.02" in verdict["decision"]
    assert _compare(endpoint, ti, **by | {"min_gain": 0.05}, **quick)["winner"] == "AllTraffic"

    ended = _deploy(endpoint, packages["second"], ti)  # a plain deployment ends a contest
    assert (ended["contest"], ended["instances"]) == (False, 2)
    assert platform.invoke(endpoint, "name") == "second"


def test_an_interrupted_promotion_continues(
    endpoint: str,
    platform: Platform,
    packages: dict[str, str],
    ti: Ti,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    capture = f"s3://{platform.bucket}/capture"
    _deploy(endpoint, packages["first"], ti, data_capture_uri=capture)
    begun = _deploy(endpoint, packages["second"], ti, rollout="ab", rollout_step=50)
    verdict = {"winner": CHALLENGER, "config": begun["config"]}
    with monkeypatch.context() as worker:
        worker.setattr(Endpoint, "verified", _dies)
        with pytest.raises(KeyboardInterrupt):
            _promote(endpoint, verdict, ti)
    platform.settled(endpoint)
    promoted = _promote(endpoint, verdict, ti, keep=0)
    assert (promoted["promoted"], promoted["model"]) == (True, begun["model"])
    listed = platform.sagemaker.list_endpoint_configs(NameContains=endpoint)["EndpointConfigs"]
    assert [config["EndpointConfigName"] for config in listed] == [promoted["config"]]
    description = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["DataCaptureConfig"]["DestinationS3Uri"] == f"{capture}/{promoted['config']}"
    with pytest.raises(RolledBackError, match=f"Rolled back to {promoted['config']}"):
        _deploy(endpoint, packages["bad"], ti)  # not what served before the promotion


def _dies(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_promotion_replaces_nothing_newer(
    endpoint: str,
    platform: Platform,
    packages: dict[str, str],
    ti: Ti,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A retrain deploys between the shift of the traffic and the promotion's own update."""
    newer = register(platform.sagemaker, platform.container(name="newer"))
    _deploy(endpoint, packages["first"], ti)
    begun = _deploy(endpoint, packages["second"], ti, rollout="ab", rollout_step=50)
    shift = PromoteWinnerOperator._shift

    def overtaken(self: PromoteWinnerOperator, *arguments: Any) -> None:
        shift(self, *arguments)
        _deploy(endpoint, newer, Ti("a retrain"))

    monkeypatch.setattr(PromoteWinnerOperator, "_shift", overtaken)
    with pytest.raises(OvertakenError, match=f"but {begun['config']} was compared"):
        _promote(endpoint, {"winner": CHALLENGER, "config": begun["config"]}, ti)
    assert platform.invoke(endpoint, "name") == "newer"
