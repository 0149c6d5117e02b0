"""The forms of experiments' DAGs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from airflow.sdk import Param

from include.pipelines.definition.study import Study
from include.pipelines.params.fields import (
    FRESH,
    STATISTIC,
    Fields,
    direction,
    instances,
    jobs,
    section,
)
from include.settings import settings

DATA_URI = Param(
    settings().mnist_uri,
    type="string",
    pattern="^(s3://.+)?$",
    title="Images",
    description="An S3 prefix with MNIST's .npy files. Empty: the 5,000 images that the project "
    "ships are uploaded.",
)

HYPERPARAMETERS = {
    "epochs": Param(3, type="integer", minimum=1, maximum=1000, title="Epochs"),
    "dropout": Param(0.2, type="number", minimum=0, exclusiveMaximum=1, title="Dropout"),
    "optimizer": Param("adam", type="string", enum=["adam", "sgd"], title="Optimizer"),
    "backend": Param(
        "gloo",
        type="string",
        enum=["gloo", "nccl"],
        title="Communication backend",
        description="Between several instances: gloo on CPUs, nccl on GPUs.",
    ),
}


def study(study: Study, trials: Sequence[dict[str, Any]], *, cluster: bool = False) -> Fields:
    """Return the form of an experiment's DAG; *trials* are tried unless it says otherwise.

    With *cluster*, a trial may run on several instances.
    """
    return {
        "trials": Param(
            list(trials),
            type="array",
            minItems=1,
            maxItems=50,
            items={"type": "object", "additionalProperties": {"type": ["number", "string"]}},
            title="Trials",
            description="One set of hyperparameters a trial; they win over those below.",
        ),
        **{name: HYPERPARAMETERS[name] for name in study.shared},
        "fresh": FRESH,
        **section(
            "Selection",
            {
                "metric": Param(
                    "test:loss", type="string", enum=sorted(study.metrics), title="Metric"
                ),
                "direction": direction("Minimize"),
                "statistic": STATISTIC,
            },
        ),
        **section("Data", {"data_uri": DATA_URI}),
        **jobs(**({"instances": instances(study.resources.count)} if cluster else {})),
    }
