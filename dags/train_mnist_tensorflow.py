"""
### Compare networks that read digits, by TensorFlow 2 in script mode

The same experiment as `train_mnist_pytorch`, on the same images, with a script for TensorFlow: each
trial leaves a SavedModel below a version folder, which the TensorFlow image serves as it is.

A second run sends no image again and trains no set of hyperparameters again that has been trained,
unless `fresh` is ticked. One trial that fails leaves the others, and has its line in the table.
"""

from __future__ import annotations

from airflow.sdk import dag

from include.pipelines import params, stages
from include.pipelines.mnist import TENSORFLOW

WIDTHS = [{"hidden_units": number} for number in (32, 128)]


@dag(
    schedule=None,
    catchup=False,
    params=params.study(TENSORFLOW, WIDTHS),
    doc_md=__doc__,
    tags=["mnist", "experiment"],
    default_args=TENSORFLOW.default_args() | params.JOBS,
)
def train_mnist_tensorflow() -> None:
    stages.study(TENSORFLOW)


train_mnist_tensorflow()
