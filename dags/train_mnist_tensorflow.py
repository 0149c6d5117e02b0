"""
### Compare neural networks for digits, with TensorFlow 2 in script mode

The same experiment as `train_mnist_pytorch`, on the same images, with a TensorFlow script: each
trial saves a SavedModel in a version folder, which the TensorFlow image serves unchanged.

A second run uploads no image again and reuses trials with the same hyperparameters, unless `fresh`
is set. A failing trial does not stop the others, and is listed in the table.
"""

from __future__ import annotations

from airflow.sdk import dag
from prodml.notifications.runs import on_failure

from include.pipelines import params, stages
from include.pipelines.mnist import TENSORFLOW

WIDTHS = [{"hidden_units": number} for number in (32, 128)]


@dag(
    schedule=None,
    catchup=False,
    params=params.study(TENSORFLOW, WIDTHS),
    on_failure_callback=on_failure(),
    doc_md=__doc__,
    tags=["mnist", "experiment"],
    default_args=TENSORFLOW.default_args() | params.JOBS,
)
def train_mnist_tensorflow() -> None:
    stages.study(TENSORFLOW)


train_mnist_tensorflow()
