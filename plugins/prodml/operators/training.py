"""Train one candidate as one trial of an experiment."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.exceptions import RequestRefusedError
from prodml.experiments.trials import associate, component_of, ensure_trial
from prodml.jobs.script_source import (
    hook_file,
    prefix_for_code,
    serving_environment,
    with_source,
)
from prodml.naming import deployment_stem, readable, request_hash
from prodml.operators.examination import ExaminedJobOperator
from prodml.results import Container, Trial
from prodml.vocabulary import TRAINING, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)
TRIAL_LIMIT = 120
SCRIPT = ("program", "submit_directory", "region")  # what the toolkits must know of a script
RESERVED = ("_tuning", "sagemaker_")  # prefixes of hyperparameters that SageMaker adds


class TrainTrialOperator(ExaminedJobOperator):
    """
    Run a training job inside a trial; map it over candidates to compare them.

    Returns ``{"name", "trial", "job_name", "algorithm", "hyperparameters", "status", "metrics",
    "model_data", "image", "container", "billable_seconds"}``; *container* serves the
    model and fits a model package or a transform job. A job that a rule stopped, and whose model is
    usable, has its status and ``stopped_by``.

    :param experiment: The experiment; it must exist.
    :param name: The candidate's display name, such as ``xgboost-deep``.
    :param config: The CreateTrainingJob request without its name. Hyperparameters may be numbers.
    :param algorithm: The algorithm's display name; the image's name if left out.
    :param trial: The trial's name; computed from the run and *name* if left out.
    :param shared_components: Trial components that all trials of the run share, such as the
        preprocessing.
    :param source_dir: A local folder with the training script, for images that run scripts;
        uploaded as a reproducible archive under its digest, given to the job in the channel
        ``code``, and put into the model for its serving: no container fetches it from S3.
    :param entry_point: The script in *source_dir*; with *rules*, it can ``import prodml_hook``.
    :param code_prefix: The S3 prefix for uploaded code.
    :param serving_image: The image that serves the model, if it differs from the training image;
        the model must then contain its script or need none.
    """

    kind = TRAINING
    template_fields: Sequence[str] = (
        *ExaminedJobOperator.template_fields,
        "experiment",
        "name",
        "algorithm",
        "trial",
        "shared_components",
        "source_dir",
        "entry_point",
        "code_prefix",
        "serving_image",
    )

    def __init__(
        self,
        *,
        experiment: str,
        name: str,
        config: Json,
        algorithm: str | None = None,
        trial: str | None = None,
        shared_components: Sequence[str] = (),
        source_dir: str | None = None,
        entry_point: str = "train.py",
        code_prefix: str | None = None,
        serving_image: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.experiment = experiment
        self.name = name
        self.algorithm = algorithm
        self.trial = trial
        self.shared_components = shared_components
        self.source_dir = source_dir
        self.entry_point = entry_point
        self.code_prefix = code_prefix
        self.serving_image = serving_image

    def build(self, context: Context) -> Json:
        request = dict(self.config)
        if self.role_arn:
            request.setdefault("RoleArn", self.role_arn)
        parameters = request.get("HyperParameters", {}).items()
        request["HyperParameters"] = {name: encoded(value) for name, value in parameters}
        if self.source_dir:
            request = self._with_source(request)
        request["ExperimentConfig"] = {
            "ExperimentName": self.experiment,
            "TrialName": self._trial_name(context),
            "TrialComponentDisplayName": self.name,
        }
        return request

    def prepare(self, context: Context) -> None:
        trial = self._trial_name(context)
        ensure_trial(self.sagemaker, self.experiment, trial)
        associate(self.sagemaker, trial, [c for c in self.shared_components if c])

    def finish(self, context: Context, name: str, description: Json) -> Any:
        """Add the component of a reused job to this run's trial."""
        self.trial = self._trial_name(context)
        if description.get("ExperimentConfig", {}).get("TrialName") != self.trial:
            self.prepare(context)
            component = component_of(self.sagemaker, description["TrainingJobArn"])
            associate(self.sagemaker, self.trial, [component] if component else [])
        return super().finish(context, name, description)

    def _trial_name(self, context: Context) -> str:
        """Return one name per candidate and run, also for a mapped task."""
        if self.trial:
            return self.trial
        identity = self.identity(context)
        digest = request_hash([*vars(identity).values(), self.experiment])[:8]
        stem, parts = (
            deployment_stem(identity.deployment),
            [self.experiment, identity.parts()[1], self.name],
        )
        words = readable(parts, TRIAL_LIMIT - 9 - len(stem))
        return f"{stem}{words}-{digest}".lower()

    def _with_source(self, request: Json) -> Json:
        prefix = prefix_for_code(self.code_prefix)
        source = (str(self.source_dir), self.entry_point, prefix)
        return with_source(self.s3, request, *source, hook_file() if self.rules else {})

    def outputs(self, description: Json) -> list[str]:
        data = artifact_of(description)
        return [data] if data else []

    def result(self, name: str, description: Json) -> Trial:
        script = self.entry_point if self.source_dir else None
        stated = (self.name, str(self.trial), self.algorithm, self.serving_image, script)
        return trial_result(description, *stated)


def trial_result(
    description: Json,
    name: str,
    trial: str,
    algorithm: str | None = None,
    serving_image: str | None = None,
    script: str | None = None,
) -> Trial:
    """Return the result of a completed training job, as SelectBestTrialOperator takes it."""
    image = description["AlgorithmSpecification"]["TrainingImage"]
    parameters = description.get("HyperParameters", {})
    metrics = description.get("FinalMetricDataList", [])
    if not (data := artifact_of(description)):
        raise RequestRefusedError(
            f"Training job {description['TrainingJobName']} completed without a model: its script "
            "wrote nothing to /opt/ml/model. Save the model in the folder that SM_MODEL_DIR "
            "names, then clear the task."
        )
    container = serving_container(image, data, parameters, script)
    if serving_image:
        container = {"Image": serving_image, "ModelDataUrl": data}
    return {
        "name": name,
        "trial": trial,
        "job_name": description["TrainingJobName"],
        "algorithm": algorithm or image.rpartition("/")[2].partition(":")[0],
        "hyperparameters": {
            k: decoded(v) for k, v in parameters.items() if not k.startswith(RESERVED)
        },
        "status": description["TrainingJobStatus"],
        "metrics": finite(metrics),
        "model_data": data,
        "image": image,
        "container": container,
        "billable_seconds": description.get("BillableTimeInSeconds"),
    }


def artifact_of(description: Json) -> str:
    """Return the S3 address of a training job's model; empty if it has none."""
    return str(description.get("ModelArtifacts", {}).get("S3ModelArtifacts") or "")


def finite(metrics: Sequence[Json]) -> dict[str, float]:
    """Return metrics by name, without NaN and infinity, which an XCom cannot hold."""
    values = {m["MetricName"]: float(m["Value"]) for m in metrics}
    if wrong := {name: value for name, value in values.items() if not math.isfinite(value)}:
        log.warning("Leaving out metrics that are not finite: %s", wrong)
    return {name: value for name, value in values.items() if name not in wrong}


def serving_container(
    image: str, model_data: str, parameters: Mapping[str, str], script: str | None = None
) -> Container:
    """Return the container that serves a trained model.

    An image that runs scripts must know the script here too: either *script*, which the model
    contains, or the one that the hyperparameters name.
    """
    container: Container = {"Image": image, "ModelDataUrl": model_data}
    named = {name: str(decoded(parameters.get(f"sagemaker_{name}", ""))) for name in SCRIPT}
    if script:
        container["Environment"] = serving_environment(script, named["region"])
    elif named["program"]:
        container["Environment"] = {f"SAGEMAKER_{k.upper()}": v for k, v in named.items()}
    return container


def encoded(value: Any) -> str:
    """Return a hyperparameter as SageMaker takes it: always text."""
    return value if isinstance(value, str) else json.dumps(value)


def decoded(text: str) -> Any:
    """Return a hyperparameter with the type that its author wrote."""
    try:
        return json.loads(text)
    except ValueError:
        return text
