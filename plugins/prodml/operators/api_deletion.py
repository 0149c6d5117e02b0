"""Delete the REST API in front of an endpoint; the endpoint stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prodml.apis import deletion
from prodml.exceptions import LeftoverError
from prodml.operators.endpoint import EndpointOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class DeleteApiOperator(EndpointOperator):
    """
    Delete the REST API of an endpoint with its usage plan and API key, then check the result.

    The access log stays until its retention ends. Deleting an API that does not exist succeeds.
    :class:`~prodml.operators.deletion.DeleteEndpointOperator` does the same with the endpoint.

    Returns ``{"endpoint", "deleted": {"apis", "usage_plans", "api_keys"}}``.

    :param endpoint: The endpoint.
    """

    def execute(self, context: Context) -> Json:
        self.refuse_foreign(self.target.describe())
        gateway = self.aws.client("apigateway")
        known = deletion.belongings(gateway, self.endpoint)
        deletion.delete_all(gateway, known)
        now = deletion.belongings(gateway, self.endpoint)
        left = {what: ids for what, ids in now.items() if ids}
        if left:
            raise LeftoverError(
                f"The API of endpoint {self.endpoint!r} was deleted, but {left} is left. Clear the "
                "task to delete the rest; if it comes back, another task publishes it."
            )
        return {"endpoint": self.endpoint, "deleted": known}
