"""Make the runs of the training debugger's benchmark: healthy ones, and one fault for each rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
from prodml.debugger.log_lines import LineReader
from prodml.debugger.observations import Observation, Source
from prodml.debugger.rules import (
    ClassImbalance,
    ExplodingGradients,
    ExplodingUpdates,
    HighUse,
    LossNotDecreasing,
    LowUse,
    NotFinite,
    Overfitting,
    Plateau,
    Rule,
    SlowSteps,
    VanishingGradients,
    VanishingUpdates,
)

from bench.debugger_training import Data, Network, binary, boosting, digits, regression

Run = list[Observation]
DEFINITIONS = [
    {"Name": f"{name}:loss", "Regex": rf"{name}:loss=([0-9.]+(?:e[-+][0-9]+)?)"}
    for name in ("train", "validation")
]
NEVER = 10_000  # reports without early stopping


def rules(metric: str) -> list[Rule]:
    """Return all rules with their defaults, each of which may stop the job."""
    train, held = f"train:{metric}", f"validation:{metric}"
    chosen: list[Rule] = [
        *(LossNotDecreasing(held), Plateau(held), Overfitting(train, held), NotFinite()),
        *(ExplodingGradients(), VanishingGradients(), ExplodingUpdates(), VanishingUpdates()),
        *(ClassImbalance(), LowUse(), LowUse("gpu"), HighUse(), SlowSteps()),
    ]
    return [replace(rule, stop=True) for rule in chosen]


def observed(lines: Iterable[str], usage: Iterable[Observation] = ()) -> Run:
    """Return what the rules see of a job that printed *lines*, one in a second."""
    reader = LineReader(DEFINITIONS)
    seen = [one for second, line in enumerate(lines) for one in reader.read(line, float(second))]
    return sorted([*seen, *usage], key=lambda one: one.at)


def used(
    seed: int, cpu: float = 75.0, memory: float = 45.0, gpu: float = 70.0
) -> Iterator[Observation]:
    """Yield simulated use of an instance, a report in a minute, around the given percents."""
    random = np.random.default_rng(seed)
    for minute in range(30):
        values = {
            f"{name}/algo-1": float(np.clip(random.normal(mean, 0.15 * mean), 0, 100))
            for name, mean in (("cpu", cpu), ("memory", memory), ("gpu", gpu))
        }
        yield Observation(Source.USAGE, values, 60.0 * minute)


def healthy(seed: int) -> tuple[str, Run]:
    """Return the metric and the run of a sound training: four kinds in turn."""
    kinds: list[Callable[[], tuple[str, Iterable[str]]]] = [
        lambda: ("logloss", boosting(binary(seed), seed)),
        lambda: ("loss", Network().lines(digits(seed), seed)),
        lambda: ("loss", Network(hidden=(), rate=0.05).lines(binary(seed), seed)),
        lambda: ("loss", Network((24, 24), rate=0.02, momentum=0.5).lines(regression(seed), seed)),
    ]
    metric, lines = kinds[seed % len(kinds)]()
    return metric, observed(lines, used(seed))


def not_decreasing(seed: int) -> Run:
    shuffled = digits(seed)
    shuffled.target = np.random.default_rng(seed).permutation(shuffled.target)
    kinds = [
        (Network(rate=0.0), digits(seed)),
        (Network(rate=-0.02), digits(seed)),
        (Network(rate=25.0), digits(seed)),
        (Network(rate=0.2), shuffled),
    ]
    network, data = kinds[seed % len(kinds)]
    return observed(replace(network, early_stopping=NEVER).lines(data, seed))


def plateau(seed: int) -> Run:
    frozen = Network(schedule=lambda epoch: float(epoch < 12), epochs=90, early_stopping=NEVER)
    saturated = Network(hidden=(), rate=0.5, epochs=120, early_stopping=NEVER)
    network, data = [(frozen, digits(seed)), (saturated, binary(seed))][seed % 2]
    return observed(network.lines(data, seed))


def overfitting(seed: int) -> Run:
    if seed % 2:
        network = Network((128,), rate=0.3, epochs=150, early_stopping=NEVER)
        few = binary(seed, minority=0.5, noise=0.3, rows=300)
        return observed(network.lines(few, seed))
    few = binary(seed, minority=0.5, noise=0.3, rows=500)
    return _renamed(boosting(few, seed, rounds=120, depth=6, rate=0.3, early=NEVER))


def _renamed(lines: Iterable[str]) -> Run:
    """Return a run of boosted trees whose metrics are called as those of networks."""
    return [
        replace(one, values={name.replace("logloss", "loss"): v for name, v in one.values.items()})
        for one in observed(lines)
    ]


def not_finite(seed: int) -> Run:
    data = regression(seed)
    if seed % 2:
        data.train[seed, 0] = np.nan  # a cell without a value
    network = Network((24, 24), rate=0.02 if seed % 2 else 30.0, early_stopping=NEVER, epochs=30)
    return observed(network.lines(data, seed))


def exploding(seed: int) -> Run:
    depth = 2 + seed % 3
    network = Network((24,) * depth, "linear", rate=1.0, early_stopping=NEVER, epochs=20)
    grows = replace(network, schedule=lambda epoch: 0.01 if epoch < 3 else 1.0)
    return observed(grows.lines(regression(seed), seed))


def vanishing(seed: int) -> Run:
    deep = Network((16,) * (8 + seed % 4), "sigmoid", rate=0.05, early_stopping=NEVER, epochs=20)
    dead = Network((32, 32), bias=-100.0, early_stopping=NEVER, epochs=20)
    return observed([deep, dead][seed % 2].lines(digits(seed), seed))


def exploding_updates(seed: int) -> Run:
    network = Network((24, 24), rate=5.0 + seed, early_stopping=NEVER, epochs=20)
    return observed(network.lines(regression(seed), seed))


def vanishing_updates(seed: int) -> Run:
    slow = Network(rate=1e-9, early_stopping=NEVER, epochs=20)
    stuck = Network((32, 32), frozen=seed % 3, early_stopping=NEVER, epochs=20)
    return observed([slow, stuck][seed % 2].lines(digits(seed), seed))


def imbalanced(seed: int) -> Run:
    data: Data = binary(seed, minority=0.005 + 0.0015 * (seed % 10), noise=0.0)
    return observed(Network(hidden=(), rate=0.05).lines(data, seed))


def slow_steps(seed: int) -> Run:
    every = 40 + 10 * (seed % 4)

    def stall(step: int) -> float:
        """Return the seconds that an evaluation of every few steps takes."""
        return 0.4 if step % every == 0 else 0.0

    return observed(Network(stall=stall).lines(digits(seed), seed))


def idle(seed: int) -> Run:
    return list(used(seed, cpu=1.0 + 0.3 * (seed % 20)))


def exhausted(seed: int) -> Run:
    return list(used(seed, memory=96.0 + 0.2 * (seed % 20)))


FAULTS: dict[str, Callable[[int], Run]] = {
    LossNotDecreasing.__name__: not_decreasing,
    Plateau.__name__: plateau,
    Overfitting.__name__: overfitting,
    NotFinite.__name__: not_finite,
    ExplodingGradients.__name__: exploding,
    VanishingGradients.__name__: vanishing,
    ExplodingUpdates.__name__: exploding_updates,
    VanishingUpdates.__name__: vanishing_updates,
    ClassImbalance.__name__: imbalanced,
    LowUse.__name__: idle,
    HighUse.__name__: exhausted,
    SlowSteps.__name__: slow_steps,
}
