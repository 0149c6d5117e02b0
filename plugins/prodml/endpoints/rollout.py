"""How an endpoint moves from one model to the next, as SageMaker wants to hear it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Json


class Strategy(StrEnum):
    """The ways to put another model behind an endpoint."""

    ALL_AT_ONCE = "all-at-once"
    CANARY = "canary"
    LINEAR = "linear"
    ROLLING = "rolling"
    AB = "ab"
    SHADOW = "shadow"


# Percent that a step may be: of the fleet, by AWS's guide to deployment guardrails; of the
# requests, that a challenger answers or that a shadow gets a copy of.
STEPS = {
    Strategy.CANARY: (1, 50),
    Strategy.LINEAR: (10, 50),
    Strategy.ROLLING: (5, 50),
    Strategy.AB: (1, 99),
    Strategy.SHADOW: (1, 100),
}
CONTESTS = frozenset({Strategy.AB, Strategy.SHADOW})
MOST_ALARMS = 10
LONGEST = 28_800  # seconds: AWS's limit of MaximumExecutionTimeoutInSeconds, and its default


@dataclass(frozen=True)
class Rollout:
    """
    How a model reaches production: by an update in one or several steps, or by a contest.

    The first four strategies end with the new model alone in service; after each step there is a
    time in which an alarm takes the update back. ``ab`` and ``shadow`` leave the model that serves
    where it is and put the new one beside it, until somebody ends the contest. AWS watches no alarm
    over a contest, since its guardrails need the same variants before and after: whoever ends it
    does. Raises ValueError for what AWS would refuse.

    :param strategy: How the traffic moves.
    :param step: Percent: of the fleet that a step moves, or of the requests in a contest.
    :param wait: Seconds after each step; 0 to 3600.
    :param alarms: Names of CloudWatch alarms, which exist; one of them in alarm rolls back.
    """

    strategy: Strategy = Strategy.ALL_AT_ONCE
    step: int = 10
    wait: int = 300
    alarms: Sequence[str] = ()

    def __post_init__(self) -> None:
        least, most = STEPS.get(self.strategy, (0, 100))
        if not least <= self.step <= most:
            raise InvalidInputError(
                f"A {self.strategy} step of {self.step} % is not between {least} and {most}. "
                "Choose another rollout_step."
            )
        if not 0 <= self.wait <= 3600:
            raise InvalidInputError(f"rollout_wait is {self.wait}; choose 0 to 3600 seconds.")
        if len(self.alarms) > MOST_ALARMS:
            raise InvalidInputError(
                f"{len(self.alarms)} alarms are too many: name {MOST_ALARMS} at most."
            )
        self._refuse_long_waits()

    def _refuse_long_waits(self) -> None:
        """AWS refuses an update that waits longer than it may last, after the model is trained."""
        if self.strategy not in (Strategy.LINEAR, Strategy.ROLLING):
            return
        steps = math.ceil(100 / self.step)
        if (waiting := steps * self.wait) >= LONGEST:
            raise InvalidInputError(
                f"A {self.strategy} rollout of {self.step} % has {steps} steps, and {steps} times "
                f"{self.wait} s is {waiting:,} s: AWS ends an update after {LONGEST:,} s. Choose a "
                f"rollout_wait of {(LONGEST - 1) // steps} s at most, or a larger rollout_step."
            )

    @property
    def is_contest(self) -> bool:
        """Whether two models stay behind the endpoint."""
        return self.strategy in CONTESTS

    def request(self) -> Json:
        """The members of UpdateEndpoint that this adds; none for a plain update or a contest."""
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
