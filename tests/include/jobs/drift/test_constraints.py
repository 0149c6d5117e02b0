"""constraints.json: what a baseline suggests, and how it is read back after people edited it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.jobs.drift.baseline import profile_of
from include.jobs.drift.columns import INTEGRAL, STRING
from include.jobs.drift.constraints import (
    MODEL_MONITOR,
    PRODML,
    from_json,
    read_constraints,
    suggest,
)
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.observation import read_tables
from include.jobs.drift.statistics import Profile
from tests.include.jobs.drift.data import (
    refused,
    rows,
    write_table,
)


def test_a_misspelt_constraint(baseline: Path, tmp_path: Path) -> None:
    broken = json.loads((baseline / "constraints.json").read_text())
    broken["monitoring_config"]["distribution_constraints"]["comparison_method"] = "Robustest"
    (tmp_path / "constraints.json").write_text(json.dumps(broken))
    (tmp_path / "statistics.json").write_text((baseline / "statistics.json").read_text())
    data = write_table(tmp_path / "d.csv", rows(200, 2))
    sentence = refused(data, tmp_path, tmp_path / "out")
    assert sentence.startswith("constraints.json: comparison_method is 'Robustest'. Use one of")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    path = tmp_path_factory.mktemp("data") / "d.csv"
    lines = [f"{n}.5,{n - 10},{'abc'[n % 3]}" for n in range(99)]
    return profile_of(read_tables(write_table(path, [*lines, "1.5,,a"]), None)).settled()


def test_a_suggestion_reads_back_as_what_the_rows_keep(profile: Profile) -> None:
    result = from_json(suggest(profile)).columns
    assert (result["minutes"].non_negative, result["calls"].non_negative) == (True, False)
    assert (result["calls"].kind, result["calls"].completeness) == (INTEGRAL, 0.99)
    assert (result["plan"].kind, result["plan"].domain) == (STRING, frozenset("abc"))
    assert result["plan"].rules == PRODML
    assert from_json(suggest(profile, MODEL_MONITOR)).columns["plan"].rules == MODEL_MONITOR


def test_a_domain_of_many_values_is_not_written_down(tmp_path: Path) -> None:
    lines = [f"1,2,name-{n}" for n in range(101)]
    many = profile_of(read_tables(write_table(tmp_path / "d.csv", lines), None)).settled()
    assert from_json(suggest(many)).columns["plan"].domain is None


def test_an_own_threshold_holds_for_its_column_alone(profile: Profile) -> None:
    document = suggest(profile)
    own = {"distribution_constraints": {"comparison_threshold": 0.3}}
    document["features"][0]["monitoring_config_overrides"] = own
    result = from_json(document).columns
    assert [column.rules.threshold for column in result.values()] == [0.3, 0.05, 0.05]
    assert result["minutes"].rules.datatype_threshold == PRODML.datatype_threshold


def test_a_file_that_is_not_constraints_is_named(tmp_path: Path) -> None:
    path = tmp_path / "constraints.json"
    path.write_text("[]")
    with pytest.raises(UnreadableData, match=r"constraints\.json is not a constraints file"):
        read_constraints(path)
