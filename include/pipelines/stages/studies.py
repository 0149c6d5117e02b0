"""Connect the tasks of an experiment that deploys nothing."""

from __future__ import annotations

from typing import Any

from airflow.sdk import chain, task
from prodml.operators.experiments import LogTrialComponentOperator
from prodml.operators.project import EnsureExperimentOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines import mnist
from include.pipelines.adapters.outcomes import settled
from include.pipelines.contracts.data import Images, Pixels
from include.pipelines.contracts.training import TrialArguments
from include.pipelines.data import runs
from include.pipelines.definition.study import Study
from include.pipelines.stages.references import called, output, outputs, task_of
from include.pipelines.stages.shared import leaderboard
from include.pipelines.training import costs
from include.pipelines.training.studies import trials
from include.settings import settings


@task
def choose_images(*, params: Any) -> Images:
    """Return the address of the trials' images, and the local files to upload there first."""
    return mnist.choose(params["data_uri"])


@task
def measure_images(chosen: Images) -> Pixels:
    """Return the mean and deviation of the training pixels, for normalization."""
    return mnist.measure(chosen["uri"])


@task
def plan_trials(
    study: str, chosen: Images, measured: Pixels, **context: Any
) -> list[TrialArguments]:
    """Return one training job for each set of hyperparameters in the form."""
    stated, params = mnist.STUDIES[study], context["params"]
    settled(costs.bound_study)(stated, params)
    prefix = runs.run_prefix(context, study)
    return settled(trials)(stated, params, chosen["uri"], measured, prefix)


def study(study: Study) -> None:
    """Images in S3, their statistics as a component of every trial, the trials, and their order."""
    images = called(choose_images)()
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=mnist.PREFIX, files=images["files"]
    )
    measured = called(measure_images)(images)
    preprocessing = LogTrialComponentOperator(
        task_id="log_preprocessing",
        multiple_outputs=True,
        display_name="Preprocessing",
        parameters=measured,
        inputs={"images": images["uri"]},
    )
    create_experiment = EnsureExperimentOperator(task_id="create_experiment")
    train = TrainTrialOperator.partial(
        task_id="train",
        shared_components=[output(preprocessing)["trial_component"]],
        map_index_template="{{ task.name }}",
        max_active_tis_per_dagrun=study.parallel,
    ).expand_kwargs(plan_trials(study.name, images, measured))
    board = leaderboard(study.uri("leaderboard"), outputs(TrainTrialOperator, train))
    chain(upload, task_of(measured))
    chain(create_experiment, train, board)
