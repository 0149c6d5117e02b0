"""Send a record that a person has typed to an endpoint, and return the answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.errors import code_of
from prodml.aws.retries import patience
from prodml.endpoints.smoke import aim, send
from prodml.links.job import SageMakerLink
from prodml.operators.base import AwsOperator
from prodml.results import Answer
from prodml.vocabulary import ENDPOINT

if TYPE_CHECKING:
    from airflow.sdk import Context

SHOWN = 4000  # characters of an answer to keep
PATIENCE = 20.0  # seconds to retry: a person waits
OK = 200


class AskEndpointOperator(AwsOperator):
    """
    Send one record to an endpoint, and return its answer, or why the model refused it.

    The request's inference id begins with ``prodml-test-``: drift checks leave it out of the data
    capture. A refusal by the model is an answer as well, with its status.

    Returns ``{"endpoint", "variant", "milliseconds", "status", "answer"}``; the time is that of the
    request from this worker, with the connection. *variant* is None for a refusal, of which
    SageMaker does not say it.

    :param endpoint: The endpoint.
    :param payload: The body to send.
    :param content_type: The MIME type of the body.
    :param accept: The MIME type of the answer.
    :param variant: The variant to ask; left out, SageMaker chooses one by the weights.
    :param component: The inference component to ask.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "payload",
        "content_type",
        "accept",
        "variant",
        "component",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        payload: str,
        content_type: str = "application/json",
        accept: str = "application/json",
        variant: str | None = None,
        component: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.payload = payload
        self.content_type = content_type
        self.accept = accept
        self.variant = variant
        self.component = component

    def execute(self, context: Context) -> Answer:
        from botocore.exceptions import ClientError

        self.link_to(context, ENDPOINT, self.endpoint)
        chosen = aim(self.variant, component=self.component)
        began = time.monotonic()
        status, variant = OK, None
        try:
            with patience(PATIENCE):
                response = send(
                    *(self.aws, self.endpoint, self.payload, self.content_type),
                    purpose="ask",
                    Accept=self.accept,
                    **chosen,
                )
            answer = response["Body"].read().decode(errors="replace")
            variant = response.get("InvokedProductionVariant")
        except ClientError as error:
            if code_of(error) != "ModelError":
                raise
            refusal: dict[str, Any] = dict(error.response)
            status = int(refusal.get("OriginalStatusCode", 500))
            answer = str(refusal.get("OriginalMessage") or error)
        return {
            "endpoint": self.endpoint,
            "variant": variant,
            "milliseconds": round(1000 * (time.monotonic() - began), 1),
            "status": status,
            "answer": answer.strip()[:SHOWN],
        }
