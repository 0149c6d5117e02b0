"""Suggest the next hyperparameters: grid, random or Bayesian, from ranges and observations.

Every proposal depends on the history alone, so that a tuning job continues after a restart.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ...core.store import Doc

Values = dict[str, str]
WIDE = 100  # a positive range that spans more than this factor is searched by magnitude: "Auto"
ATTEMPTS = 20  # draws of a value that was not tried before
MOST_COMBINATIONS = 10_000  # of a space whose untried combinations are listed
STARTUP = 5  # random observations before the Bayesian search uses a model


@dataclass(frozen=True)
class Observation:
    """Hyperparameters of a started job; *objective* is None until, or unless, it has one."""

    values: Values
    objective: float | None = None


class Parameter(Protocol):
    """A tuned hyperparameter, which maps positions in [0, 1) to values, and back."""

    @property
    def name(self) -> str: ...
    def value(self, place: float) -> str: ...
    def place(self, value: str) -> float | None: ...
    def every(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Categorical:
    """One of a list of values."""

    name: str
    choices: tuple[str, ...]

    def value(self, place: float) -> str:
        return self.choices[min(int(place * len(self.choices)), len(self.choices) - 1)]

    def every(self) -> Sequence[str]:
        """Return all values."""
        return self.choices

    def place(self, value: str) -> float | None:
        """Return the middle of the value's interval, or None for a value outside the range."""
        if value not in self.choices:
            return None
        return (self.choices.index(value) + 0.5) / len(self.choices)


@dataclass(frozen=True)
class Numeric:
    """A number between two bounds, on one of the API's scales."""

    name: str
    low: float
    high: float
    scale: str = "Linear"  # Linear, Logarithmic, ReverseLogarithmic
    integer: bool = False

    def value(self, place: float) -> str:
        start, end = self._scaled(self.low), self._scaled(self.high)
        number = self._unscaled(start + place * (end - start))
        number = min(max(number, self.low), self.high)
        return str(round(number)) if self.integer else repr(number)

    def every(self) -> Sequence[str]:
        """Return all values of an integer; none for a continuous number or a wide range."""
        if not self.integer or self.high - self.low >= MOST_COMBINATIONS:
            return ()
        return [str(number) for number in range(math.ceil(self.low), math.floor(self.high) + 1)]

    def place(self, value: str) -> float | None:
        try:
            number = float(value)
        except ValueError:
            return None
        if not self.low <= number <= self.high:
            return None
        start, end = self._scaled(self.low), self._scaled(self.high)
        return (self._scaled(number) - start) / (end - start) if end > start else 0.5

    def _scaled(self, number: float) -> float:
        if self.scale == "Logarithmic":
            return math.log(number)
        return -math.log1p(-number) if self.scale == "ReverseLogarithmic" else number

    def _unscaled(self, number: float) -> float:
        if self.scale == "Logarithmic":
            return math.exp(number)
        return -math.expm1(-number) if self.scale == "ReverseLogarithmic" else number


def parameters(ranges: Doc) -> list[Parameter]:
    """Parse the API's ParameterRanges; raise ValueError for an impossible range."""
    tuned: list[Parameter] = [
        Categorical(given["Name"], tuple(given["Values"]))
        for given in ranges.get("CategoricalParameterRanges", [])
    ]
    for given in ranges.get("IntegerParameterRanges", []):
        tuned.append(_numeric(given, integer=True))
    for given in ranges.get("ContinuousParameterRanges", []):
        tuned.append(_numeric(given, integer=False))
    return tuned


def _numeric(given: Doc, *, integer: bool) -> Numeric:
    name, low, high = given["Name"], float(given["MinValue"]), float(given["MaxValue"])
    scale = given.get("ScalingType", "Auto")
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"The range of {name} needs two numbers, not {low:g} and {high:g}.")
    if low > high:
        raise ValueError(
            f"The range of {name} is empty: MinValue {low:g} exceeds MaxValue {high:g}."
        )
    if scale == "Auto":
        scale = "Logarithmic" if low > 0 and high / low >= WIDE else "Linear"
    if scale == "Logarithmic" and low <= 0:
        raise ValueError(f"Logarithmic scaling of {name} needs a MinValue above 0, not {low:g}.")
    if scale == "ReverseLogarithmic" and not 0 <= low <= high < 1:
        raise ValueError(f"ReverseLogarithmic scaling of {name} needs a range within [0, 1).")
    return Numeric(name, low, high, scale, integer)


def is_grid(space: Sequence[Parameter]) -> bool:
    return all(isinstance(parameter, Categorical) for parameter in space)


def grid(space: Sequence[Parameter]) -> list[Values]:
    """Return every combination, in order; grid search has categorical ranges only, as on AWS."""
    names = [p.name for p in space]
    choices = [p.choices for p in space if isinstance(p, Categorical)]
    return [
        dict(zip(names, combination, strict=True)) for combination in itertools.product(*choices)
    ]


def propose(
    strategy: str,
    space: Sequence[Parameter],
    history: Sequence[Observation],
    *,
    maximize: bool = False,
    seed: int = 0,
) -> Values:
    """Return the next hyperparameters to try, by *seed*, preferably none of *history*."""
    tried = [observation.values for observation in history]
    values: Values = {}
    for attempt in range(ATTEMPTS):
        draw = f"{seed}/{len(history)}/{attempt}"
        if strategy == "Bayesian" and attempt < ATTEMPTS // 2:
            values = _bayesian(space, history, maximize, random.Random(draw).getrandbits(32))
        else:
            values = _random(space, random.Random(draw))
        if values not in tried:
            return values
    left = [combination for combination in _every(space) if combination not in tried]
    return random.Random(f"{seed}/{len(history)}").choice(left) if left else values


def _every(space: Sequence[Parameter]) -> Iterator[Values]:
    """Yield all combinations of a space, if it is small enough."""
    choices = [parameter.every() for parameter in space]
    if math.prod(len(values) for values in choices) not in range(1, MOST_COMBINATIONS + 1):
        return
    for combination in itertools.product(*choices):
        yield {p.name: value for p, value in zip(space, combination, strict=True)}


def _random(space: Sequence[Parameter], source: random.Random) -> Values:
    return {parameter.name: parameter.value(source.random()) for parameter in space}


def _bayesian(
    space: Sequence[Parameter], history: Sequence[Observation], maximize: bool, seed: int
) -> Values:
    """Propose by optuna's Parzen estimator, away from the hyperparameters of running jobs."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(
        seed=seed, n_startup_trials=STARTUP, constant_liar=True, multivariate=True
    )
    study = optuna.create_study(direction="maximize" if maximize else "minimize", sampler=sampler)
    everywhere = {p.name: _distribution(p) for p in space}
    for observation in history:
        places = {p.name: _known(p, observation) for p in space}
        if None not in places.values():
            study.add_trial(_trial(places, everywhere, observation.objective))
    drawn = study.ask(everywhere).params
    return {p.name: _shown(p, drawn[p.name]) for p in space}


def _distribution(parameter: Parameter) -> Any:
    import optuna

    if isinstance(parameter, Categorical):
        return optuna.distributions.CategoricalDistribution(parameter.choices)
    return optuna.distributions.FloatDistribution(0.0, 1.0)


def _known(parameter: Parameter, observation: Observation) -> Any:
    value = observation.values.get(parameter.name)
    place = parameter.place(value) if value is not None else None
    return value if isinstance(parameter, Categorical) and place is not None else place


def _shown(parameter: Parameter, drawn: Any) -> str:
    return str(drawn) if isinstance(parameter, Categorical) else parameter.value(drawn)


def _trial(places: Doc, everywhere: Doc, objective: float | None) -> Any:
    from optuna.trial import TrialState, create_trial

    state = TrialState.RUNNING if objective is None else TrialState.COMPLETE
    return create_trial(state=state, params=places, distributions=everywhere, value=objective)
