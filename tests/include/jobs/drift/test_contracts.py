"""Requests of another input contract are left out of a comparison; they are no drift."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from include.jobs.drift.baseline import read_baseline
from include.jobs.drift.check import judge
from include.jobs.drift.contracts import CONTRACT, Contract
from include.jobs.drift.documents import Json
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.observation import Question, observe
from include.jobs.drift.report import page
from tests.include.jobs.drift.data import HEADER, record, rows, write_capture, write_table

ORDERED = Contract(("minutes", "calls", "plan"), "id")


@pytest.fixture
def contracted(baseline: Path, tmp_path: Path) -> Path:
    """The baseline, with the contract of its model."""
    folder = tmp_path / "contracted"
    shutil.copytree(baseline, folder)
    (folder / CONTRACT).write_text(json.dumps({"inputs": ORDERED.inputs, "key": "id"}))
    return folder


def _report(data: Path, baseline: Path, **question: Any) -> Json:
    asked = Question(data, read_baseline(baseline), **question)
    result = judge(asked, observe(asked))
    assert page(result.report, result)
    return result.report


def _named(line: str, columns: str = HEADER, **more: str) -> str:
    cells = dict(zip(columns.split(","), line.split(","), strict=True))
    return record(json.dumps(cells | more), encoding="JSON")


def test_difference_names_the_columns() -> None:
    assert ORDERED.difference(["plan", "minutes", "calls"]) is None
    assert ORDERED.difference(["id", "minutes", "calls", "plan"]) is None
    assert ORDERED.difference(["minutes", "calls"]) == "it lacks ['plan']"
    said = "it lacks ['plan'] and it has ['tariff']"
    assert ORDERED.difference(["minutes", "calls", "tariff"]) == said


@pytest.mark.parametrize(
    ("records", "difference"),
    [
        ([record(f"{line},1") for line in rows(300, 2, 9.0)], "4 values where the baseline has 3"),
        (
            [_named(line, "minutes,calls,tariff") for line in rows(300, 2, 9.0)],
            "it lacks ['plan'] and it has ['tariff']",
        ),
        ([_named(line, income="1") for line in rows(300, 2, 9.0)], "it has ['income']"),
        (
            [record(f"[{line.rpartition(',')[0]}]", encoding="JSON") for line in rows(300, 2, 9.0)],
            "2 values where the baseline has 3",
        ),
    ],
    ids=["csv", "renamed", "unknown", "list"],
)
def test_traffic_of_another_contract_is_not_comparable(
    records: list[str], difference: str, contracted: Path, tmp_path: Path
) -> None:
    report = _report(write_capture(tmp_path / "capture", records), contracted)
    assert (report["outcome"], report["columns"], report["drift"]) == ("NOT_COMPARABLE", [], None)
    assert report["reason"].startswith("300 of 300 requests are of another contract")
    assert f"line 1: {difference}" in report["reason"]


def test_a_few_requests_of_another_contract_are_noted_and_left_out(
    contracted: Path, tmp_path: Path
) -> None:
    """Also where two of them have all columns together."""
    strange = [record('{"minutes": 99, "calls": 1}', encoding="JSON"), record("99,1")]
    named = [_named(line, id="C1") for line in rows(200, 2)]
    capture = write_capture(
        tmp_path / "capture",
        [*strange, *named, *map(record, rows(200, 3)), record('{"plan": "z"}', encoding="JSON")],
    )
    report = _report(capture, contracted)
    assert (report["outcome"], report["rows"]) == ("OK", 400)
    (note,) = report["notes"]
    assert note.startswith("3 of 403 requests are of another contract and were not compared")
    assert "reason" not in report


def test_drift_of_the_same_contract_is_still_an_alert(contracted: Path, tmp_path: Path) -> None:
    capture = write_capture(tmp_path / "capture", [record(line) for line in rows(600, 2, 9.0)])
    report = _report(capture, contracted)
    assert (report["outcome"], report["columns"]) == ("ALERT", ["minutes"])


@pytest.mark.parametrize("header", [True, False])
def test_file_of_another_contract_is_not_comparable(
    header: bool, contracted: Path, tmp_path: Path
) -> None:
    lines = [line.rpartition(",")[0] for line in rows(200, 2)]
    data = tmp_path / "d.csv"
    data.write_text("\n".join([*(["minutes,calls"] if header else []), *lines]) + "\n")
    report = _report(data, contracted, header=header)
    said = "it lacks ['plan']" if header else "2 values where the baseline has 3 columns"
    assert report["outcome"] == "NOT_COMPARABLE"
    assert report["reason"].endswith(f"d.csv: {said}.")


def test_columns_that_no_model_takes_are_allowed_in_a_file(
    contracted: Path, tmp_path: Path
) -> None:
    lines = [f"C{place},{line},yes" for place, line in enumerate(rows(600, 2))]
    data = write_table(tmp_path / "d.csv", lines, header=f"id,{HEADER},churned")
    report = _report(data, contracted)
    assert (report["outcome"], report["warned"]) == ("WARN", ["churned"])


def test_broken_contract_is_named(contracted: Path) -> None:
    (contracted / CONTRACT).write_text("[]")
    with pytest.raises(UnreadableData, match=r"contract\.json is no contract"):
        read_baseline(contracted)
