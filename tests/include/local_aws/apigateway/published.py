"""REST APIs of tests: built by boto3, called over HTTP without a client library."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from include.local_aws.testing import Server

ROLE = "arn:aws:iam::000000000000:role/prodml"
MOCKED = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def invocations(endpoint: str) -> dict[str, str]:
    """Return the members of an integration with *endpoint*."""
    uri = f"arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/{endpoint}/invocations"
    return {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri, "credentials": ROLE}


def answer(text: str) -> dict[str, Any]:
    """Return the members of an integration response whose template is *text*."""
    return {"responseTemplates": {"application/json": text}}


@dataclass
class Reply:
    """A response of a deployed API."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def message(self) -> str:
        return str(json.loads(self.body)["message"])


@dataclass
class Api:
    """One REST API with the stage `test`."""

    server: Server
    name: str = "api"
    client: Any = field(init=False)
    id: str = field(init=False)
    root: str = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.server.client("apigateway")
        api = self.client.create_rest_api(name=self.name)
        self.id, self.root = api["id"], api["rootResourceId"]

    def resource(self, *parts: str) -> str:
        """Create the resources of a path; return the last one's id."""
        parent = self.root
        for part in parts:
            created = self.client.create_resource(restApiId=self.id, parentId=parent, pathPart=part)
            parent = created["id"]
        return parent

    def method(
        self,
        resource: str,
        integration: dict[str, Any],
        http_method: str = "POST",
        response: dict[str, Any] | None = None,
        **members: Any,
    ) -> dict[str, Any]:
        """Create a method with its integration and the response 200; return its place."""
        place = {"restApiId": self.id, "resourceId": resource, "httpMethod": http_method}
        self.client.put_method(**place, authorizationType="NONE", **members)
        self.client.put_integration(**place, **integration)
        response = response or {}
        declared = dict.fromkeys(response.get("responseParameters", {}), True)
        self.client.put_method_response(**place, statusCode="200", responseParameters=declared)
        self.client.put_integration_response(**place, statusCode="200", **response)
        return place

    def deploy(self, stage: str = "test", **members: Any) -> str:
        deployed = self.client.create_deployment(restApiId=self.id, stageName=stage, **members)
        return str(deployed["id"])

    def set_stage(self, *changes: tuple[str, str]) -> None:
        operations = [{"op": "replace", "path": path, "value": value} for path, value in changes]
        self.client.update_stage(restApiId=self.id, stageName="test", patchOperations=operations)

    def key(self, **plan: Any) -> tuple[str, str]:
        """Create an API key in a usage plan of the stage; return its id and value."""
        key = self.client.create_api_key(name=self.name, enabled=True)
        stages = [{"apiId": self.id, "stage": "test"}]
        made = self.client.create_usage_plan(name=self.name, apiStages=stages, **plan)
        self.client.create_usage_plan_key(
            usagePlanId=made["id"], keyId=key["id"], keyType="API_KEY"
        )
        return key["id"], key["value"]

    def call(self, path: str, body: str | None = None, method: str = "", **headers: str) -> Reply:
        """Send a request to the stage; underscores in the names of headers are hyphens."""
        connection = http.client.HTTPConnection(str(urlsplit(self.server.url).netloc), timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        place = path if "host" in sent else f"/_aws/execute-api/{self.id}/test{path}"
        connection.request(method or ("GET" if body is None else "POST"), place, body, sent)
        response = connection.getresponse()
        reply = Reply(response.status, dict(response.headers.items()), response.read().decode())
        connection.close()
        return reply
