"""Pack the best trial's model into one container, as serverless endpoints and components need."""

from __future__ import annotations

from prodml.results import BestTrial, Container

from include.jobs.tabular.archive import NAME
from include.jobs.tabular.pack import PACKED, PREPROCESSING
from include.jobs.tabular.packed_model import SCRIPT, TRAINED
from include.pipelines.contracts.data import DataSets
from include.pipelines.contracts.training import PackingPlan
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.errors import PipelineError
from include.pipelines.training.requests import INPUT, OUTPUT, processing
from include.pipelines.training.serving import CODE
from include.settings import settings

PROGRAM, SUBMITTED = "SAGEMAKER_PROGRAM", "SAGEMAKER_SUBMIT_DIRECTORY"


def plan(pipeline: Pipeline, best: BestTrial, prefix: str, data: DataSets) -> PackingPlan:
    """Return the request of the job that packs the model, below *prefix*; a step of its trial."""
    trained = best["container"]
    inputs = {
        PREPROCESSING: f"{data['preprocessing'].rstrip('/')}/{NAME}",
        TRAINED: str(trained["ModelDataUrl"]),
    }
    outputs = {PACKED: f"{prefix}/{PACKED}"}
    shown = {
        "ExperimentName": pipeline.group,
        "TrialName": best["trial"],
        "TrialComponentDisplayName": "Packing",
    }
    return {
        "config": processing(pipeline, inputs, outputs) | {"ExperimentConfig": shown},
        "arguments": ["tabular.pack", "--input", INPUT, "--output", OUTPUT],
    }


def packed(best: BestTrial, folder: str) -> BestTrial:
    """Return the best trial with the container of the archive in *folder*."""
    trained = best["container"]
    variables = dict(trained.get("Environment", {}))
    variables.pop(SUBMITTED, None)
    if script := variables.pop(PROGRAM, None):
        variables[SCRIPT] = script.removesuffix(".py")
    variables |= {
        PROGRAM: "packed_model.py",
        SUBMITTED: CODE,
        "SAGEMAKER_REGION": settings().region,
    }
    container: Container = {
        "Image": trained["Image"],
        "ModelDataUrl": f"{folder.rstrip('/')}/{NAME}",
        "Environment": variables,
    }
    return {**best, "container": container}


def refuse_several_containers(pipeline: Pipeline) -> None:
    """Raise for a pipeline whose models are packed, where AutoML makes them."""
    if pipeline.is_packed:
        raise PipelineError(
            f"Pipeline {pipeline.name!r} is serverless or a component, which takes one container, "
            "and AutoML makes models of several. Train or tune its candidates, or serve on "
            "instances."
        )
