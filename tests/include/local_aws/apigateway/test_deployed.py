"""The copies of APIs that answer: routes, models, keys and plans."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway import keys_api, usage_plans_api
from include.local_aws.apigateway.deployed import Deployed, Stage
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from tests.include.local_aws.apigateway.in_process import new_mock, new_stage, replace

PATHS = ("/", "/items", "/items/{id}", "/items/new", "/items/{rest+}")


def stage(*paths: str, methods: tuple[str, ...] = ("GET",), models: Doc | None = None) -> Stage:
    resources = {
        path: {"path": path, "methods": {name: {"httpMethod": name} for name in methods}}
        for path in paths
    }
    snapshot = {"resources": resources, "models": models or {}}
    return Stage({"restApiId": "a", "stageName": "test"}, {"snapshot": snapshot})


@pytest.mark.parametrize(
    ("path", "resource", "variables"),
    [
        ("/", "/", {}),
        ("/items/", "/items", {}),
        ("/items/new", "/items/new", {}),
        ("/items/7", "/items/{id}", {"id": "7"}),
        ("/items/a/b", "/items/{rest+}", {"rest": "a/b"}),
    ],
)
def test_most_specific_resource_answers(path: str, resource: str, variables: Doc) -> None:
    route = stage(*PATHS).route("GET", path)
    assert route is not None
    assert (route.resource["path"], route.variables) == (resource, variables)


def test_method_any_answers_what_no_other_method_does() -> None:
    both = stage("/a", methods=("ANY", "GET"))
    chosen = [both.route(name, "/a") for name in ("GET", "PUT")]
    assert [route and route.method["httpMethod"] for route in chosen] == ["GET", "ANY"]
    assert stage("/a").route("PUT", "/a") is None
    assert stage("/a").route("GET", "/a/b") is None


def test_dots_of_a_path_are_no_pattern() -> None:
    assert stage("/v1.0").route("GET", "/v1x0") is None


def test_models_are_prepared_once_and_refer_to_each_other() -> None:
    address = "https://apigateway.amazonaws.com/restapis/a/models/Name"
    models = {
        "Name": {"name": "Name", "schema": '{"type": "string"}'},
        "List": {"name": "List", "schema": f'{{"items": {{"$ref": "{address}"}}}}'},
    }
    one = stage(models=models)
    names = one.model("List")
    assert names is not None
    assert (names.accepts(["a"]), names.accepts([1])) == (True, False)
    assert one.model("List") is names
    assert one.model("Deleted") is None


def test_template_is_parsed_once() -> None:
    one = stage()
    assert one.template("$a") is one.template("$a")


def test_stage_is_read_again_once_it_is_forgotten(account: Aws) -> None:
    place = new_stage(account)
    deployed = account.part(Deployed)
    first = deployed.stage(place["restApiId"], "test")
    assert first is not None
    assert deployed.stage(place["restApiId"], "test") is first
    deployed.forget("another")
    assert deployed.stage(place["restApiId"], "test") is first
    deployed.forget(place["restApiId"])
    assert deployed.stage(place["restApiId"], "test") is not first
    assert deployed.stage(place["restApiId"], "none") is None


def test_key_has_the_plan_of_its_stage_alone(account: Aws) -> None:
    place, deployed = new_mock(account), account.part(Deployed)
    api = place["restApiId"]
    for name in ("test", "live"):
        new_stage(account, place, name)
    key = keys_api.create_api_key(account, {"name": "k", "enabled": True})
    stages = [{"apiId": api, "stage": "test"}]
    plan = usage_plans_api.create_usage_plan(account, {"name": "p", "apiStages": stages})
    member = {"usagePlanId": plan["id"], "keyId": key["id"], "keyType": "API_KEY"}
    usage_plans_api.create_usage_plan_key(account, member)
    test, live = (deployed.stage(api, name) for name in ("test", "live"))
    assert test is not None
    assert live is not None
    chosen = deployed.plan(key["id"], test)
    assert chosen is not None
    assert chosen["id"] == plan["id"]
    assert deployed.plan(key["id"], live) is None


def test_disabled_key_is_no_key(account: Aws) -> None:
    deployed = account.part(Deployed)
    key = keys_api.create_api_key(account, {"name": "k", "enabled": True})
    assert (deployed.key(key["value"]) or {})["id"] == key["id"]
    change = [replace("/enabled", "false")]
    keys_api.update_api_key(account, {"apiKey": key["id"], "patchOperations": change})
    assert deployed.key(key["value"]) is None
    assert deployed.key("unknown") is None
