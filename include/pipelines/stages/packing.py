"""Pack the best trial's model into one container, where the pipeline's serving kind takes one."""

from __future__ import annotations

from airflow.sdk import task
from prodml.operators.processing import ProcessingJobOperator
from prodml.results import BestTrial

from include.jobs.tabular.pack import PACKED
from include.pipelines.contracts.data import DataSets, Window
from include.pipelines.contracts.training import Packed, PackingPlan
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.stages.groups import group
from include.pipelines.stages.references import called, output_as
from include.pipelines.training import packing, requests


@task
def plan_packing(pipeline: str, best: BestTrial, window: Window, data: DataSets) -> PackingPlan:
    """Return the request of the job that packs the model."""
    return packing.plan(find(pipeline), best, window["artifacts"], data)


@task
def packed_best(best: BestTrial, packed: Packed) -> BestTrial:
    """Return the best trial with the one container that serves it."""
    return packing.packed(best, packed["outputs"][PACKED])


def pack(pipeline: Pipeline, best: BestTrial, window: Window, data: DataSets) -> BestTrial:
    """Return *best*, in one container if the pipeline's serving kind takes no more."""
    if not pipeline.is_packed:
        return best
    with group("pack_model", "Pack", "Preprocessing, model and answers in one container"):
        plan = called(plan_packing)(pipeline.name, best, window, data)
        pack = ProcessingJobOperator(
            task_id="pack",
            config=plan["config"],
            arguments=plan["arguments"],
            **requests.packing(pipeline),
        )
        return called(packed_best)(best, output_as(Packed, pack))
