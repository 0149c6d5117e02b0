"""Define a rule: validated parameters, and the state machine that applies them to one job."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, NoReturn, Protocol

from prodml.debugger.observations import Observation, Source

DIRECTIONS = ("Minimize", "Maximize")


class RuleError(ValueError):
    """Raised for a parameter that a rule cannot work with."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    A problem that a detector sees.

    :param series: The name of the observed number.
    :param value: The number.
    :param text: The problem in a sentence.
    """

    series: str
    value: float
    text: str


class Detector(Protocol):
    """The state of one rule over the observations of one job, of the rule's sources alone."""

    def see(self, observation: Observation) -> Verdict | None:
        """Return the problem, if *observation* proves one."""


@dataclass(frozen=True)
class Rule:
    """
    Base of all rules.

    :param stop: Stop the job when the rule has found its problem.
    """

    source: ClassVar[Source] = Source.METRIC
    advice: ClassVar[str] = ""
    keeps_model: ClassVar[bool] = False  # the model of a job that the rule stopped is usable

    stop: bool = field(default=False, kw_only=True)

    @property
    def name(self) -> str:
        return type(self).__name__

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources of the observations that the rule reads."""
        return (self.source,)

    def start(self) -> Detector:
        """Return a detector for one job."""
        raise NotImplementedError

    def as_json(self) -> dict[str, Any]:
        return {"rule": self.name, **asdict(self)}

    def _refuse(self, parameter: str, allowed: str) -> NoReturn:
        value = getattr(self, parameter)
        raise RuleError(f"{self.name}: {parameter} is {value!r}. Set it to {allowed}.")

    def _check_count(self, parameter: str, least: int = 1) -> None:
        value = getattr(self, parameter)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self._refuse(parameter, f"a whole number of at least {least}")

    def _check_number(self, parameter: str, above: float, up_to: float = float("inf")) -> None:
        value = getattr(self, parameter)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not above < value <= up_to:
            end = "" if up_to == float("inf") else f" and at most {up_to:g}"
            self._refuse(parameter, f"a number above {above:g}{end}")

    def _check_direction(self, parameter: str = "direction") -> None:
        if getattr(self, parameter) not in DIRECTIONS:
            self._refuse(parameter, " or ".join(map(repr, DIRECTIONS)))

    def _check_metric(self, parameter: str) -> None:
        value = getattr(self, parameter)
        if not isinstance(value, str) or not value.strip():
            self._refuse(parameter, "the name of a metric of the job, such as 'validation:loss'")

    def __post_init__(self) -> None:
        if not isinstance(self.stop, bool):
            self._refuse("stop", "True or False")


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A problem that a rule found in a job.

    :param rule: The rule's name.
    :param text: The problem in a sentence.
    :param advice: What to do.
    :param stop: Whether the rule asks to stop the job.
    :param keeps_model: Whether the model of the stopped job is usable.
    :param source: The origin of the number.
    :param series: The name of the number.
    :param value: The number.
    :param at: The time of the observation, in seconds since 1970.
    """

    rule: str
    text: str
    advice: str
    stop: bool
    keeps_model: bool
    source: str
    series: str
    value: float
    at: float

    @classmethod
    def of(cls, rule: Rule, verdict: Verdict, at: float) -> Finding:
        stated = (rule.name, verdict.text, rule.advice, rule.stop, rule.keeps_model)
        return cls(*stated, str(rule.source), verdict.series, verdict.value, at)

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"
