"""The deletion of an endpoint's APIs keeps the plans and keys of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from prodml.apis.deletion import belongings, delete_all
from prodml.apis.keys import give_key
from prodml.apis.names import api_name
from prodml.apis.specification import ApiSpecification

from include.local_aws.testing import Server

NOTHING: dict[str, list[str]] = {"apis": [], "usage_plans": [], "api_keys": []}


def test_an_api_goes_though_a_plan_of_others_has_it(
    gateway: Any,
    staged: str,
    unique: str,
    tags: dict[str, str],
    specify: Callable[..., ApiSpecification],
) -> None:
    key = give_key(gateway, staged, "live", specify(), tags)
    of_others = gateway.create_usage_plan(
        name=unique, apiStages=[{"apiId": staged, "stage": "live"}]
    )["id"]
    known = belongings(gateway, unique)
    assert (known["apis"], known["api_keys"]) == ([staged], [key])
    assert len(known["usage_plans"]) == 1
    delete_all(gateway, known)
    assert belongings(gateway, unique) == NOTHING
    assert gateway.get_usage_plan(usagePlanId=of_others).get("apiStages", []) == []
    delete_all(gateway, known)  # a retry has nothing to delete
    gateway.delete_usage_plan(usagePlanId=of_others)


def test_a_name_without_the_tag_is_of_others(gateway: Any, unique: str) -> None:
    api = gateway.create_rest_api(name=api_name(unique))["id"]
    assert belongings(gateway, unique) == NOTHING
    gateway.delete_rest_api(restApiId=api)


def test_a_role_that_may_not_list_apis_has_published_none(
    server: Server, gateway: Any, staged: str, unique: str
) -> None:
    assert belongings(gateway, unique)["apis"] == [staged]
    client = server.client("apigateway")
    with Stubber(client) as denying:
        denying.add_client_error("get_rest_apis", "AccessDeniedException")
        assert belongings(client, unique) == NOTHING
        denying.add_client_error("get_rest_apis", "InvalidClientTokenId")
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            belongings(client, unique)
