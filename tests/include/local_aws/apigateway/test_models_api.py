"""Models, request validators and own responses of an API, which methods refer to."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import models_api as models
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway.in_process import new_api, new_method, refusal, replace

PERSON = {"name": "Person", "contentType": "application/json", "schema": '{"type": "object"}'}


def test_model_is_listed_with_those_that_each_api_has(account: Aws) -> None:
    place = new_api(account)
    models.create_model(account, place | PERSON)
    names = [model["name"] for model in models.get_models(account, place)["items"]]
    assert names == ["Empty", "Error", "Person"]
    assert refusal(models.create_model, account, **place, **PERSON).startswith("ConflictExc")


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"name": "A-Person"}, "must be alphanumeric"),
        ({"schema": '{"type": 7}'}, "Invalid model specified"),
        ({"schema": '{"$ref": "http://127.0.0.1/schema"}'}, "is not emulated. Use #/definitions"),
    ],
)
def test_model_that_cannot_validate_is_refused(
    account: Aws, members: dict[str, Any], named: str
) -> None:
    request = new_api(account) | PERSON | members
    assert named in refusal(models.create_model, account, **request)


def test_update_of_a_model_is_checked(account: Aws) -> None:
    place = new_api(account) | {"modelName": "Empty"}
    bad = [replace("/schema", "[]")]
    why = refusal(models.update_model, account, **place, patchOperations=bad)
    assert "it is not an object" in why
    assert "Empty Schema" in models.get_model(account, place)["schema"]
    good = [replace("/schema", '{"type": "object"}')]
    models.update_model(account, place | {"patchOperations": good})
    assert models.get_model(account, place)["schema"] == '{"type": "object"}'


def test_model_of_a_method_stays(account: Aws) -> None:
    place = new_api(account)
    models.create_model(account, place | PERSON)
    new_method(account, place, requestModels={"application/json": "Person"})
    why = refusal(models.delete_model, account, **place, modelName="Person")
    assert why.endswith("Cannot delete model 'Person', is referenced in method request")
    models.delete_model(account, place | {"modelName": "Empty"})
    missing = refusal(models.get_model, account, **place, modelName="Empty")
    assert missing == "NotFoundException: Invalid Model Name specified"


def test_validator_of_a_method_stays(account: Aws) -> None:
    place = new_api(account)
    made = models.create_request_validator(account, place | {"validateRequestBody": True})
    free = models.create_request_validator(account, place)
    new_method(account, place, requestValidatorId=made["id"])
    delete, name = models.delete_request_validator, "requestValidatorId"
    assert refusal(delete, account, **place, **{name: made["id"]}).startswith("ConflictExc")
    delete(account, place | {name: free["id"]})
    change = [replace("/validateRequestParameters", "true")]
    request = place | {name: made["id"], "patchOperations": change}
    models.update_request_validator(account, request)
    (validator,) = models.get_request_validators(account, place)["items"]
    assert models.get_request_validator(account, place | {name: made["id"]}) == validator
    assert validator["validateRequestBody"] is validator["validateRequestParameters"] is True


def test_own_response_stands_for_the_default_until_it_is_deleted(account: Aws) -> None:
    place = new_api(account) | {"responseType": "THROTTLED"}
    assert models.get_gateway_response(account, place)["defaultResponse"] is True
    models.put_gateway_response(account, place | {"statusCode": "503"})
    change = [replace("/responseTemplates/text~1plain", "slow")]
    models.update_gateway_response(account, place | {"patchOperations": change})
    own = models.get_gateway_response(account, place)
    assert (own["statusCode"], own["defaultResponse"]) == ("503", False)
    assert own["responseTemplates"]["text/plain"] == "slow"
    listed = models.get_gateway_responses(account, place)["items"]
    assert [r["responseType"] for r in listed if not r["defaultResponse"]] == ["THROTTLED"]
    models.delete_gateway_response(account, place)
    assert models.get_gateway_response(account, place)["statusCode"] == "429"
    assert refusal(models.delete_gateway_response, account, **place).startswith("NotFound")


def test_own_response_that_cannot_be_made_is_refused(account: Aws) -> None:
    place = new_api(account) | {"responseType": "THROTTLED"}
    header = {"gatewayresponse.header.X": "method.request.header.X"}
    put = models.put_gateway_response
    assert "method.request.header.X" in refusal(put, account, **place, responseParameters=header)
    template = {"application/json": "#if($a"}
    why = refusal(put, account, **place, responseTemplates=template)
    assert "Invalid mapping template" in why
    assert models.get_gateway_response(account, place)["defaultResponse"] is True
