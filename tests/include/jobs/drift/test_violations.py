"""Model Monitor's six checks, each by the change that triggers it and by nothing else."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pytest

from include.jobs.drift.constraints import MODEL_MONITOR, from_json, suggest
from include.jobs.drift.documents import Json
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch
from include.jobs.drift.violations import violations

ROWS = 1000
WAS: Json = {
    "calls": [i % 20 for i in range(ROWS)],
    "minutes": [i / 10 for i in range(ROWS)],
    "plan": ["abc"[i % 3] for i in range(ROWS)],
}


def profile(columns: Json) -> Profile:
    result = Profile()
    result.add(Batch("memory", pa.RecordBatch.from_pydict(columns)), ["plan"])
    return result.settled()


def constraints(**config: Any) -> Json:
    """Return the constraints of a baseline, with other values in monitoring_config."""
    document = suggest(profile(WAS), MODEL_MONITOR)
    document["monitoring_config"] |= config
    return document


def found(now: Json, document: Json | None = None) -> list[Json]:
    limits = from_json(document or constraints())
    reported: list[Json] = violations(profile(WAS), profile(now), limits)["violations"]
    return reported


def kinds(now: Json, document: Json | None = None) -> list[tuple[str, str]]:
    return [(v["feature_name"], v["constraint_check_type"]) for v in found(now, document)]


def replaced(name: str, count: int, value: Any) -> Json:
    """The baseline with the first *count* cells of a column replaced."""
    return WAS | {name: [value] * count + WAS[name][count:]}


def test_the_baseline_keeps_its_own_constraints() -> None:
    assert found(WAS) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (replaced("calls", 1, 0.5), ("calls", "data_type_check")),
        (replaced("minutes", 1, None), ("minutes", "completeness_check")),
        (
            WAS | {"minutes": [i / 10 + 30 for i in range(ROWS)]},
            ("minutes", "baseline_drift_check"),
        ),
        (replaced("plan", 400, "a"), ("plan", "baseline_drift_check")),
        ({k: v for k, v in WAS.items() if k != "plan"}, ("plan", "missing_column_check")),
        (WAS | {"new": WAS["calls"]}, ("new", "extra_column_check")),
        (replaced("plan", 1, "z"), ("plan", "categorical_values_check")),
    ],
)
def test_each_check_by_what_triggers_it(now: Json, expected: tuple[str, str]) -> None:
    assert kinds(now) == [expected]


def test_the_texts_are_those_that_parsers_match() -> None:
    whole = WAS["calls"]
    (wrong_type,) = found(WAS | {"calls": [i + 0.25 for i in whole[:250]] + whole[250:]})
    assert wrong_type["description"] == (
        "Data type match requirement is not met. Expected data type: Integral, Expected match: "
        "100.0%. Observed: Only 75.0% of data is Integral."
    )
    (moved,) = found(replaced("plan", 400, "a"))
    match = re.search(r"distance: (.+) exceeds threshold: (.+)", moved["description"])
    assert match
    assert float(match[1]) > float(match[2]) == 0.1
    (missing,) = found({k: v for k, v in WAS.items() if k != "plan"})
    assert missing["description"] == (
        "There are missing columns in current dataset. Number of columns in current dataset: 2, "
        "Number of columns in baseline constraints: 3"
    )


@pytest.mark.parametrize(
    ("key", "name", "cell"),
    [("datatype_check_threshold", "calls", 0.5), ("domain_content_threshold", "plan", "z")],
)
def test_a_share_below_its_threshold_is_allowed(key: str, name: str, cell: Any) -> None:
    document = constraints(**{key: 0.99})
    assert found(replaced(name, 10, cell), document) == []
    assert len(found(replaced(name, 11, cell), document)) == 1


@pytest.mark.parametrize("override", ["monitoring_config_overrides", "monitoringConfigOverrides"])
def test_one_columns_own_rules_in_both_spellings(override: str) -> None:
    now = WAS | {name: [v + 30 for v in WAS[name]] for name in ("calls", "minutes")}
    document = constraints()
    document["features"][1][override] = {"distribution_constraints": {"comparison_threshold": 0.9}}
    assert kinds(now, document) == [("calls", "baseline_drift_check")]
    document["features"][0][override] = {"evaluate_constraints": "Disabled"}
    assert kinds(now, document) == []


@pytest.mark.parametrize(("one", "other"), [("Robust", "linf_robust"), ("Simple", "linf_simple")])
def test_both_spellings_of_a_comparison_method(one: str, other: str) -> None:
    now = replaced("minutes", 300, 99.0)
    stated = [
        found(now, constraints(distribution_constraints=_distances(comparison_method=method)))
        for method in (one, other)
    ]
    assert stated[0] == stated[1] != []


def test_robust_takes_off_what_chance_allows() -> None:
    now = replaced("minutes", 180, 99.0)
    assert found(now, constraints(distribution_constraints=_distances())) == []
    simple = constraints(distribution_constraints=_distances(comparison_method="Simple"))
    (moved,) = found(now, simple)
    assert float(moved["description"].split()[3]) == pytest.approx(0.18, abs=0.002)


@pytest.mark.parametrize(
    ("own", "count"), [({}, 1), ({"categorical_comparison_threshold": 0.3}, 0)]
)
def test_categories_have_the_common_threshold_without_their_own(own: Json, count: int) -> None:
    now = replaced("plan", 300, "a")
    document = constraints(distribution_constraints={"comparison_threshold": 0.05} | own)
    assert len(found(now, document)) == count


def test_no_comparison_and_no_evaluation_when_disabled() -> None:
    now = replaced("plan", 400, "a") | {"minutes": [None] * ROWS}
    alone = constraints(distribution_constraints={"perform_comparison": "Disabled"})
    assert kinds(now, alone) == [("minutes", "completeness_check")]
    assert kinds(now, constraints(evaluate_constraints="Disabled")) == []


@pytest.mark.parametrize(("method", "threshold"), [("Robust", 0.05), ("Simple", 6.0)])
def test_chi_squared_is_chosen_by_its_name(method: str, threshold: float) -> None:
    """Robust asks for a p-value below the threshold, Simple for a statistic above it."""
    chosen = _distances(
        comparison_method=method,
        categorical_drift_method="ChiSquared",
        categorical_comparison_threshold=threshold,
    )
    document = constraints(distribution_constraints=chosen)
    assert found(WAS, document) == []
    assert found(replaced("plan", 20, "a"), document) == []
    assert kinds(replaced("plan", 100, "a"), document) == [("plan", "baseline_drift_check")]


def _distances(**given: Any) -> Json:
    return {"comparison_threshold": 0.1, "comparison_method": "Robust"} | given
