"""What operators of one endpoint share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.aws.tags import tags_of
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import RequestRefusedError
from prodml.naming import identity_of
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json


class EndpointOperator(AwsOperator):
    """
    Base of the operators that are about one endpoint.

    :param endpoint: The endpoint.
    :param poll_interval: Seconds between two looks while it changes.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "endpoint")

    def __init__(self, *, endpoint: str, poll_interval: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.poll_interval = poll_interval

    @property
    def target(self) -> Endpoint:
        return Endpoint(self.aws, self.endpoint, self.poll_interval)

    def refuse_foreign(self, found: Json | None) -> None:
        """Raise where another Airflow of the account keeps the endpoint, as it is described."""
        if not found:
            return
        owner = identity_of(tags_of(self.sagemaker, found["EndpointArn"]))
        if owner and owner.deployment != self.deployment:
            raise RequestRefusedError(
                f"Endpoint {self.endpoint} is kept by the deployment {owner.deployment!r}, and "
                f"this is {self.deployment!r}. Do it from there, name another endpoint, or change "
                "the endpoint's tag prodml:deployment to take it over."
            )
