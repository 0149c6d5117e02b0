"""The control plane: what is stored, found again and deleted, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws.apigateway import rest_apis_api as rest_apis
from include.local_aws.apigateway import usage_plans_api as plans
from include.local_aws.core.account import Aws
from include.local_aws.testing import Server, running_server
from tests.include.local_aws.apigateway import in_process
from tests.include.local_aws.apigateway.published import MOCKED, ROLE, Api, invocations


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """Return the code and the message with which a call is refused."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    details = error.value.response["Error"]
    return f"{details['Code']}: {details['Message']}"


def test_an_api_and_its_parts_are_read_back_and_deleted(api: Api) -> None:
    client, place = api.client, {"restApiId": api.id}
    method = api.method(api.resource("a", "{b}"), MOCKED, "GET")
    assert client.get_rest_api(**place)["name"] == api.name
    assert api.id in {item["id"] for item in client.get_rest_apis(limit=500)["items"]}
    pages = [client.get_resources(**place, limit=2)]
    pages.append(client.get_resources(**place, limit=2, position=pages[0]["position"]))
    paths = [item["path"] for page in pages for item in page["items"]]
    assert paths == ["/", "/a", "/a/{b}"]
    assert client.get_method(**method)["methodIntegration"]["type"] == "MOCK"
    assert client.get_integration_response(**method, statusCode="200")["statusCode"] == "200"
    first, second = api.deploy(), api.deploy()
    assert client.get_stage(**place, stageName="test")["deploymentId"] == second
    assert "Active stages" in refusal(client.delete_deployment, **place, deploymentId=second)
    client.delete_deployment(**place, deploymentId=first)
    assert [item["id"] for item in client.get_deployments(**place)["items"]] == [second]
    client.delete_resource(**place, resourceId=client.get_resources(**place)["items"][1]["id"])
    assert len(client.get_resources(**place)["items"]) == 1
    client.delete_rest_api(**place)
    assert refusal(client.get_rest_api, **place).startswith("NotFoundException")
    assert api.call("/a/x").status == 403


def test_tags_of_an_api_a_stage_and_a_key(api: Api) -> None:
    client = api.client
    api.method(api.resource("a"), MOCKED)
    api.deploy()
    key = client.create_api_key(name=api.name, tags={"owner": "team"})
    for path in (f"restapis/{api.id}", f"restapis/{api.id}/stages/test", f"apikeys/{key['id']}"):
        arn = f"arn:aws:apigateway:us-east-1::/{path}"
        client.tag_resource(resourceArn=arn, tags={"a/b": "c d"})
        assert client.get_tags(resourceArn=arn)["tags"]["a/b"] == "c d"
        client.untag_resource(resourceArn=arn, tagKeys=["a/b"])
    assert client.get_api_key(apiKey=key["id"])["tags"] == {"owner": "team"}
    assert "value" not in client.get_api_key(apiKey=key["id"])
    assert client.get_api_key(apiKey=key["id"], includeValue=True)["value"] == key["value"]
    arn = "arn:aws:apigateway:us-east-1::/restapis/none"
    assert refusal(client.get_tags, resourceArn=arn).startswith("NotFoundException")


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"policy": "{}"}, "CreateRestApi: policy is not emulated"),
        ({"binaryMediaTypes": ["image/png"]}, "binaryMediaTypes is not emulated"),
        ({"endpointConfiguration": {"types": ["PRIVATE"]}}, "PRIVATE endpoint is not emulated"),
        ({"apiKeySource": "AUTHORIZER"}, "AUTHORIZER is not emulated"),
    ],
)
def test_members_without_an_effect_are_refused(
    local_aws: Server, members: dict[str, Any], named: str
) -> None:
    client = local_aws.client("apigateway")
    assert named in refusal(client.create_rest_api, name="a", **members)


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("a b", "BadRequestException: Resource's path part only allow"),
        ("{a", "BadRequestException: Resource's path part only allow"),
        ("items", "ConflictException: Another resource with the same parent"),
        ("{other}", "BadRequestException: A sibling ({id}) of this resource already"),
    ],
)
def test_resource_that_no_request_could_reach_is_refused(
    account: Aws, part: str, named: str
) -> None:
    place = in_process.new_api(account)
    parent = {"restApiId": place["restApiId"], "parentId": place["resourceId"]}
    for name in ("items", "{id}"):
        rest_apis.create_resource(account, parent | {"pathPart": name})
    greedy = rest_apis.create_resource(account, parent | {"pathPart": "{rest+}"})
    assert named in in_process.refusal(rest_apis.create_resource, account, **parent, pathPart=part)
    below = parent | {"parentId": greedy["id"], "pathPart": part}
    assert "BadRequest" in in_process.refusal(rest_apis.create_resource, account, **below)


def test_root_stays_and_resources_are_limited(
    account: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = in_process.new_api(account)
    why = in_process.refusal(rest_apis.delete_resource, account, **place)
    assert why == "BadRequestException: Root resource cannot be deleted"
    assert rest_apis.get_resource(account, place)["path"] == "/"
    monkeypatch.setattr(rest_apis, "MOST_RESOURCES", 1)
    child = {"restApiId": place["restApiId"], "parentId": place["resourceId"], "pathPart": "a"}
    assert "at most 1 resources" in in_process.refusal(rest_apis.create_resource, account, **child)


def test_methods_of_a_resource_are_shown_on_demand(account: Aws) -> None:
    method = in_process.new_mock(account, apiKeyRequired=True)
    assert rest_apis.get_resource(account, method)["resourceMethods"] == {"GET": {}}
    shown = rest_apis.get_resource(account, method | {"embed": ["methods"]})["resourceMethods"]
    assert shown["GET"]["apiKeyRequired"] is True


def test_api_is_renamed_and_deleted_once_no_plan_has_its_stage(account: Aws) -> None:
    place = in_process.new_stage(account)
    api = {"restApiId": place["restApiId"]}
    change = [in_process.replace("/name", "renamed")]
    assert (
        rest_apis.update_rest_api(account, api | {"patchOperations": change})["name"] == "renamed"
    )
    assert rest_apis.get_rest_api(account, api)["name"] == "renamed"
    stage = {"apiId": place["restApiId"], "stage": place["stageName"]}
    plan = plans.create_usage_plan(account, {"name": "p", "apiStages": [stage]})
    why = in_process.refusal(rest_apis.delete_rest_api, account, **api)
    assert f"while usage plan {plan['id']} has one of its stages" in why
    named = f"{stage['apiId']}:{stage['stage']}"
    removal = [{"op": "remove", "path": "/apiStages", "value": named}]
    plans.update_usage_plan(account, {"usagePlanId": plan["id"], "patchOperations": removal})
    rest_apis.delete_rest_api(account, api)
    assert rest_apis.get_rest_apis(account, {})["items"] == []


def test_api_has_a_name(account: Aws) -> None:
    why = in_process.refusal(rest_apis.create_rest_api, account, name=" ")
    assert why == "BadRequestException: name is blank. Name the API."


def test_what_would_fail_later_is_refused_at_the_call(api: Api) -> None:
    client, place = api.client, {"restApiId": api.id}
    method = api.method(api.resource("a"), MOCKED)
    again = {"authorizationType": "NONE"}
    assert refusal(client.put_method, **method, **again).startswith("ConflictException")
    custom = method | {"httpMethod": "GET"}
    assert "AWS_IAM" in refusal(client.put_method, **custom, authorizationType="AWS_IAM")
    assert "NotFoundException" in refusal(client.put_integration, **custom, type="MOCK")

    def put(**members: Any) -> str:
        return refusal(client.put_integration, **method, **invocations("x") | members)

    assert "HTTP_PROXY is not emulated" in put(type="HTTP_PROXY", uri="http://a")
    assert "runtime.sagemaker" in put(uri="arn:aws:apigateway:us-east-1:lambda:path/x")
    assert "Cross-account" in put(credentials=ROLE.replace("000000000000", "111111111111"))
    assert "Invalid mapping template" in put(requestTemplates={"application/json": "#if($a"})
    undeclared = {"integration.request.header.X": "method.request.header.X"}
    assert "method.request.header.X" in put(requestParameters=undeclared)
    assert "Timeout" in put(timeoutInMillis=60_000)
    model = {"name": "M", "contentType": "application/json"}
    assert "Invalid model" in refusal(client.create_model, **place, **model, schema='{"type": 7}')
    remote = '{"$ref": "http://127.0.0.1/schema"}'
    assert "not emulated" in refusal(client.create_model, **place, **model, schema=remote)
    no_response = {"statusCode": "500"}
    assert "NotFound" in refusal(client.put_integration_response, **method, **no_response)


def test_updates_that_have_no_rule_are_refused(api: Api) -> None:
    api.method(api.resource("a"), MOCKED)
    api.deploy()
    place = {"restApiId": api.id, "stageName": "test"}

    def update(path: str, value: str = "true") -> str:
        operations = [{"op": "replace", "path": path, "value": value}]
        return refusal(api.client.update_stage, **place, patchOperations=operations)

    assert "Invalid patch path  '/nothing'" in update("/nothing")
    assert "caching/enabled true is not emulated" in update("/*/*/caching/enabled")
    assert "loglevel INFO is not emulated" in update("/*/*/logging/loglevel", "INFO")
    assert "Give a number" in update("/*/*/throttling/rateLimit", "nan")
    assert "Deployment" in update("/deploymentId", "none")
    assert "ARN" in update("/accessLogSettings/destinationArn", "arn:aws:firehose:x")


def test_apis_survive_a_power_cut(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        api = Api(server)
        api.method(api.resource("a"), MOCKED, "GET", apiKeyRequired=True)
        api.deploy()
        _, value = api.key(quota={"limit": 2, "period": "MONTH"})
        assert api.call("/a", x_api_key=value).status == 200
        server.kill()
    with running_server(tmp_path) as server:
        api.server = server
        assert [api.call("/a", x_api_key=value).status for _ in range(2)] == [200, 429]
