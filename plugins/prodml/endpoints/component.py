"""An inference component: a model on the instances of an endpoint that several models share.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from prodml.autoscaling.policies import PREFIX, Metric, Policy, Step, StepScaling, TargetTracking
from prodml.autoscaling.scaling import Scaling
from prodml.endpoints.rollout import STEPS, Rollout, Strategy
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import ENDPOINT_METRICS, Json

PER_COPY = "SageMakerInferenceComponentInvocationsPerCopy"
STRATEGIES = (Strategy.ALL_AT_ONCE, Strategy.ROLLING)
LEAST_MEMORY = 128  # MB
LARGEST_BATCH = STEPS[Strategy.ROLLING][1]  # percent of the copies


@dataclass(frozen=True)
class Component:
    """
    The resources that each copy of a model reserves on an instance, and the number of copies.

    Raises ValueError for what AWS would refuse.

    :param memory_mb: Megabytes that each copy reserves.
    :param cpus: vCPUs that each copy reserves.
    :param accelerators: GPUs or Inferentia devices that each copy reserves.
    :param copies: Copies of a new component; later ones are those that autoscaling has set.
    :param least_copies: The fewest copies of autoscaling; with 0, a request that finds none fails,
        and starts one.
    :param most_copies: The most copies of autoscaling; None for no autoscaling.
    :param target: Invocations per copy and minute that autoscaling keeps near.
    """

    memory_mb: int
    cpus: float = 1.0
    accelerators: float = 0.0
    copies: int = 1
    least_copies: int = 1
    most_copies: int | None = None
    target: float = 1000.0

    def __post_init__(self) -> None:
        if self.memory_mb < LEAST_MEMORY:
            raise InvalidInputError(
                f"Invalid memory_mb {self.memory_mb}. Use at least {LEAST_MEMORY}."
            )
        if self.cpus < 0 or self.accelerators < 0 or not (self.cpus or self.accelerators):
            raise InvalidInputError(
                f"Invalid cpus {self.cpus} and accelerators {self.accelerators}. Reserve at least "
                "a part of one of them."
            )
        if self.copies < 1:
            raise InvalidInputError(
                f"Invalid copies {self.copies}. A new component has at least 1; set least_copies=0 "
                "to let autoscaling remove it."
            )
        most = self.most_copies
        if most is not None and not 0 <= self.least_copies <= self.copies <= most:
            raise InvalidInputError(
                f"Invalid copies: use least_copies {self.least_copies} <= copies {self.copies} <= "
                f"most_copies {most}."
            )

    @classmethod
    def of(cls, value: Component | Mapping[str, Any]) -> Component:
        """Return the component that an argument states, also as a mapping from a task's result."""
        return cls(**value) if isinstance(value, Mapping) else value

    def specification(self, model: str) -> Json:
        """Return the Specification of a component that serves *model*."""
        needs: Json = {"MinMemoryRequiredInMb": self.memory_mb}
        if self.cpus:
            needs["NumberOfCpuCoresRequired"] = float(self.cpus)
        if self.accelerators:
            needs["NumberOfAcceleratorDevicesRequired"] = float(self.accelerators)
        return {"ModelName": model, "ComputeResourceRequirements": needs}

    def scaling(self, name: str) -> Scaling:
        """Return the policies of component *name*; one of them brings it back from zero copies."""
        policies: list[Policy] = [
            TargetTracking(self.target, PER_COPY, name=f"{PREFIX}invocations-per-copy")
        ]
        if not self.least_copies:
            metric = Metric(
                ENDPOINT_METRICS,
                "NoCapacityInvocationFailures",
                "Maximum",
                {"InferenceComponentName": name},
            )
            policies.append(
                StepScaling(metric, 1, [Step(0, 1)], cooldown=60, name=f"{PREFIX}from-zero")
            )
        return Scaling(policies)


@dataclass(frozen=True)
class Hosts:
    """
    The instances of a new endpoint for components.

    :param instance_type: The instance type.
    :param least: The fewest instances; 0 lets an endpoint without copies cost nothing.
    :param most: The most instances, which SageMaker adds where copies have no room.
    """

    instance_type: str = "ml.m5.large"
    least: int = 1
    most: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most or not self.most:
            raise InvalidInputError(
                f"Invalid instances: use 0 <= least {self.least} <= most {self.most}, and at "
                "least 1 as most."
            )

    @classmethod
    def of(cls, value: Hosts | Mapping[str, Any] | None) -> Hosts:
        """Return the hosts that an argument states, also as a mapping from a task's result."""
        return cls(**value) if isinstance(value, Mapping) else value or cls()

    def request(self, variant: str, role: str | None) -> Json:
        """Return the CreateEndpointConfig request without its name."""
        scaling = {"MinInstanceCount": self.least, "MaxInstanceCount": self.most}
        hosting: Json = {
            "VariantName": variant,
            "InstanceType": self.instance_type,
            "ManagedInstanceScaling": {"Status": "ENABLED", **scaling},
        }
        if self.least:
            hosting["InitialInstanceCount"] = self.least
        return {"ProductionVariants": [hosting], "ExecutionRoleArn": role}


def deployment_config(rollout: Rollout) -> Json:
    """Return the further members of UpdateInferenceComponent; empty for all copies at once.

    Alarms watch batches alone, so that with alarms all copies are updated in the largest ones.
    """
    if rollout.strategy is Strategy.ALL_AT_ONCE and rollout.alarms:
        rollout = replace(rollout, strategy=Strategy.ROLLING, step=LARGEST_BATCH)
    return rollout.request()


def refuse_strategy(strategy: str) -> None:
    """Raise for a strategy that an inference component does not have."""
    if strategy not in STRATEGIES:
        raise InvalidInputError(
            f"rollout is {strategy}, which an inference component does not have. Use one of "
            f"{', '.join(STRATEGIES)}."
        )
