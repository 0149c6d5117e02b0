"""Record steps of a trial that are not jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.experiments.components import record_component
from prodml.experiments.trials import associate, ensure_trial
from prodml.naming import job_name, request_hash
from prodml.operators.base import AwsOperator
from prodml.results import Component
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

LIMIT = 120


class CreateTrialOperator(AwsOperator):
    """
    Create a trial of an experiment, unless it exists, and associate components with it.

    Returns ``{"trial", "experiment", "components"}``.

    :param experiment: The experiment; it must exist.
    :param trial: The trial's name.
    :param components: Names of trial components to associate with it.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "experiment",
        "trial",
        "components",
    )

    def __init__(
        self, *, experiment: str, trial: str, components: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.experiment = experiment
        self.trial = trial
        self.components = components

    def execute(self, context: Context) -> Json:
        ensure_trial(self.sagemaker, self.experiment, self.trial)
        associate(self.sagemaker, self.trial, list(self.components))
        return {
            "trial": self.trial,
            "experiment": self.experiment,
            "components": list(self.components),
        }


class LogTrialComponentOperator(AwsOperator):
    """
    Log parameters and input artifacts as one trial component, with `sagemaker-experiments`.

    Returns ``{"trial_component"}``, which several trials can share.

    :param display_name: The component's display name, such as ``Preprocessing``.
    :param parameters: Numbers and text to log.
    :param inputs: S3 addresses of input data sets by name.
    :param component: The component's name; computed from the task and its run if left out.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "display_name",
        "parameters",
        "inputs",
        "component",
    )

    def __init__(
        self,
        *,
        display_name: str,
        parameters: Mapping[str, Any] | None = None,
        inputs: Mapping[str, str] | None = None,
        component: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.display_name = display_name
        self.parameters = parameters
        self.inputs = inputs
        self.component = component

    def execute(self, context: Context) -> Component:
        name = self.component or job_name(
            self.identity(context), request_hash(self.display_name), limit=LIMIT
        )
        record_component(
            self.sagemaker, name, self.display_name, self.parameters or {}, self.inputs
        )
        return {"trial_component": name}
