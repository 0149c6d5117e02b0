from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from include.local_aws.sagemaker.runtime.targets import target_of
from include.local_aws.wire.errors import AwsError

MODEL, CONTAINER = b"x-amzn-sagemaker-target-model", b"x-amzn-sagemaker-target-container-hostname"


def _variant(*, direct: bool = False, multi_model: bool = False) -> Any:
    return SimpleNamespace(
        name="Blue",
        is_direct=direct,
        is_multi_model=multi_model,
        container_names=lambda: ["left", "right"],
    )


def test_plain_variant_has_no_target() -> None:
    assert target_of(_variant(), {}, "churn") is None


def test_named_container_or_model_is_the_target() -> None:
    assert target_of(_variant(direct=True), {CONTAINER: b"right"}, "churn") == "right"
    assert target_of(_variant(multi_model=True), {MODEL: b"a.tar.gz"}, "churn") == "a.tar.gz"


@pytest.mark.parametrize(
    ("kind", "headers", "complaint"),
    [
        ({}, {MODEL: b"a"}, "churn is not a multi-model endpoint"),
        ({}, {CONTAINER: b"left"}, "not invoked directly"),
        ({"direct": True}, {}, "one of: left, right"),
        ({"direct": True}, {CONTAINER: b"middle"}, "'middle' is not one of its containers"),
        ({"multi_model": True}, {}, "Give TargetModel"),
    ],
)
def test_wrong_targets_are_refused(
    kind: dict[str, bool], headers: dict[bytes, bytes], complaint: str
) -> None:
    with pytest.raises(AwsError, match=complaint):
        target_of(_variant(**kind), headers, "churn")
