"""Delete an inference component, and its endpoint once no other component is on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.autoscaling.registrations import deregister_component
from prodml.aws.alarms import owned
from prodml.aws.retries import delete, with_retries
from prodml.endpoints.component_hosts import components_on, is_for_components, models_of
from prodml.endpoints.hosted import Hosted
from prodml.exceptions import RequestRefusedError
from prodml.operators.deletion import DeleteEndpointOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class DeleteComponentOperator(DeleteEndpointOperator):
    """
    Delete an inference component with its scaling, alarms and models, and verify it.

    The endpoint goes with the last component on it, as
    :class:`~prodml.operators.deletion.DeleteEndpointOperator` deletes it. Model packages stay.
    Deleting a component that does not exist succeeds.

    Returns ``{"endpoint", "component", "deleted"}``; *deleted* has the names by kind, as
    :class:`~prodml.operators.deletion.DeleteEndpointOperator` returns them.

    :param component: The component.
    """

    template_fields: Sequence[str] = (*DeleteEndpointOperator.template_fields, "component")

    def __init__(self, *, component: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.component = component

    def execute(self, context: Context) -> Json:
        self.refuse_foreign(endpoint := self.target.describe())
        deleted = self._delete_component()
        if endpoint and is_for_components(self.sagemaker, endpoint):
            if others := components_on(self.aws, self.endpoint):
                self.log.info("Endpoint %s stays, with: %s", self.endpoint, others)
            else:
                deleted = {**super().execute(context)["deleted"], **deleted}
        return {"endpoint": self.endpoint, "component": self.component, "deleted": deleted}

    def _delete_component(self) -> dict[str, list[str]]:
        hosted = Hosted(self.aws, self.component, self.poll_interval)
        if (description := hosted.describe()) and description["EndpointName"] != self.endpoint:
            raise RequestRefusedError(
                f"Inference component {self.component} is on endpoint "
                f"{description['EndpointName']}, not on {self.endpoint}. Name that endpoint."
            )
        deregister_component(self.aws, self.component)
        hosted.delete()
        alarms = owned(self.cloudwatch, self.endpoint, self.component)
        if alarms:
            with_retries(self.cloudwatch.delete_alarms, AlarmNames=alarms)
        models = sorted(models_of(self.aws, self.component))
        for name in models:
            delete(self.sagemaker.delete_model, ModelName=name)
        components = [self.component] if description else []
        return {"components": components, "models": models, "alarms": alarms}
