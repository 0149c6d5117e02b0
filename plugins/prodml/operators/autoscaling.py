"""Let the number of instances follow the traffic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.autoscaling import registrations as registered
from prodml.autoscaling import suspended
from prodml.autoscaling.policies import PREFIX, Policy, Scaling, StepScaling, TargetTracking
from prodml.autoscaling.registrations import scaled_variant
from prodml.aws.alarms import alarm_name
from prodml.aws.retries import delete, pages, with_retries
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import InvalidInputError
from prodml.links.job import SageMakerLink
from prodml.operators.base import AwsOperator
from prodml.rendered import given
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class AutoscalingOperator(AwsOperator):
    """
    Register a variant with its policies and schedules; doing it again with others changes them.

    What an earlier run has put there and this one does not name is removed, unless *prune* is off.
    What others have made stays: ours is known by the names' prefix ``prodml-``. What is not given
    stays as it is registered: nobody loses instances by leaving a field empty.

    Returns ``{"resource_id", "min", "max", "policies": {name: its alarms}, "schedules": names}``.

    :param endpoint: The endpoint, in service.
    :param variant: Its production variant.
    :param min_capacity: The fewest instances; None keeps what is registered.
    :param max_capacity: The most instances; None keeps what is registered.
    :param scaling: Policies and schedules; None keeps those that there are, and the first time is
        target tracking of 1,000 invocations.
    :param first: The bounds, as far as none are given, of a variant that is not registered yet.
    :param prune: Remove our policies and schedules that *scaling* does not name.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "variant",
        "min_capacity",
        "max_capacity",
        "scaling",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        variant: str = "AllTraffic",
        min_capacity: int | str | None = None,
        max_capacity: int | str | None = None,
        scaling: Scaling | None = None,
        first: tuple[int, int] = (1, 2),
        prune: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.variant = variant
        self.min_capacity = min_capacity
        self.max_capacity = max_capacity
        self.scaling = scaling
        self.first = first
        self.prune = prune

    @property
    def client(self) -> Any:
        return self.aws.client("application-autoscaling")

    @property
    def cloudwatch(self) -> Any:
        return self.aws.client("cloudwatch")

    @property
    def place(self) -> dict[str, str]:
        return scaled_variant(self.endpoint, self.variant)

    def execute(self, context: Context) -> Json:
        # What an update took off goes on first: put back later, it would replace what is put now.
        Endpoint(self.aws, self.endpoint).restore()
        least, most = self._bounds()
        bounds = {"MinCapacity": least, "MaxCapacity": most}
        registered.register(self.aws, self.place, bounds)
        present = {p["PolicyName"]: p for p in registered.policies(self.aws, self.place)}
        kept = Scaling(policies=()) if present else Scaling()
        wanted = self.scaling or kept
        policies = {p.name: self._put(p, present.get(p.name)) for p in wanted.policies}
        schedules = [self._schedule(s.request()) for s in wanted.schedules]
        if self.prune and self.scaling:
            self._remove_others({*policies, *schedules})
        self.link_to(context, ENDPOINT, self.endpoint)
        self.log.info("%s has %d to %d instances by %s", self.endpoint, least, most, policies)
        return {
            "resource_id": self.place["ResourceId"],
            "min": least,
            "max": most,
            "policies": policies,
            "schedules": schedules,
        }

    def _bounds(self) -> tuple[int, int]:
        """As given, else as registered, else the first ones."""
        target = next(iter(registered.targets(self.aws, self.endpoint, [self.variant])), None)
        least, most = given(self.min_capacity), given(self.max_capacity)
        if target:
            least, most = given(least, target["MinCapacity"]), given(most, target["MaxCapacity"])
        elif least is None:
            least = self.first[0] if most is None else min(self.first[0], int(most))
        least = int(least)
        most = int(given(most, max(self.first[1], least)))
        if least > most:
            raise InvalidInputError(
                f"min_capacity {least} is above max_capacity {most}. Give both, in order."
            )
        return least, most

    def _put(self, policy: Policy, present: Json | None) -> list[str]:
        """Make the policy; the names of the alarms that set it off."""
        stated = (self.endpoint, self.variant)
        if isinstance(policy, TargetTracking):
            members = policy.request(*stated, present)
        else:
            members = policy.request(*stated)
        put = self.client.put_scaling_policy
        made = with_retries(put, **self.place, PolicyName=policy.name, **members)
        if not isinstance(policy, StepScaling):
            return [alarm["AlarmName"] for alarm in made.get("Alarms", [])]
        name = self._alarm_of(policy.name)
        request = policy.alarm(self.endpoint, self.variant)
        actions = [made["PolicyARN"]]
        with_retries(
            self.cloudwatch.put_metric_alarm, AlarmName=name, AlarmActions=actions, **request
        )
        return [name]

    def _alarm_of(self, policy: str) -> str:
        return alarm_name(self.endpoint, self.variant, policy)

    def _schedule(self, request: Json) -> str:
        with_retries(self.client.put_scheduled_action, **self.place, **request)
        return str(request["ScheduledActionName"])

    def _remove_others(self, named: set[str]) -> None:
        for policy in registered.policies(self.aws, self.place):
            name = policy["PolicyName"]
            if name.startswith(PREFIX) and name not in named:
                delete(self.client.delete_scaling_policy, **self.place, PolicyName=name)
                with_retries(self.cloudwatch.delete_alarms, AlarmNames=[self._alarm_of(name)])
        for action in registered.actions(self.aws, self.place):
            name = action["ScheduledActionName"]
            if name.startswith(PREFIX) and name not in named:
                delete(self.client.delete_scheduled_action, **self.place, ScheduledActionName=name)


class RestoreScalingOperator(AwsOperator):
    """
    Put back the scaling of endpoints whose update had to take it off, and then lost its task.

    An update that removes a variant, or gives it another instance type, must deregister it first.
    What is off is noted on the endpoint; the task puts it back, or its next try. Where there is
    none, because a worker died for good or a deferred task was marked failed, this sweep does.

    Returns ``{"restored": [endpoint names]}``.

    :param grace: Seconds for which a task may leave scaling off without having begun the update.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "grace")

    def __init__(self, *, grace: float | str = 600.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grace = grace

    def execute(self, context: Context) -> Json:
        restored = [endpoint["EndpointName"] for endpoint in self._left_off()]
        for name in restored:
            Endpoint(self.aws, name).restore()
        self.log.info("Endpoints whose scaling is on again: %s", restored or "none")
        return {"restored": restored}

    def _left_off(self) -> Iterator[Json]:
        oldest = datetime.now(UTC) - timedelta(seconds=float(self.grace))
        listed = pages(self.sagemaker.list_endpoints, StatusEquals="InService", MaxResults=100)
        for endpoint in (endpoint for page in listed for endpoint in page["Endpoints"]):
            note = suspended.read(self.aws, endpoint)
            if note and note.since <= oldest:
                yield endpoint
