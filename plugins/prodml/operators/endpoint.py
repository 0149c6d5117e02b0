"""What operators of one endpoint share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.hooks.endpoints import Endpoint
from prodml.operators.base import AwsOperator


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
