from __future__ import annotations

import random

import pytest

from include.local_aws.sagemaker.tuning.suggestions import (
    Numeric,
    Observation,
    _bayesian,
    grid,
    parameters,
    propose,
)

RANGES = {
    "ContinuousParameterRanges": [{"Name": "x", "MinValue": "-5", "MaxValue": "5"}],
    "IntegerParameterRanges": [{"Name": "n", "MinValue": "1", "MaxValue": "4"}],
    "CategoricalParameterRanges": [{"Name": "how", "Values": ["good", "bad"]}],
}


def loss(values: dict[str, str]) -> float:
    return (float(values["x"]) - 2) ** 2 + int(values["n"]) + 5 * (values["how"] == "bad")


def searched(strategy: str, seed: int, budget: int = 30) -> float:
    history: list[Observation] = []
    for _ in range(budget):
        values = propose(strategy, parameters(RANGES), history, seed=seed)
        history.append(Observation(values, loss(values)))
    return min(o.objective for o in history if o.objective is not None)


def test_bayesian_search_finds_more_than_chance() -> None:
    """Summed over ten searches of thirty jobs each, so that one lucky draw decides nothing."""
    seeds = range(10)
    bayesian = sum(searched("Bayesian", seed) for seed in seeds)
    assert bayesian < sum(searched("Random", seed) for seed in seeds) * 0.8


def test_the_same_seed_and_history_propose_the_same() -> None:
    space = parameters(RANGES)
    for strategy in ("Random", "Bayesian"):
        assert propose(strategy, space, [], seed=3) == propose(strategy, space, [], seed=3)
        assert propose(strategy, space, [], seed=3) != propose(strategy, space, [], seed=4)


def test_values_stay_within_their_ranges() -> None:
    history: list[Observation] = []
    for _ in range(20):
        values = propose("Bayesian", parameters(RANGES), history, maximize=True)
        assert -5 <= float(values["x"]) <= 5
        assert values["n"] in ("1", "2", "3", "4")
        history.append(Observation(values, float(values["x"]) if len(history) % 2 else None))


def test_no_combination_twice_while_others_are_left() -> None:
    space = parameters({"CategoricalParameterRanges": [{"Name": "a", "Values": list("pqrs")}]})
    history: list[Observation] = []
    for objective in (1.0, 2.0, 3.0, 4.0):
        history.append(Observation(propose("Random", space, history), objective))
    assert sorted(o.values["a"] for o in history) == list("pqrs")


def test_grid_is_every_combination() -> None:
    ranges = [{"Name": "a", "Values": ["1", "2"]}, {"Name": "b", "Values": ["x", "y", "z"]}]
    combinations = grid(parameters({"CategoricalParameterRanges": ranges}))
    assert len(combinations) == len({tuple(c.values()) for c in combinations}) == 6


@pytest.mark.parametrize("scale", ["Linear", "Logarithmic", "ReverseLogarithmic"])
def test_a_place_becomes_a_value_and_back(scale: str) -> None:
    number = Numeric("x", 0.001, 0.9, scale)
    for place in (0.0, random.Random(1).random(), 0.999):
        assert number.place(number.value(place)) == pytest.approx(place)


def test_wide_positive_ranges_are_searched_by_magnitude() -> None:
    wide = {"Name": "rate", "MinValue": "0.0001", "MaxValue": "1"}
    (rate,) = parameters({"ContinuousParameterRanges": [wide]})
    assert float(rate.value(0.5)) == pytest.approx(0.01)


def test_impossible_ranges_are_refused() -> None:
    for extra in (
        {"MinValue": "3", "MaxValue": "1"},
        {"ScalingType": "Logarithmic"},
        {"ScalingType": "ReverseLogarithmic"},
    ):
        given = {"Name": "x", "MinValue": "0", "MaxValue": "1"} | extra
        with pytest.raises(ValueError, match="of x"):
            parameters({"ContinuousParameterRanges": [given]})


def test_each_point_of_a_small_space_is_tried_once() -> None:
    """The search tries all points, even if a draw rarely hits the last one."""
    ranges = {"IntegerParameterRanges": [{"Name": "n", "MinValue": "1", "MaxValue": "40"}]}
    history: list[Observation] = []
    for _ in range(40):
        history.append(Observation(propose("Random", parameters(ranges), history), None))
    assert sorted(int(o.values["n"]) for o in history) == list(range(1, 41))


def test_the_last_point_of_a_mixed_space_is_tried() -> None:
    """Find it where the other 399 were tried, which draws rarely do."""
    letters = [f"{letter}" for letter in "abcdefghijklmnopqrst"]
    ranges = {
        "IntegerParameterRanges": [{"Name": "n", "MinValue": "1", "MaxValue": "20"}],
        "CategoricalParameterRanges": [{"Name": "c", "Values": letters}],
    }
    every = [{"n": str(n), "c": c} for n in range(1, 21) for c in letters]
    last = every.pop(123)
    assert propose("Random", parameters(ranges), [Observation(v, 1.0) for v in every]) == last


def test_a_space_of_one_point_is_tried_again() -> None:
    x = {"Name": "x", "MinValue": "1", "MaxValue": "1"}
    space = parameters({"ContinuousParameterRanges": [x]})
    assert propose("Random", space, [Observation({"x": "1.0"}, 1.0)]) == {"x": "1.0"}


@pytest.mark.parametrize("strange", [{"x": "9"}, {"x": "auto"}, {"how": "else"}])
def test_a_parents_point_outside_of_the_ranges_is_left_out(strange: dict[str, str]) -> None:
    """Allow ranges of the child that are narrower, or of another kind."""
    space, inside = parameters(RANGES), {"x": "1", "n": "1", "how": "good"}
    first, known, unknown = (
        _bayesian(space, [Observation(values, 1.0)] * count, maximize=False, seed=3)
        for values, count in ((inside, 0), (inside, 9), (inside | strange, 9))
    )
    assert first == unknown != known


@pytest.mark.parametrize("strategy", ["Random", "Bayesian"])
def test_points_that_failed_are_not_proposed_again(strategy: str) -> None:
    x = {"Name": "x", "MinValue": "0", "MaxValue": "1"}
    space = parameters({"ContinuousParameterRanges": [x]})
    history: list[Observation] = []
    for _ in range(8):
        history.append(Observation(propose(strategy, space, history), None))
    assert len({o.values["x"] for o in history}) == 8


@pytest.mark.parametrize("bound", ["inf", "nan", "1e400"])
def test_a_bound_that_is_not_a_number_is_refused(bound: str) -> None:
    ranges = {"IntegerParameterRanges": [{"Name": "n", "MinValue": "1", "MaxValue": bound}]}
    with pytest.raises(ValueError, match="The range of n needs two numbers"):
        parameters(ranges)
