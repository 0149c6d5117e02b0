"""
### Compare networks that read digits, by PyTorch in script mode

An experiment, not a pipeline: it deploys nothing. The form's `trials` are trained side by side, two
at a time, each as a trial that shares one "Preprocessing" component with the statistics of the
images. From two `instances` on, they train one network together. The leaderboard ranks the run's
trials, and those of earlier runs in a second table.

A second run sends no image again and trains no set of hyperparameters again that has been trained,
unless `fresh` is ticked. One trial that fails leaves the others, and has its line in the table.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.mnist import PYTORCH

WIDTHS = [{"hidden_channels": number} for number in (2, 5, 10)]


@dag(
    schedule=None,
    catchup=False,
    params=params.study(PYTORCH, WIDTHS) | {"instances": params.INSTANCES},
    doc_md=__doc__,
    tags=["mnist", "experiment"],
    default_args=PYTORCH.default_args() | params.JOBS,
)
def train_mnist_pytorch() -> None:
    stages.study(PYTORCH)


train_mnist_pytorch()
