"""The errors of the control plane have AWS's codes and statuses, and say what to do."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.errors import (
    bad_request,
    conflict,
    not_emulated,
    not_found,
    refuse_members,
)
from include.local_aws.wire.errors import AwsError


def test_code_and_status_of_each_error() -> None:
    errors = [make("why") for make in (bad_request, not_found, conflict)]
    assert [(error.code, error.status, error.message) for error in errors] == [
        ("BadRequestException", 400, "why"),
        ("NotFoundException", 404, "why"),
        ("ConflictException", 409, "why"),
    ]


def test_operation_without_an_effect_is_named_with_advice() -> None:
    error = not_emulated("CreateStage", "tracingEnabled", "Leave it out.")
    assert (error.code, error.status) == ("NotImplementedException", 501)
    assert error.message == "CreateStage: tracingEnabled is not emulated. Leave it out."


def test_only_members_that_are_set_are_refused() -> None:
    members = {"policy": "Use API keys.", "cloneFrom": "Create its resources."}
    refuse_members("CreateRestApi", {"name": "a", "policy": "", "cloneFrom": None}, members)
    with pytest.raises(AwsError, match=r"CreateRestApi: cloneFrom is not emulated\. Create its"):
        refuse_members("CreateRestApi", {"cloneFrom": "b"}, members)
