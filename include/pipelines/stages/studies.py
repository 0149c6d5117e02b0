"""An experiment that compares and deploys nothing."""

from __future__ import annotations

from airflow.sdk import chain
from prodml.operators.experiments import LogTrialComponentOperator
from prodml.operators.project import EnsureExperimentOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.upload import UploadDatasetOperator

from include.pipelines import mnist, tasks
from include.pipelines.stages.wires import leaderboard
from include.pipelines.studies import Study
from include.settings import settings


def study(study: Study) -> None:
    """Images in S3, their statistics as a component of every trial, the trials, and their order."""
    images = tasks.choose_images()
    upload = UploadDatasetOperator(
        task_id="upload", bucket=settings().bucket, prefix=mnist.PREFIX, files=images["files"]
    )
    measured = tasks.measure_images(images)
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
        shared_components=[preprocessing.output["trial_component"]],
        map_index_template="{{ task.name }}",
        max_active_tis_per_dagrun=study.parallel,
    ).expand_kwargs(tasks.plan_trials(study.name, images, measured))
    board = leaderboard(study.uri("leaderboard"))
    chain(upload, measured)
    chain(create_experiment, train, board)
