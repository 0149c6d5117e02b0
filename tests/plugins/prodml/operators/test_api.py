"""An endpoint's REST API: published once, called with its key, changed, and deleted."""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.request
from typing import Any

import pytest
from prodml.apis.names import api_name
from prodml.exceptions import InvalidInputError
from prodml.operators.api_deletion import DeleteApiOperator

from include.local_aws.testing import Server
from tests.include.local_aws.models import BROKEN, Platform, variant
from tests.plugins.prodml.operators.published import post, publish
from tests.plugins.runs import Ti, run

NAMING = """
import os

def model_fn(model_dir):
    return open(os.path.join(model_dir, "name")).read()

def transform_fn(model, data, content_type, accept):
    return f'"{model}"', "application/json"
"""


@pytest.fixture(scope="module")
def served(platform: Platform) -> str:
    return platform.serving(variant(platform.model()))


@pytest.fixture
def gateway(server: Server) -> Any:
    return server.client("apigateway")


def test_an_api_answers_with_its_key_and_is_published_once(
    served: str, gateway: Any, ti: Ti, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first = publish(served, ti, allow_origin="https://app.example")
    assert (first["changed"], first["stage"]) == (True, "airflow")
    value = gateway.get_api_key(apiKey=first["api_key_id"], includeValue=True)["value"]
    assert value not in caplog.text + json.dumps(first) + json.dumps(ti.pushed)
    record = '{"age": 7}'
    assert post(first["url"], record, x_api_key=value) == (200, record)
    assert post(first["url"], record)[0] == 403
    refused = post(first["url"], '{"age": "x"}', x_api_key=value)
    assert refused == (400, '{"message":"Invalid request body"}')
    with urllib.request.urlopen(
        urllib.request.Request(
            first["url"], method="OPTIONS", headers={"origin": "https://app.example"}
        )
    ) as response:
        assert response.headers["access-control-allow-origin"] == "https://app.example"

    again = publish(served, Ti("another run"), allow_origin="https://app.example")
    assert again == first | {"changed": False}
    changed = publish(served, ti, rate=0.001, burst=1)
    assert changed["changed"]
    assert changed["deployment_id"] != first["deployment_id"]
    assert (changed["url"], changed["api_key_id"]) == (first["url"], first["api_key_id"])
    replies = [post(first["url"], record, x_api_key=value)[0] for _ in range(2)]
    assert replies == [200, 429]
    assert len(gateway.get_deployments(restApiId=first["api_id"])["items"]) == 1


def test_a_model_that_refuses_a_record_is_quoted(
    platform: Platform, served: str, gateway: Any, server: Server, ti: Ti
) -> None:
    published = publish(served, ti, quota=100, period="MONTH")
    value = gateway.get_api_key(apiKey=published["api_key_id"], includeValue=True)["value"]
    client = server.client("apigateway")
    place = {"restApiId": published["api_id"]}
    resource = next(
        item["id"] for item in client.get_resources(**place)["items"] if "pathPart" in item
    )
    method = {"resourceId": resource, "httpMethod": "POST"}
    template = {"op": "replace", "path": "/requestTemplates/application~1json", "value": "fail now"}
    client.update_integration(**place, **method, patchOperations=[template])
    client.create_deployment(**place, stageName="airflow")
    status, body = post(published["url"], '{"age": 7}', x_api_key=value)
    assert status == 502
    assert "now" in json.loads(body)["message"]
    lines = server.client("logs").filter_log_events(logGroupName=f"/prodml/apis/{served}/airflow")
    logged = [json.loads(event["message"]) for event in lines["events"]]
    assert logged[-1]["status"] == "502"
    assert logged[-1]["key"] == published["api_key_id"]
    assert publish(served, ti)["changed"]  # what others deployed is replaced


def test_an_interrupted_task_continues_and_a_twin_is_deleted(
    served: str, gateway: Any, ti: Ti
) -> None:
    publish(served, ti)
    run(DeleteApiOperator(task_id="delete", endpoint=served), ti)
    tags = {"prodml:endpoint": served}
    begun = gateway.create_rest_api(name=api_name(served), tags=tags)
    published = publish(served, ti)
    assert (published["api_id"], published["changed"]) == (begun["id"], True)


class Callers:
    """Callers of an API for the length of a with block, and all that they are answered."""

    def __init__(self, url: str, key: str, callers: int = 2) -> None:
        self.replies: list[tuple[int, str]] = []
        self._url, self._key = url, key
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._call, daemon=True) for _ in range(callers)]

    def _call(self) -> None:
        while not self._ended.wait(0.1):
            self.replies.append(post(self._url, '{"age": 7}', x_api_key=self._key))

    def until(self, reply: tuple[int, str]) -> None:
        deadline, first = time.monotonic() + 60, len(self.replies)
        while reply not in self.replies[first:]:
            assert time.monotonic() < deadline, self.replies[-1:]
            self._ended.wait(0.02)

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


def test_requests_are_answered_while_the_endpoint_is_updated_and_rolled_back(
    platform: Platform, gateway: Any, ti: Ti
) -> None:
    endpoint = platform.serving(variant(platform.model(NAMING, "first")))
    first = publish(endpoint, ti)
    key = gateway.get_api_key(apiKey=first["api_key_id"], includeValue=True)["value"]
    with Callers(first["url"], key) as callers:
        callers.until((200, '"first"'))
        for code, name in ((NAMING, "second"), (BROKEN, "third")):
            config = platform.config(variant(platform.model(code, name)))
            platform.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
            described = platform.settled(endpoint)
            callers.until((200, '"second"'))
    assert described["EndpointConfigName"] != config  # of the broken model: it was taken back
    assert set(callers.replies) == {(200, '"first"'), (200, '"second"')}
    assert publish(endpoint, ti) == first | {"changed": False}


def test_an_endpoint_that_does_not_exist_gets_no_api(ti: Ti) -> None:
    with pytest.raises(InvalidInputError, match="Deploy it first"):
        publish("no-such-endpoint", ti)
