"""State what an endpoint's API has: its method, validation, answers and limits."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from prodml.exceptions import InvalidInputError
from prodml.naming import request_hash
from prodml.vocabulary import Json

VERSION = 1  # of what the digest does not cover
JSON_TYPE = "application/json"
ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.-]+(:\d{1,5})?")
PERIODS = ("DAY", "WEEK", "MONTH")
ALLOW_ORIGIN = "Access-Control-Allow-Origin"
# The model refuses a record with 4xx and the remedy, which the caller gets; else it failed.
MODEL_ERROR = (
    "#set($status = $input.path('$.OriginalStatusCode'))"
    "#if($status < 400 || $status > 499)#set($context.responseOverride.status = 502)#end"
    "{\"message\": $input.json('$.OriginalMessage')}"
)
UNAVAILABLE = '{"message": "The model is not available."}'
BUSY = '{"message": "Too Many Requests"}'
# The status of the answer, the pattern of the endpoint's status, and the template of the body.
ANSWERS: tuple[tuple[str, str | None, str | None], ...] = (
    ("200", None, None),
    ("400", "424", MODEL_ERROR),
    ("429", "429", BUSY),
    ("502", r"4(?!24|29)\d\d|5\d\d", UNAVAILABLE),
)


@dataclass(frozen=True)
class ApiSpecification:
    """
    The resources, keys and limits of an endpoint's API.

    :param endpoint: The endpoint.
    :param role_arn: The role that API Gateway assumes to invoke it and to write the access log.
    :param schema: The JSON schema (draft 4) of a request's body; None accepts any JSON.
    :param allow_origin: The origin whose pages may call it, ``*`` for all; None for no page.
    :param rate: Requests a second, of the stage and of the key.
    :param burst: Requests at once.
    :param quota: Requests of the key in a period; None for no quota.
    :param period: ``DAY``, ``WEEK`` or ``MONTH``.
    """

    endpoint: str
    role_arn: str
    schema: Json | None = None
    allow_origin: str | None = None
    rate: float = 50.0
    burst: int = 100
    quota: int | None = None
    period: str = "DAY"

    def __post_init__(self) -> None:
        if self.allow_origin is not None and not ORIGIN.fullmatch(self.allow_origin):
            raise InvalidInputError(
                f"allow_origin is {self.allow_origin!r}. Give https://host, or * for all pages."
            )
        if self.rate <= 0 or self.burst < 1:
            raise InvalidInputError(
                f"rate is {self.rate} and burst is {self.burst}. Give more than 0, and 1 or more."
            )
        if self.quota is not None and (self.quota < 1 or self.period not in PERIODS):
            raise InvalidInputError(
                f"quota is {self.quota} in a {self.period}. Give 1 or more, and one of {PERIODS}."
            )

    @property
    def digest(self) -> str:
        """Return the digest of what a deployment contains."""
        limits = {"rate", "burst", "quota", "period"}
        stated = {name: value for name, value in asdict(self).items() if name not in limits}
        return f"prodml {request_hash(stated | {'version': VERSION})[:16]}"

    @property
    def throttle(self) -> Json:
        return {"rateLimit": float(self.rate), "burstLimit": int(self.burst)}

    def integration(self, partition: str, region: str) -> Json:
        """Return the integration with the endpoint; only JSON passes."""
        path = f"path/endpoints/{self.endpoint}/invocations"
        return {
            "type": "AWS",
            "integrationHttpMethod": "POST",
            "uri": f"arn:{partition}:apigateway:{region}:runtime.sagemaker:{path}",
            "credentials": self.role_arn,
            "passthroughBehavior": "NEVER",
            "requestTemplates": {JSON_TYPE: "$input.body"},
            "requestParameters": {
                "integration.request.header.Content-Type": f"'{JSON_TYPE}'",
                "integration.request.header.Accept": f"'{JSON_TYPE}'",
            },
        }

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that let pages of the allowed origin read answers."""
        return {ALLOW_ORIGIN: f"'{self.allow_origin}'"} if self.allow_origin else {}

    @property
    def preflight_headers(self) -> dict[str, str]:
        return self.headers | {
            "Access-Control-Allow-Headers": "'content-type,x-api-key'",
            "Access-Control-Allow-Methods": "'POST,OPTIONS'",
        }

    @property
    def schema_text(self) -> str | None:
        return None if self.schema is None else json.dumps(self.schema, sort_keys=True)


def mapped(headers: dict[str, str]) -> dict[str, Any]:
    """Return headers as the parameters of an integration's response."""
    return {f"method.response.header.{name}": value for name, value in headers.items()}
