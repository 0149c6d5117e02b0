"""Share what all operators of one endpoint need."""

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
    Base of the operators for one endpoint.

    :param endpoint: The endpoint.
    :param poll_interval: Seconds between two polls while it changes.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "endpoint")

    def __init__(self, *, endpoint: str, poll_interval: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.poll_interval = poll_interval

    @property
    def target(self) -> Endpoint:
        return Endpoint(self.aws, self.endpoint, self.poll_interval)

    def refuse_foreign(self, endpoint: Json | None) -> None:
        """Raise if the endpoint belongs to another Airflow of the account."""
        if not endpoint:
            return
        owner = identity_of(tags_of(self.sagemaker, endpoint["EndpointArn"]))
        if owner and owner.deployment != self.deployment:
            raise RequestRefusedError(
                f"Endpoint {self.endpoint} belongs to the deployment {owner.deployment!r}; this is "
                f"{self.deployment!r}. Run the task there, choose another endpoint, or change "
                "the endpoint's tag prodml:deployment to take it over."
            )
