"""Endpoints that end by name, by tag or by their time, on a real embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException
from prodml.notifications.endpoint_events import EndpointExpires
from prodml.notifications.outbox import take
from prodml.operators.deletion import DeleteEndpointOperator

from include.local_aws.testing import connection_to, running_server
from include.pipelines.deployment import lifetimes
from include.pipelines.errors import NothingNew

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FORM: dict[str, Any] = {"endpoints": [], "tag": None, "confirm": True}
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two endpoints; their models do not exist, which their tags do not mind."""
    with running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server:
        sagemaker = server.client("sagemaker")
        sagemaker.create_model(
            ModelName="model",
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://missing/nothing.tar.gz"},
            ExecutionRoleArn="arn:aws:iam::000000000000:role/prodml",
        )
        variant = {
            "VariantName": "AllTraffic",
            "ModelName": "model",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
        }
        sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant])
        for name, team in (("churn", "growth"), ("fraud", "risk")):
            sagemaker.create_endpoint(
                EndpointName=name,
                EndpointConfigName="config",
                Tags=[{"Key": "team", "Value": team}],
            )
        yield server.url


@pytest.fixture(autouse=True)
def connection(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(url))


def _chosen(**form: Any) -> list[str]:
    return lifetimes.chosen(FORM | form)


def test_endpoints_are_chosen_by_name_or_by_tag() -> None:
    assert _chosen(endpoints=["churn", "other"]) == ["churn", "other"]
    assert _chosen(tag="team=risk") == ["fraud"]
    with pytest.raises(NothingNew, match="team=sales"):
        _chosen(tag="team=sales")


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"confirm": False, "endpoints": ["churn"]}, "with `confirm` set"),
        ({}, "Set either"),
        ({"endpoints": ["churn"], "tag": "team=risk"}, "Set either"),
        ({"tag": "team"}, "key=value"),
    ],
)
def test_nothing_is_chosen_by_mistake(form: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        _chosen(**form)


def test_the_reaper_takes_an_endpoint_when_its_time_is_over_and_not_before() -> None:
    with pytest.raises(NothingNew):
        lifetimes.expired(NOW)
    assert lifetimes.set_expiry("churn", 1.5, NOW) == "2026-03-01T13:30:00+00:00"
    with pytest.raises(NothingNew):
        lifetimes.expired(NOW + timedelta(minutes=89))
    assert lifetimes.expired(NOW + timedelta(minutes=90)) == ["churn"]
    assert lifetimes.set_expiry("churn", None, NOW) is None
    with pytest.raises(NothingNew):
        lifetimes.expired(NOW + timedelta(days=365))


def test_an_end_within_a_day_is_announced_once_and_again_if_it_moves() -> None:
    take()
    lifetimes.set_expiry("churn", 25, NOW)
    announced = []
    for hours in (0, 1, 2, 24):
        with pytest.raises(NothingNew):
            lifetimes.expired(NOW + timedelta(hours=hours))
        announced.append(take())
    event = EndpointExpires(endpoint="churn", until="2026-03-02 13:00 UTC")
    assert announced == [[], [event], [], []]
    lifetimes.set_expiry("churn", 26, NOW)
    with pytest.raises(NothingNew):
        lifetimes.expired(NOW + timedelta(hours=24))
    assert [event.title for event in take()] == [
        "Endpoint churn will be deleted at 2026-03-02 14:00 UTC"
    ]
    lifetimes.set_expiry("churn", None, NOW)


def test_an_update_outlasts_no_endpoint_and_shortens_no_life() -> None:
    """No reaper takes what is being deployed, and no failed deployment ends what serves."""
    assert lifetimes.postpone("fraud", 1, NOW) is None  # it lives on until the update has succeeded
    assert lifetimes.postpone("nobody", 1, NOW) is None
    lifetimes.set_expiry("fraud", 1, NOW)
    assert lifetimes.postpone("fraud", 0.5, NOW) == "2026-03-01T13:00:00+00:00"
    assert lifetimes.postpone("fraud", 3, NOW) == "2026-03-01T15:00:00+00:00"
    assert not lifetimes.still_over("fraud", NOW + timedelta(hours=2))
    assert lifetimes.still_over("fraud", NOW + timedelta(hours=3))
    assert lifetimes.postpone("fraud", None, NOW) is None
    assert not lifetimes.still_over("fraud", NOW + timedelta(days=365))


def test_the_reaper_checks_again_before_it_deletes() -> None:
    operator = DeleteEndpointOperator(task_id="delete", endpoint="fraud", poll_interval=0.1)
    lifetimes.set_expiry("fraud", 1, datetime.now(UTC))
    with pytest.raises(AirflowSkipException, match="was extended meanwhile"):
        lifetimes.leave_prolonged({"task": operator})
    lifetimes.set_expiry("fraud", 1, NOW - timedelta(days=365))
    lifetimes.leave_prolonged({"task": operator})
