"""Send a test request to an endpoint."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.endpoints.endpoint import Endpoint
from prodml.endpoints.smoke import aim, send
from prodml.exceptions import DeploymentError
from prodml.links.job import SageMakerLink
from prodml.operators.base import AwsOperator
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

SHOWN = 200  # characters of a response to keep


class SmokeTestOperator(AwsOperator):
    """
    Send one request to an endpoint; fail on an error or a response out of bounds.

    Returns ``{"endpoint", "variant", "milliseconds", "answer"}``.

    :param endpoint: The endpoint.
    :param payload: The body to send.
    :param content_type: The MIME type of the body.
    :param accept: The MIME type of the response.
    :param component: The inference component to ask.
    :param lower: The minimum for each number of a CSV response.
    :param upper: The maximum for each number of a CSV response.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "payload",
        "content_type",
        "accept",
        "component",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        payload: str,
        content_type: str = "text/csv",
        accept: str = "text/csv",
        component: str | None = None,
        lower: float | None = None,
        upper: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.payload = payload
        self.content_type = content_type
        self.accept = accept
        self.component = component
        self.lower = lower
        self.upper = upper

    def execute(self, context: Context) -> Json:
        self.link_to(context, ENDPOINT, self.endpoint)
        began = time.monotonic()
        request = (self.endpoint, self.payload, self.content_type)
        response = send(self.aws, *request, Accept=self.accept, **aim(component=self.component))
        answer = response["Body"].read().decode(errors="replace").strip()
        self._judge(answer)
        return {
            "endpoint": self.endpoint,
            "variant": response.get("InvokedProductionVariant"),
            "milliseconds": round((time.monotonic() - began) * 1000),
            "answer": answer[:SHOWN],
        }

    def _judge(self, answer: str) -> None:
        if not answer:
            where = Endpoint(self.aws, self.endpoint).advice()
            raise DeploymentError(f"Endpoint {self.endpoint} returned an empty response. {where}")
        if self.lower is None and self.upper is None:
            return
        lower = float("-inf") if self.lower is None else self.lower
        upper = float("inf") if self.upper is None else self.upper
        for cell in answer.replace("\n", ",").split(","):
            if fault := _fault(cell, lower, upper):
                raise DeploymentError(
                    f"Endpoint {self.endpoint} returned {fault}. "
                    "Check that the payload matches the model's input."
                )


def _fault(cell: str, lower: float, upper: float) -> str | None:
    """Return what is wrong with one cell of a response, or None if it is within bounds."""
    try:
        number = float(cell)
    except ValueError:
        return f"{cell!r}, which is not a number"
    if lower <= number <= upper:
        return None
    return f"{number}, which is not between {lower} and {upper}"
