"""A pin holds retrains off until the last moment, and holds only what serves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from include.local_aws.testing import Server, connection_to
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment import pins


@pytest.fixture(scope="module", autouse=True)
def group(local_aws_server: Server) -> Iterator[None]:
    sagemaker = local_aws_server.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=PIPELINE.endpoint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws_server.url))
        yield
    sagemaker.delete_model_package_group(ModelPackageGroupName=PIPELINE.endpoint)


@pytest.fixture(autouse=True)
def unpinned(group: None) -> None:
    pins.release(PIPELINE)


def test_a_pin_holds_off_a_retrain() -> None:
    pins.leave_pinned(PIPELINE)
    pins.pin(PIPELINE, 1)
    with pytest.raises(AirflowSkipException, match="Version 1 of churn is pinned"):
        pins.leave_pinned(PIPELINE)


def test_a_version_that_did_not_come_into_service_is_not_pinned() -> None:
    first = pins.hold(PIPELINE, 1, contest=False)
    assert first is not None
    assert pins.pinned(PIPELINE) == 1
    second = pins.hold(PIPELINE, 2, contest=False)
    assert second is not None
    pins.undo(PIPELINE, second)
    assert pins.pinned(PIPELINE) == 1
    pins.undo(PIPELINE, first)
    assert pins.pinned(PIPELINE) is None


def test_a_pin_that_another_user_has_moved_stays_there() -> None:
    held = pins.hold(PIPELINE, 1, contest=False)
    assert held is not None
    pins.pin(PIPELINE, 3)
    pins.undo(PIPELINE, held)
    assert pins.pinned(PIPELINE) == 3


def test_a_challenger_is_not_pinned() -> None:
    assert pins.hold(PIPELINE, 2, contest=True) is None
    assert pins.pinned(PIPELINE) is None
