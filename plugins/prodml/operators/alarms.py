"""Create CloudWatch alarms on an endpoint's errors and latency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.alarms import alarm_name
from prodml.aws.retries import with_retries
from prodml.operators.base import AwsOperator
from prodml.rendered import given, number
from prodml.results import Alarms
from prodml.vocabulary import DEFAULT_VARIANT, ENDPOINT_METRICS, dimensions

if TYPE_CHECKING:
    from airflow.sdk import Context


class EndpointAlarmsOperator(AwsOperator):
    """
    Create or update alarms on the errors and the latency of a variant, or of a component.

    They fire when, within a minute, the share of responses with status 5xx reaches
    *max_error_percent*, or the model's mean latency reaches *max_latency_ms*. A minute without
    requests raises no alarm. Both fleets of an update count: a 10 % canary that always fails makes
    10 % of all responses. The endpoint need not exist yet; deleting it by
    :class:`~prodml.operators.deletion.DeleteEndpointOperator` deletes its alarms.

    Returns ``{"alarms": their names}``.

    :param endpoint: The endpoint.
    :param variant: Its variant.
    :param component: Its inference component, whose alarms are created in place of a variant's.
    :param max_error_percent: Percent of responses with status 5xx.
    :param max_latency_ms: Milliseconds; no latency alarm if left out.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "variant",
        "component",
        "max_error_percent",
        "max_latency_ms",
    )

    def __init__(
        self,
        *,
        endpoint: str,
        variant: str = DEFAULT_VARIANT,
        component: str | None = None,
        max_error_percent: float | str = 1.0,
        max_latency_ms: float | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.variant = variant
        self.component = component
        self.max_error_percent = max_error_percent
        self.max_latency_ms = max_latency_ms

    def execute(self, context: Context) -> Alarms:
        wanted = {"errors": ("Invocation5XXErrors", float(self.max_error_percent) / 100)}
        if (limit := number(self.max_latency_ms)) is not None:
            wanted["latency"] = ("ModelLatency", 1000 * limit)
        return {"alarms": [self._put(what, *rule) for what, rule in wanted.items()]}

    def _put(self, what: str, metric: str, threshold: float) -> str:
        component = given(self.component)
        name = alarm_name(self.endpoint, component or self.variant, what)
        place = {"EndpointName": self.endpoint, "VariantName": self.variant}
        if component:
            place = {"InferenceComponentName": component}
        with_retries(
            self.aws.client("cloudwatch").put_metric_alarm,
            AlarmName=name,
            Namespace=ENDPOINT_METRICS,
            MetricName=metric,
            Dimensions=dimensions(place),
            Statistic="Average",
            Period=60,
            EvaluationPeriods=1,
            Threshold=threshold,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
        )
        return name
