"""
### Compare neural networks for digits, with PyTorch in script mode

An experiment, not a pipeline: it deploys nothing. The form's `trials` are trained two at a time;
all trials share one "Preprocessing" component with the statistics of the images. With two or more
`instances`, they train one network together. The leaderboard ranks the run's trials, and those of
earlier runs in a second table.

A second run uploads no image again and reuses trials with the same hyperparameters, unless `fresh`
is set. A failing trial does not stop the others, and is listed in the table.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.mnist import PYTORCH

WIDTHS = [{"hidden_channels": number} for number in (2, 5, 10)]


@dag(
    schedule=None,
    catchup=False,
    params=params.study(PYTORCH, WIDTHS, cluster=True),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["mnist", "experiment"],
    default_args=PYTORCH.default_args() | params.JOBS,
)
def train_mnist_pytorch() -> None:
    stages.study(PYTORCH)


train_mnist_pytorch()
