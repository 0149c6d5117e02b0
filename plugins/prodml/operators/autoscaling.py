"""Scale an endpoint variant by Application Auto Scaling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prodml.autoscaling import registrations as registered
from prodml.autoscaling import suspended
from prodml.autoscaling.policies import PREFIX, Policy, StepScaling, TargetTracking
from prodml.autoscaling.registrations import CONCURRENCY, DIMENSION, scaled_variant
from prodml.autoscaling.scaling import Scaling
from prodml.aws import tagged
from prodml.aws.alarms import alarm_name
from prodml.aws.errors import DENIED, code_of
from prodml.aws.retries import delete, with_retries
from prodml.endpoints.endpoint import Endpoint
from prodml.endpoints.serverless import Serverless
from prodml.endpoints.tagged import tagged_endpoints
from prodml.exceptions import InvalidInputError
from prodml.links.job import SageMakerLink
from prodml.naming import identity_of
from prodml.operators.base import AwsOperator
from prodml.rendered import given
from prodml.vocabulary import DEFAULT_VARIANT, ENDPOINT, EndpointStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class AutoscalingOperator(AwsOperator):
    """
    Register a variant with its scaling policies and schedules, or update them.

    Policies and schedules of an earlier run that this one does not name are removed, unless *prune*
    is off. Those of other tools stay: ProdML recognises its own by the prefix ``prodml-``. An
    argument that is left out keeps the registered value, so an empty field never removes instances.

    Returns ``{"resource_id", "min", "max", "policies": {name: its alarms}, "schedules": names}``.

    :param endpoint: The endpoint, in service.
    :param variant: Its production variant.
    :param min_capacity: The fewest instances; None keeps what is registered.
    :param max_capacity: The most instances; None keeps what is registered.
    :param scaling: Policies and schedules; None keeps the registered ones, or sets target tracking
        of 1,000 invocations for a new variant.
    :param first: The default bounds of a variant that is not registered yet.
    :param serverless: The serverless variant whose provisioned concurrency is scaled, as
        :class:`~prodml.endpoints.serverless.Serverless` states it; the other arguments are then
        not used. Without ``most_provisioned``, earlier scaling is removed.
    :param prune: Remove ProdML's policies and schedules that *scaling* does not name.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "variant",
        "min_capacity",
        "max_capacity",
        "scaling",
        "serverless",
    )
    operator_extra_links = (SageMakerLink(),)

    def __init__(
        self,
        *,
        endpoint: str,
        variant: str = DEFAULT_VARIANT,
        min_capacity: int | str | None = None,
        max_capacity: int | str | None = None,
        scaling: Scaling | None = None,
        first: tuple[int, int] = (1, 2),
        serverless: Serverless | Mapping[str, Any] | None = None,
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
        self.serverless = serverless
        self.prune = prune

    @property
    def client(self) -> Any:
        return self.aws.client("application-autoscaling")

    @property
    def cloudwatch(self) -> Any:
        return self.aws.client("cloudwatch")

    @property
    def place(self) -> dict[str, str]:
        dimension = CONCURRENCY if self.serverless else DIMENSION
        return scaled_variant(self.endpoint, self.variant, dimension)

    @property
    def scaled(self) -> str:
        """Return the variant, which the names of alarms have."""
        return self.variant

    def execute(self, context: Context) -> Json:
        # Restore suspended scaling first: restored later, it would replace the new settings.
        Endpoint(self.aws, self.endpoint).restore()
        self.link_to(context, ENDPOINT, self.endpoint)
        if (chosen := self.chosen()) is None:
            return self._unscaled()
        least, most, scaling = chosen
        bounds = {"MinCapacity": least, "MaxCapacity": most}
        registered.register(self.aws, self.place, bounds)
        present = {p["PolicyName"]: p for p in registered.policies(self.aws, self.place)}
        kept = Scaling(policies=()) if present else Scaling()
        wanted = scaling or kept
        policies = {p.name: self._put(p, present.get(p.name)) for p in wanted.policies}
        schedules = [self._schedule(s.request()) for s in wanted.schedules]
        if self.prune and scaling:
            self._remove_others({*policies, *schedules})
        self.log.info("%s scales from %d to %d by %s", self.endpoint, least, most, policies)
        return {
            "resource_id": self.place["ResourceId"],
            "min": least,
            "max": most,
            "policies": policies,
            "schedules": schedules,
        }

    def chosen(self) -> tuple[int, int, Scaling | None] | None:
        """Return the bounds and the policies; None if nothing is scaled."""
        serverless = Serverless.of(self.serverless)
        if serverless is None:
            return *self._bounds(), self.scaling
        if serverless.most_provisioned is None:
            return None
        least = serverless.provisioned_concurrency or 1
        return least, serverless.most_provisioned, serverless.scaling

    def _unscaled(self) -> Json:
        """Deregister what is no longer scaled."""
        delete(self.client.deregister_scalable_target, **self.place)
        self.log.info("%s is not scaled.", self.place["ResourceId"])
        resource = self.place["ResourceId"]
        return {"resource_id": resource, "min": 0, "max": 0, "policies": {}, "schedules": []}

    def _bounds(self) -> tuple[int, int]:
        """Return the bounds given, else the registered ones, else the defaults."""
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
                f"min_capacity {least} is above max_capacity {most}. Lower it to at most {most}."
            )
        return least, most

    def _put(self, policy: Policy, present: Json | None) -> list[str]:
        """Create or update the policy; return the names of its alarms."""
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
        return alarm_name(self.endpoint, self.scaled, policy)

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
    Restore the scaling of endpoints whose update suspended it and then lost its task.

    An update that removes a variant, or changes its instance type, must deregister it first. Tags
    on the endpoint record what was deregistered, and the task or its next try restores it. If
    neither runs, because a worker died or a deferred task was marked failed, this operator does.

    Endpoints of another Airflow, and those that AWS denies to show, are left to their owners.

    Returns ``{"restored": [endpoint names]}``.

    :param grace: Seconds that a task may leave scaling suspended before the update starts.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "grace")

    def __init__(self, *, grace: float | str = 600.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grace = grace

    def execute(self, context: Context) -> Json:
        suspended_ones = [endpoint["EndpointName"] for endpoint in self._suspended()]
        restored = [name for name in suspended_ones if self._restore(name)]
        self.log.info("Restored the scaling of: %s", restored or "none")
        return {"restored": restored}

    def _restore(self, name: str) -> bool:
        """Restore one endpoint; return False for one of others, which AWS denies to describe."""
        from botocore.exceptions import ClientError

        try:
            Endpoint(self.aws, name).restore()
        except ClientError as error:
            if code_of(error) not in DENIED:
                raise
            self.log.info("Endpoint %s is of others: %s", name, error)
            return False
        return True

    def _suspended(self) -> Iterator[Json]:
        oldest = datetime.now(UTC) - timedelta(seconds=float(self.grace))
        tagging = self.aws.client(tagged.SERVICE)
        for endpoint, tags in tagged_endpoints(self.sagemaker, tagging, suspended.FIRST):
            note = suspended.Note.of(tags)
            in_service = endpoint["EndpointStatus"] == EndpointStatus.IN_SERVICE
            owner = identity_of(tags)
            if owner and owner.deployment != self.deployment:
                continue
            if in_service and note and note.since <= oldest:
                yield endpoint
