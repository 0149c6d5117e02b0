"""Actions of API Gateway: methods on the paths of its resources, and roles that are passed."""

from __future__ import annotations

from typing import Any

from include.local_aws.iam.asked import REST_METHOD, REST_PATH, Asked
from include.local_aws.iam.needs import Need, needs
from tests.include.local_aws.iam.account import PLACE, ROLE

INTEGRATION = "/restapis/a/resources/b/methods/POST/integration"


def required(method: str, **given: Any) -> list[Need]:
    parameters = {REST_METHOD: method, REST_PATH: INTEGRATION} | given
    return needs(Asked("apigateway", "AnyOperation", parameters), PLACE)


def test_actions_of_api_gateway_are_methods_on_paths() -> None:
    method, role = required("PUT", credentials=ROLE)
    arn = f"arn:aws:apigateway:us-east-1::{INTEGRATION}"
    assert (method.action, method.resource) == ("apigateway:PUT", arn)
    assert (role.action, role.resource) == ("iam:PassRole", ROLE)
    assert role.keys["iam:passedtoservice"] == ("apigateway.amazonaws.com",)


def test_role_in_a_patch_is_passed_too() -> None:
    changes = [
        {"op": "replace", "path": "/uri", "value": "arn:aws:apigateway:us-east-1:iam:path//"},
        {"op": "replace", "path": "/credentials", "value": ROLE},
        "not an operation",
    ]
    passed = required("PATCH", patchOperations=changes)[1:]
    assert [(need.action, need.resource) for need in passed] == [("iam:PassRole", ROLE)]


def test_credentials_of_the_caller_pass_no_role() -> None:
    assert len(required("PUT", credentials="arn:aws:iam::*:user/*")) == 1
    assert len(required("PATCH", patchOperations=None)) == 1
