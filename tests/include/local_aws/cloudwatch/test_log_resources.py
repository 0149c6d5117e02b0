from __future__ import annotations

from collections.abc import Callable

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.cloudwatch import log_resources as resources
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.wire import model
from include.local_aws.wire.errors import AwsError

Unique = Callable[[str], str]


def test_ids_are_ordered_as_events_are() -> None:
    positions = [(1, 9), (2, 1), (10, 0), (10, 1)]
    ids = [resources.event_id(position) for position in positions]
    assert ids == sorted(ids)
    assert {len(text) for text in ids} == {56}


def test_token_is_read_back() -> None:
    assert resources.position_of(resources.token("b", (5, 7))) == ("b", (5, 7))


@pytest.mark.parametrize("given", ["", "nonsense", "f/1", "x/" + "0" * 56, "b/" + "9" * 56])
def test_unknown_token_is_refused(given: str) -> None:
    with pytest.raises(AwsError, match="nextToken is invalid") as caught:
        resources.position_of(given)
    assert caught.value.code == "InvalidParameterException"


def test_errors_are_those_that_the_operations_model() -> None:
    codes = {resources.invalid("x").code, resources.not_found("log group").code}
    names = [name for service, name in OPERATIONS if service == "logs"]
    assert len(names) > 20
    for operation in filter(None, (model.operation("logs", name) for name in names)):
        if "logGroupIdentifier" in operation.input_shape.members:
            assert codes <= {shape.name for shape in operation.error_shapes}
