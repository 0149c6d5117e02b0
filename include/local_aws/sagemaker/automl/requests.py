"""The requests of the jobs that an AutoML job consists of."""

from __future__ import annotations

import os
from typing import Any

from ...core.store import Doc
from . import ensembling, searches, settings
from .objectives import METRICS, direction, objective_of
from .searches import SKLEARN, XGBOOST, Algorithm, image_uri

INPUT, OUTPUT = "/opt/ml/processing/input", "/opt/ml/processing/output"
MESSAGE = "/opt/ml/output/message"
CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
MOST_PARALLEL = 10
LONGEST = 86400  # seconds of a job without a limit


class Requests:
    """The requests of one job; *region* is that of the images."""

    def __init__(self, job: Doc, region: str) -> None:
        self._job = job
        self._region = region
        self._security: Doc = job.get("SecurityConfig", {})

    def code(self, name: str = "") -> str:
        """Return the address of the job's scripts, or of one of them."""
        return settings.place(self._job, "sagemaker-automl-candidates", "code", name)

    @property
    def archive(self) -> str:
        return settings.place(self._job, "sagemaker-automl-candidates", "sourcedir.tar.gz")

    @property
    def _split(self) -> str:
        return settings.place(self._job, "preprocessed-data", "tuning_data")

    def _transformed(self, processor: str) -> str:
        return settings.place(self._job, "transformed-data", processor, "csv")

    def analysis(self) -> Doc:
        """Return the processing job that reads the input and splits it."""
        channels = {kind: settings.channel(self._job, kind) for kind in ("training", "validation")}
        given = {kind: channel for kind, channel in channels.items() if channel}
        return {
            "RoleArn": self._job["RoleArn"],
            "AppSpecification": {
                "ImageUri": image_uri(self._region, SKLEARN),
                "ContainerEntrypoint": ["python3", f"{INPUT}/code/analyze.py"],
                "ContainerArguments": self._arguments(given),
            },
            "ProcessingInputs": [
                _input("code", self.code(), "S3Prefix"),
                *(_input(kind, *_source(channel)) for kind, channel in given.items()),
            ],
            "ProcessingOutputConfig": self._output_key
            | {"Outputs": [_output("tuning_data", self._split)]},
            "ProcessingResources": {"ClusterConfig": self._cluster()},
            "StoppingCondition": {"MaxRuntimeInSeconds": LONGEST},
            "NetworkConfig": self._vpc()
            | {"EnableInterContainerTrafficEncryption": self._is_encrypted},
        }

    def _arguments(self, channels: Doc) -> list[str]:
        config = settings.tabular(self._job)
        split: Doc = self._job.get("DataSplitConfig", {})
        arguments = {
            "--output": f"{OUTPUT}/tuning_data",
            "--message": MESSAGE,
            "--target": config["TargetAttributeName"],
            "--problem-type": config.get("ProblemType"),
            "--fraction": split.get("ValidationFraction", settings.VALIDATION_FRACTION),
        }
        arguments |= {f"--{kind}": f"{INPUT}/{kind}" for kind in channels}
        return [str(word) for pair in arguments.items() if pair[1] is not None for word in pair]

    def processor(self, algorithm: Algorithm) -> Doc:
        """Return the training job that fits a data processor."""
        hyperparameters = searches.script("data_processor.py", self.archive) | {
            "scaled": str(int(algorithm.scaled)),
            "problem-type": self._job["ResolvedProblemType"],
        }
        return self._training(
            image_uri(self._region, SKLEARN), self._split, "data-processor-models"
        ) | {"HyperParameters": hyperparameters}

    def transform(self, algorithm: Algorithm, model: str) -> Doc:
        """Return the transform job that encodes both data sets with a data processor."""
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{self._split}/"}}
        output = {"S3OutputPath": self._transformed(algorithm.processor), "Accept": "text/csv"}
        return {
            "ModelName": model,
            "BatchStrategy": "MultiRecord",
            "TransformInput": {
                "DataSource": source,
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            "TransformOutput": output | self._output_key,
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        }

    def tuning(self, candidates: int, seconds: int | None) -> Doc:
        """Return the tuning job of all algorithms, with at most that many training jobs."""
        objective = objective_of(self._job)
        problem = self._job["ResolvedProblemType"]
        limits: Doc = {
            "MaxNumberOfTrainingJobs": candidates,
            "MaxParallelTrainingJobs": min(candidates, os.cpu_count() or 1, MOST_PARALLEL),
        }
        if seconds is not None:
            limits["MaxRuntimeInSeconds"] = max(1, seconds)
        return {
            "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": limits},
            "TrainingJobDefinitions": [
                self._definition(
                    searches.KNOWN[name],
                    {
                        "Type": direction(objective),
                        "MetricName": f"validation:{METRICS[problem][objective]}",
                    },
                )
                for name in settings.algorithms(self._job)
            ],
        }

    def trial(self, number: int) -> Doc:
        """Return the training job of an ensemble, by the number of its settings."""
        problem = self._job["ResolvedProblemType"]
        algorithms = settings.algorithms(self._job)
        request = self._training(image_uri(self._region, XGBOOST), self._split, "ensembles")
        request["AlgorithmSpecification"]["MetricDefinitions"] = searches.printed(problem)
        return request | {
            "HyperParameters": ensembling.hyperparameters(number, algorithms, problem, self.archive)
        }

    def _definition(self, algorithm: Algorithm, objective: Doc) -> Doc:
        problem = self._job["ResolvedProblemType"]
        image = image_uri(self._region, algorithm.image)
        name = f"{algorithm.processor}-{algorithm.short}"
        data = self._transformed(algorithm.processor)
        definition = self._training(image, data, "tuning", name)
        definition["AlgorithmSpecification"]["MetricDefinitions"] = searches.metric_definitions(
            algorithm, problem
        )
        classes = self._job["ResolvedClasses"]
        return definition | {
            "DefinitionName": name,
            "TuningObjective": objective,
            "HyperParameterRanges": searches.ranges(algorithm),
            "StaticHyperParameters": searches.fixed(algorithm, problem, classes, self.archive),
        }

    def _training(self, image: str, data: str, *output: str) -> Doc:
        longest = settings.criteria(self._job).get("MaxRuntimePerTrainingJobInSeconds", LONGEST)
        return {
            "RoleArn": self._job["RoleArn"],
            "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
            "InputDataConfig": [_channel(n, f"{data}/{n}/") for n in ("train", "validation")],
            "OutputDataConfig": {"S3OutputPath": settings.place(self._job, *output)}
            | self._output_key,
            "ResourceConfig": self._cluster(),
            "StoppingCondition": {"MaxRuntimeInSeconds": longest},
            "EnableInterContainerTrafficEncryption": self._is_encrypted,
            **self._vpc(),
        }

    @property
    def _is_encrypted(self) -> bool:
        return bool(self._security.get("EnableInterContainerTrafficEncryption"))

    def _cluster(self) -> Doc:
        key = self._security.get("VolumeKmsKeyId")
        return CLUSTER | ({"VolumeKmsKeyId": key} if key else {})

    def _vpc(self) -> dict[str, Any]:
        return {"VpcConfig": self._security["VpcConfig"]} if "VpcConfig" in self._security else {}

    @property
    def _output_key(self) -> Doc:
        key = self._job["OutputDataConfig"].get("KmsKeyId")
        return {"KmsKeyId": key} if key else {}


def _source(channel: Doc) -> tuple[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    return source["S3Uri"], source["S3DataType"]


def _input(name: str, uri: str, data_type: str) -> Doc:
    source = {"S3Uri": uri, "LocalPath": f"{INPUT}/{name}", "S3InputMode": "File"}
    return {"InputName": name, "S3Input": source | {"S3DataType": data_type}}


def _output(name: str, uri: str) -> Doc:
    target = {"S3Uri": uri, "LocalPath": f"{OUTPUT}/{name}", "S3UploadMode": "EndOfJob"}
    return {"OutputName": name, "S3Output": target}


def _channel(name: str, uri: str) -> Doc:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "DataSource": {"S3DataSource": source},
    }
