"""Let an AutoML job search for the model, and select its best candidate."""

from __future__ import annotations

from typing import Any

from airflow.sdk import chain, task
from prodml.operators.automl import AutoMLOperator
from prodml.operators.processing import ProcessingJobOperator

from include.pipelines.contracts.data import DataSets, Prepared, Tables, Tabulated, Window
from include.pipelines.contracts.training import AutoMLPlan
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.stages.groups import group
from include.pipelines.stages.references import called, output, output_as, task_of, templates
from include.pipelines.stages.training import Selection, select
from include.pipelines.training import automl
from include.pipelines.training.packing import refuse_several_containers


@task
def plan_automl(pipeline: str, window: Window, tables: Tables, *, params: Any) -> AutoMLPlan:
    """Return the request of the AutoML job."""
    return {"config": automl.request(find(pipeline), params, tables, window["artifacts"])}


def automate(pipeline: Pipeline, window: Window, prepared: Prepared) -> Selection:
    """Run an AutoML job, whose candidates are trials too; select the best of them."""
    refuse_several_containers(pipeline)
    with group("search", "AutoML", "An AutoML job, and the best of its candidates"):
        tables = ProcessingJobOperator(
            task_id="add_headers",
            multiple_outputs=True,
            **automl.tables(
                pipeline, templates(DataSets, prepared["outputs"]), f"{window['prefix']}"
            ),
        )
        chain(task_of(prepared), tables)
        written = output_as(Tabulated, tables)
        plan = called(plan_automl)(pipeline.name, window, written["outputs"])
        search = AutoMLOperator(
            task_id="automl",
            multiple_outputs=True,
            config=plan["config"],
            shared_components=[prepared["trial_component"]],
        )
        result = output(search)
        return select(search, [result["best"]], result["trials"], window)
