"""Measure how many requests an instance sustains, and propose a target for autoscaling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import with_retries
from prodml.aws.s3 import join, put_text
from prodml.endpoints.endpoint import Endpoint
from prodml.endpoints.load_generator import Step, run_step
from prodml.endpoints.smoke import aim
from prodml.endpoints.variants import instances
from prodml.exceptions import DeploymentError, InvalidInputError
from prodml.links.report import LoadTestLink, publish
from prodml.operators.base import AwsOperator
from prodml.rendered import given
from prodml.reports.load import as_csv, page
from prodml.vocabulary import TEST_TRAFFIC, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

WORKERS = 64  # concurrent requests; more would measure this worker, not the endpoint


class LoadTestOperator(AwsOperator):
    """
    Send real requests at rising rates until the endpoint does not sustain one.

    A rate is sustained if the p99 latency, measured from when each request was due, and the error
    rate stay within their limits, and 95 % of the rate is answered. The proposed target is *share*
    of the highest sustained rate, per instance and minute. Other callers of the endpoint notice the
    load: test a staging endpoint, or at a quiet hour. One worker limits the rate that can be sent.

    A multi-model endpoint is tested by one of its models, an endpoint of inference components by
    one component, whose copies are then counted. A serverless endpoint has no instances: its
    target is that of all its requests.

    Returns ``{"endpoint", "sustained_per_second", "instances", "proposed_target", "limit",
    "steps", "csv", "page"}``; *proposed_target* is invocations per instance and minute.

    :param endpoint: The endpoint, in service.
    :param payload: The body of each request.
    :param variant: The variant to ask; by default SageMaker chooses by the weights.
    :param target_model: The model of a multi-model endpoint, as its archive below the prefix.
    :param component: The inference component.
    :param output_uri: The S3 prefix of ``load_test.csv`` and ``load_test.html``.
    :param content_type: The payload's MIME type.
    :param rates: Requests per second, one rate after another; text is separated by spaces.
    :param step_seconds: Seconds at each rate.
    :param max_p99_ms: Milliseconds that 99 % of the requests may take.
    :param max_error_percent: Percent of the requests that may fail.
    :param share: The fraction of the sustained rate to propose.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "payload",
        "output_uri",
        "rates",
        "step_seconds",
        "max_p99_ms",
        "max_error_percent",
        "share",
        *("variant", "target_model", "component"),
    )
    operator_extra_links = (LoadTestLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        payload: str,
        output_uri: str,
        content_type: str = "text/csv",
        rates: Sequence[float] | str = (5, 10, 20, 40, 80, 160),
        step_seconds: float | str = 30.0,
        max_p99_ms: float | str = 200.0,
        max_error_percent: float | str = 0.0,
        share: float | str = 0.7,
        variant: str | None = None,
        target_model: str | None = None,
        component: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.payload = payload
        self.output_uri = output_uri
        self.content_type = content_type
        self.rates = rates
        self.step_seconds = step_seconds
        self.max_p99_ms = max_p99_ms
        self.max_error_percent = max_error_percent
        self.share = share
        self.variant = variant
        self.target_model = target_model
        self.component = component

    def execute(self, context: Context) -> Json:
        steps, limit = self._ramp()
        best = steps[-1] if limit is None else (steps[-2] if len(steps) > 1 else None)
        reason = f"{limit} at {steps[-1].rate:g} per second" if limit else "no rate was too high"
        if best is None:
            raise DeploymentError(
                f"Endpoint {self.endpoint} does not sustain the lowest rate: {reason}. Start with "
                "a lower rate, or raise max_p99_ms or max_error_percent."
            )
        target = round(60 * best.rate / best.instances * float(self.share))
        summary = (
            f"{best.instances} {self._nouns} sustain {best.rate:g} requests per second; "
            f"{reason}. Proposed target: {target} invocations per {self._noun} and minute."
        )
        self.log.info("%s", summary)
        return {
            "endpoint": self.endpoint,
            "sustained_per_second": best.rate,
            "instances": best.instances,
            "proposed_target": target,
            "limit": reason,
            "steps": [vars(step) for step in steps],
            **self._write(context, summary, steps),
        }

    @property
    def _noun(self) -> str:
        return "copy" if given(self.component) else "instance"

    @property
    def _nouns(self) -> str:
        return "copies" if given(self.component) else "instances"

    def _ramp(self) -> tuple[list[Step], str | None]:
        """Run one step per rate; return the steps, and why the last one failed, if it did."""
        given = self.rates.split() if isinstance(self.rates, str) else self.rates
        rates = sorted(float(rate) for rate in given)
        if not rates or rates[0] <= 0:
            raise InvalidInputError(
                f"Invalid rates {self.rates!r}. Give at least one, each above 0."
            )
        steps: list[Step] = []
        for rate in rates:
            steps.append(self._step(rate))
            self.log.info("%s", steps[-1])
            if why := steps[-1].breaks(float(self.max_p99_ms), float(self.max_error_percent)):
                return steps, why
        return steps, None

    def _step(self, rate: float) -> Step:
        endpoint = Endpoint(self.aws, self.endpoint).settle()
        if not endpoint:
            raise DeploymentError(f"Endpoint {self.endpoint} does not exist. Deploy it first.")
        running = max(1, self._units(endpoint))
        named = aim(self.variant, self.target_model, self.component)
        runtime = self.aws.without_retries("sagemaker-runtime", max_pool_connections=WORKERS)

        def call() -> None:
            answer = runtime.invoke_endpoint(
                EndpointName=self.endpoint,
                ContentType=self.content_type,
                Body=self.payload.encode(),
                InferenceId=f"{TEST_TRAFFIC}load",
                **named,
            )
            answer["Body"].read()

        return run_step(call, rate, float(self.step_seconds), WORKERS, running)

    def _units(self, endpoint: Json) -> int:
        """Return what shares the load: instances, or copies of the component."""
        if component := given(self.component):
            describe = self.sagemaker.describe_inference_component
            described = with_retries(describe, InferenceComponentName=component)
            return int(described["RuntimeConfig"]["CurrentCopyCount"])
        counts = instances(endpoint)
        variant = given(self.variant)
        return counts.get(variant, 0) if variant else sum(counts.values())

    def _write(self, context: Context, summary: str, steps: Sequence[Step]) -> Json:
        csv = put_text(self.s3, join(self.output_uri, "load_test.csv"), as_csv(steps))
        html = page(self.endpoint, summary, steps)
        shown = put_text(self.s3, join(self.output_uri, "load_test.html"), html, "text/html")
        publish(context["ti"], shown, self.aws.arguments())
        return {"csv": csv, "page": shown}
