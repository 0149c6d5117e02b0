"""Typed references: templates at run time, contracts to mypy."""

from __future__ import annotations

from typing import Any

from airflow.sdk import XComArg
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines.contracts.data import DataSets, Prepared
from include.pipelines.stages.references import called, output, output_as, templates
from include.pipelines.stages.training import plan_tuning, resolve_window
from tests.include.pipelines.stages.conftest import Wired

PULL = "{{ task_instance.xcom_pull(task_ids='upload', dag_id='wired', key='%s')"


def upload() -> UploadDatasetOperator:
    return UploadDatasetOperator(
        task_id="upload", multiple_outputs=True, bucket="b", prefix="p", files=[]
    )


def test_a_field_is_an_argument_or_a_part_of_a_text(wired: Wired) -> None:
    references: list[Any] = []

    def stage() -> None:
        uploaded = output(upload())
        references.extend([uploaded["prefix"], f"{uploaded['prefix']}rows/"])

    wired(stage)
    assert isinstance(references[0], XComArg)
    assert references[1] == PULL % "prefix" + " }}rows/"


def test_a_field_of_a_part_has_a_template_of_its_own(wired: Wired) -> None:
    references: list[DataSets] = []

    def stage() -> None:
        references.append(templates(DataSets, output_as(Prepared, upload())["outputs"]))

    wired(stage)
    assert references[0]["holdout"] == PULL % "outputs" + "['holdout'] }}"
    assert set(references[0]) == set(DataSets.__annotations__)


def test_a_task_pushes_each_field_of_its_contract(wired: Wired) -> None:
    """A reference to a field pulls the XCom of that name."""
    tasks = wired(lambda: called(resolve_window)("churn"))
    assert tasks["resolve_window"].multiple_outputs


def test_airflow_takes_a_misspelt_field_and_a_swapped_result_and_mypy_does_not(
    wired: Wired,
) -> None:
    """Lint fails where mypy lets one of these pass: its comment is then unused."""

    def stage() -> None:
        window = called(resolve_window)("churn")
        uploaded = output(upload())
        assert "prefx" in str(window["prefx"])  # type: ignore[misc]
        assert "file" in str(uploaded["file"])  # type: ignore[typeddict-item]
        plan_tuning("churn", uploaded, window)  # type: ignore[arg-type]

    tasks = wired(stage)
    assert tasks["plan_tuning"].upstream_task_ids == {"resolve_window", "upload"}
