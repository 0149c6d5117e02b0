"""Describe how an endpoint is updated from one model to the next, as SageMaker takes it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Json


class Strategy(StrEnum):
    """The ways to deploy another model to an endpoint."""

    ALL_AT_ONCE = "all-at-once"
    CANARY = "canary"
    LINEAR = "linear"
    ROLLING = "rolling"
    AB = "ab"
    SHADOW = "shadow"


# Bounds of a step, in percent: of the fleet, by AWS's guide to deployment guardrails; of the
# requests, for a challenger or a shadow.
STEPS = {
    Strategy.CANARY: (1, 50),
    Strategy.LINEAR: (10, 50),
    Strategy.ROLLING: (5, 50),
    Strategy.AB: (1, 99),
    Strategy.SHADOW: (1, 100),
}
STEPWISE = frozenset({Strategy.CANARY, Strategy.LINEAR, Strategy.ROLLING})
SHORTEST_BAKE = 300  # seconds: a minute's metric, its publication and its evaluation; AWS's samples
CONTESTS = frozenset({Strategy.AB, Strategy.SHADOW})
MOST_ALARMS = 10
LONGEST = 28_800  # seconds: AWS's limit of MaximumExecutionTimeoutInSeconds, and its default


@dataclass(frozen=True)
class Rollout:
    """
    The deployment of a model: an update in one or several steps, or an A/B or shadow test.

    The first four strategies end with the new model alone in service; after each step there is a
    period in which an alarm rolls the update back. ``ab`` and ``shadow`` add the new model to the
    one that serves, until the test is ended. AWS watches no alarms during such a test, since its
    guardrails need the same variants before and after; the operator that ends the test does.
    Raises ValueError for what AWS would refuse.

    :param strategy: The strategy.
    :param step: Percent of the fleet per step, or of the requests to a challenger or shadow.
    :param wait: Seconds after each step; 0 to 3600.
    :param alarms: Names of existing CloudWatch alarms that roll the update back.
    """

    strategy: Strategy = Strategy.ALL_AT_ONCE
    step: int = 10
    wait: int = 300
    alarms: Sequence[str] = ()

    def __post_init__(self) -> None:
        least, most = STEPS.get(self.strategy, (0, 100))
        if not least <= self.step <= most:
            raise InvalidInputError(
                f"Invalid rollout_step {self.step} % for {self.strategy}. Use {least} to {most} %."
            )
        if not 0 <= self.wait <= 3600:
            raise InvalidInputError(f"Invalid rollout_wait {self.wait}. Use 0 to 3600 seconds.")
        if len(self.alarms) > MOST_ALARMS:
            raise InvalidInputError(
                f"{len(self.alarms)} alarms are too many. Give at most {MOST_ALARMS}."
            )
        self._refuse_long_waits()

    def _refuse_long_waits(self) -> None:
        """Raise for waits longer than an update may last, before a model is trained."""
        if self.strategy not in (Strategy.LINEAR, Strategy.ROLLING):
            return
        steps = math.ceil(100 / self.step)
        if (waiting := steps * self.wait) >= LONGEST:
            raise InvalidInputError(
                f"A {self.strategy} rollout of {self.step} % waits {steps} times {self.wait} s, "
                f"{waiting:,} s in all; AWS ends an update after {LONGEST:,} s. Use a "
                f"rollout_wait up to {(LONGEST - 1) // steps} s, or a larger rollout_step."
            )

    def doubts(self, instances: int) -> list[str]:
        """Return warnings about an update of a variant with so many *instances*."""
        sentences = []
        if self.strategy in STEPWISE and instances < 2:
            sentences.append(
                f"A {self.strategy} rollout moves whole instances, at most half of them in a step, "
                f"and the variant has {instances}: give it two, or all traffic moves at once."
            )
        if self.alarms and self.wait < SHORTEST_BAKE and self.strategy not in CONTESTS:
            sentences.append(
                f"rollout_wait is {self.wait} s: alarms over metrics of a minute may fire after "
                f"it. Give them {SHORTEST_BAKE} s."
            )
        return sentences

    @property
    def is_contest(self) -> bool:
        """Return whether two models stay on the endpoint."""
        return self.strategy in CONTESTS

    def request(self) -> Json:
        """Return the further members of UpdateEndpoint; empty for a plain update or a test."""
        plain = self.strategy is Strategy.ALL_AT_ONCE and not self.alarms
        if plain or self.is_contest:
            return {}
        config = self._rolling() if self.strategy is Strategy.ROLLING else self._blue_green()
        if self.alarms:
            named = [{"AlarmName": name} for name in self.alarms]
            config["AutoRollbackConfiguration"] = {"Alarms": named}
        return {"DeploymentConfig": config}

    def _size(self) -> Json:
        return {"Type": "CAPACITY_PERCENT", "Value": self.step}

    def _rolling(self) -> Json:
        policy = {"MaximumBatchSize": self._size(), "WaitIntervalInSeconds": self.wait}
        return {"RollingUpdatePolicy": policy}

    def _blue_green(self) -> Json:
        routing: Json = {
            "Type": self.strategy.name,
            "WaitIntervalInSeconds": self.wait,
        }
        if self.strategy is Strategy.CANARY:
            routing["CanarySize"] = self._size()
        if self.strategy is Strategy.LINEAR:
            routing["LinearStepSize"] = self._size()
        return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
