"""Build the resource of an API anew; the stage answers with its last deployment meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prodml.apis.names import RESOURCE, every
from prodml.apis.specification import (
    ALLOW_ORIGIN,
    ANSWERS,
    JSON_TYPE,
    ApiSpecification,
    mapped,
)
from prodml.aws.retries import delete, with_retries
from prodml.vocabulary import Json

MODEL, VALIDATOR = "PredictionRequest", "prodml"
FAMILIES = ("DEFAULT_4XX", "DEFAULT_5XX")
MOCK = {"type": "MOCK", "requestTemplates": {JSON_TYPE: '{"statusCode": 200}'}}


@dataclass(frozen=True)
class Builder:
    """
    Builds the methods of one API.

    :param client: A client of API Gateway.
    :param api: The id of the API.
    """

    client: Any
    api: str
    specification: ApiSpecification
    partition: str

    def build(self, root: str) -> None:
        """Replace the resource with what the specification states."""
        self._clear()
        self._share()
        members: Json = {"apiKeyRequired": True}
        if schema := self.specification.schema_text:
            self._call("create_model", name=MODEL, contentType=JSON_TYPE, schema=schema)
            validator = self._call(
                "create_request_validator", name=VALIDATOR, validateRequestBody=True
            )
            members["requestValidatorId"] = validator["id"]
            members["requestModels"] = {JSON_TYPE: MODEL}
        resource = self._call("create_resource", parentId=root, pathPart=RESOURCE)["id"]
        self._add_predictions(resource, members)
        if self.specification.allow_origin:
            self._add_preflight(resource)

    def _clear(self) -> None:
        for resource in every(self.client.get_resources, restApiId=self.api):
            if resource.get("pathPart") == RESOURCE:
                self._delete("delete_resource", resourceId=resource["id"])
        for validator in every(self.client.get_request_validators, restApiId=self.api):
            if validator.get("name") == VALIDATOR:
                self._delete("delete_request_validator", requestValidatorId=validator["id"])
        self._delete("delete_model", modelName=MODEL)

    def _share(self) -> None:
        """Have API Gateway's own errors readable for pages that may read the answers."""
        origin = self.specification.headers.get(ALLOW_ORIGIN)
        for family in FAMILIES:
            if origin:
                parameters = {f"gatewayresponse.header.{ALLOW_ORIGIN}": origin}
                self._call(
                    "put_gateway_response", responseType=family, responseParameters=parameters
                )
            else:
                self._delete("delete_gateway_response", responseType=family)

    def _add_predictions(self, resource: str, members: Json) -> None:
        place = {"resourceId": resource, "httpMethod": "POST"}
        self._call("put_method", **place, authorizationType="NONE", **members)
        region = self.client.meta.region_name
        integration = self.specification.integration(self.partition, region)
        self._call("put_integration", **place, **integration)
        for status, pattern, template in ANSWERS:
            response: Json = {"selectionPattern": pattern} if pattern else {}
            if template:
                response["responseTemplates"] = {JSON_TYPE: template}
            self._answer(place, status, self.specification.headers, response)

    def _add_preflight(self, resource: str) -> None:
        place = {"resourceId": resource, "httpMethod": "OPTIONS"}
        self._call("put_method", **place, authorizationType="NONE")
        self._call("put_integration", **place, **MOCK)
        self._answer(place, "200", self.specification.preflight_headers, {})

    def _answer(self, place: Json, status: str, headers: dict[str, str], response: Json) -> None:
        parameters = mapped(headers)
        declared = dict.fromkeys(parameters, True)
        self._call("put_method_response", **place, statusCode=status, responseParameters=declared)
        self._call(
            "put_integration_response",
            **place,
            statusCode=status,
            responseParameters=parameters,
            **response,
        )

    def _call(self, method: str, **members: Any) -> Json:
        answer: Json = with_retries(getattr(self.client, method), restApiId=self.api, **members)
        return answer

    def _delete(self, method: str, **members: Any) -> None:
        delete(getattr(self.client, method), restApiId=self.api, **members)
