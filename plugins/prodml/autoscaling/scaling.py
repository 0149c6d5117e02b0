"""Define all that scales an endpoint's variant: its policies, and bounds on a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from prodml.autoscaling.policies import PREFIX, Policy, TargetTracking
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Json


@dataclass
class Schedule:
    """
    Set other bounds on a schedule, such as more instances on Monday mornings.

    :param name: The name of the action.
    :param at: ``cron(...)``, ``rate(...)`` or ``at(...)``, as in Application Auto Scaling.
    :param min_capacity: The fewest instances from then on.
    :param max_capacity: The most instances from then on.
    :param timezone: The time zone of the schedule.
    """

    name: str
    at: str
    min_capacity: int
    max_capacity: int
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if not 0 <= self.min_capacity <= self.max_capacity:
            raise InvalidInputError(
                f"Schedule {self.name!r} has min_capacity {self.min_capacity} and max_capacity "
                f"{self.max_capacity}. Use 0 <= min_capacity <= max_capacity."
            )
        if not self.at.startswith(("cron(", "rate(", "at(")):
            raise InvalidInputError(
                f"Schedule {self.name!r} is at {self.at!r}. Use cron(...), rate(...) or at(...)."
            )

    def request(self) -> Json:
        """Return the members of PutScheduledAction."""
        bounds = {"MinCapacity": self.min_capacity, "MaxCapacity": self.max_capacity}
        return {
            "ScheduledActionName": f"{PREFIX}{self.name}",
            "Schedule": self.at,
            "Timezone": self.timezone,
            "ScalableTargetAction": bounds,
        }


@dataclass
class Scaling:
    """The policies and schedules that set the number of a variant's instances."""

    policies: Sequence[Policy] = field(default_factory=lambda: [TargetTracking()])
    schedules: Sequence[Schedule] = ()

    template_fields: ClassVar[Sequence[str]] = ("policies",)

    def __post_init__(self) -> None:
        names = [part.name for part in (*self.policies, *self.schedules)]
        if twice := {name for name in names if names.count(name) > 1}:
            raise InvalidInputError(
                f"Duplicate policy or schedule names: {sorted(twice)}. Use each name once."
            )
