"""How an endpoint moves from one configuration to the next, as UpdateEndpoint wants to hear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from prodml.vocabulary import Json


class Strategy(StrEnum):
    """The ways to update an endpoint."""

    ALL_AT_ONCE = "all-at-once"
    CANARY = "canary"
    LINEAR = "linear"
    ROLLING = "rolling"


# Percent of the fleet that one step may move, by AWS's guide to deployment guardrails.
STEPS = {Strategy.CANARY: (1, 50), Strategy.LINEAR: (10, 50), Strategy.ROLLING: (5, 50)}
MOST_ALARMS = 10


@dataclass(frozen=True)
class Rollout:
    """
    An update in steps, each followed by a time in which an alarm takes it back.

    Raises ValueError for what AWS would refuse.

    :param strategy: How the traffic moves.
    :param step: Percent of the fleet that a step moves.
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
            raise ValueError(
                f"A {self.strategy} step of {self.step} % is not between {least} and {most}. "
                "Choose another rollout_step."
            )
        if not 0 <= self.wait <= 3600:
            raise ValueError(f"rollout_wait is {self.wait}; choose 0 to 3600 seconds.")
        if len(self.alarms) > MOST_ALARMS:
            raise ValueError(f"{len(self.alarms)} alarms are too many: name {MOST_ALARMS} at most.")

    def request(self) -> Json:
        """The members of UpdateEndpoint that this adds; none for a plain update."""
        if self.strategy is Strategy.ALL_AT_ONCE and not self.alarms:
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
