"""Write the experiments of an account: training jobs with their trials and metrics, other jobs."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prodml.naming import Identity

from bench.studio.size import ARN, BUCKET, Doc, Size, at, pipeline

KINDS = ("Processing", "Transform")
RUNS = 10  # of each pipeline's DAG, which started the jobs
METRICS = ("validation:auc", "train:auc", "validation:logloss")
STEPS = 10  # of a metric
# Names of a built-in algorithm's metrics, whose definitions are most of what a Search returns.
DEFINED = [f"{part}:{name}" for name in range(36) for part in ("train", "validation")]


def experiments(size: Size) -> Iterator[tuple[str, str, Doc]]:
    for number in range(size.pipelines):
        name = pipeline(number)
        arn = {"ExperimentArn": f"{ARN}:experiment/{name}", "DisplayName": name}
        # The first one is the newest, which the page opens.
        yield "experiment", name, {"ExperimentName": name} | arn | at(number)
        trial = {"TrialName": name, "ExperimentName": name, "DisplayName": name}
        arn = {"TrialArn": f"{ARN}:experiment-trial/{name}"}
        yield "experiment-trial", name, trial | arn | at(number)


def job(number: int, size: Size) -> Iterator[tuple[str, str, Doc]]:
    """Yield a job and its trial component; one in three trained a trial."""
    status = "Failed" if number % 10 == 9 else "InProgress" if number < 3 else "Completed"
    ended = {} if status == "InProgress" else {"TrainingEndTime": time.time() - 60 * number}
    if not _trains(number, size):
        yield from _other_job(number, status)
        return
    name, eta, depth = f"job-{number}", f"{(number % 97) / 100 + 0.01}", str(3 + number % 7)
    channel = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/{number}/train"}}
    job = {
        "TrainingJobName": name,
        "TrainingJobArn": _arn(number, "Training"),
        "TrainingJobStatus": status,
        "SecondaryStatus": status,
        "AlgorithmSpecification": {
            "TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": n, "Regex": rf".*\[\d+\].*{n}:(\S+)"} for n in DEFINED],
        },
        "HyperParameters": {"eta": eta, "max_depth": depth, "num_round": "100"},
        "InputDataConfig": [{"ChannelName": "train", "DataSource": channel}],
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://{BUCKET}/{number}/model.tar.gz"},
        "TrainingStartTime": time.time() - 60 * number - 45,
        "BillableTimeInSeconds": 45,
    }
    reason = {"FailureReason": "AlgorithmError: out of memory"} if status == "Failed" else {}
    yield "training-job", name, job | reason | ended | at(60 * number)
    parameters = {
        "eta": {"NumberValue": float(eta)},
        "max_depth": {"NumberValue": float(depth)},
        "num_round": {"NumberValue": 100.0},
        "SageMaker.InstanceType": {"StringValue": "ml.m5.large"},
    }
    trained = {"train": {"Value": f"s3://{BUCKET}/{number}/train"}}
    kind, of_job, component = _component(
        number, "Training", status, Parameters=parameters, InputArtifacts=trained
    )
    yield kind, of_job, component | {"DisplayName": f"xgboost-{number % 4}", "OutputArtifacts": {}}


def _other_job(number: int, status: str) -> Iterator[tuple[str, str, Doc]]:
    """Yield a processing or transform job of forty seconds, and its component."""
    noun, name = KINDS[number % 2], f"job-{number}"
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5}
    began = time.time() - 60 * number - 45
    job = {
        f"{noun}JobName": name,
        f"{noun}JobArn": _arn(number, noun),
        f"{noun}JobStatus": status,
        f"{noun}StartTime": began,
        f"{noun}EndTime": began + 40,
        "ProcessingResources": {"ClusterConfig": resources},
        "TransformResources": resources,
        "TransformOutput": {"S3OutputPath": f"s3://{BUCKET}/{number}/scores"},
    }
    yield f"{noun.lower()}-job", name, job | at(60 * number)
    yield _component(number, noun, status)


def _component(number: int, noun: str, status: str, **members: Doc) -> tuple[str, str, Doc]:
    name = f"job-{number}-aws-{noun.lower()}-job"
    component: Doc = {
        "TrialComponentName": name,
        "TrialComponentArn": f"{ARN}:experiment-trial-component/{name}",
        "DisplayName": f"{noun.lower()}-{number % 4}",
        "Source": {"SourceArn": _arn(number, noun), "SourceType": f"SageMaker{noun}Job"},
        "Status": {"PrimaryStatus": status},
    }
    return "experiment-trial-component", name, component | members | at(60 * number)


def _arn(number: int, noun: str) -> str:
    return f"{ARN}:{noun.lower()}-job/job-{number}"


def tags(size: Size) -> Iterator[tuple[str, str, str]]:
    """Yield the tags by which each job names its task."""
    for number in range(size.jobs):
        noun = "Training" if _trains(number, size) else KINDS[number % 2]
        name = pipeline(number % size.pipelines)
        owner = Identity("local", f"retrain_{name}", f"manual__{number % RUNS}", noun.lower())
        for tag in owner.tags(1, "0" * 64):
            yield _arn(number, noun), tag["Key"], tag["Value"]


def _trains(number: int, size: Size) -> bool:
    """Return whether a job is a training job: those of the large experiment, and one in three."""
    return number < size.trials or number % 3 == 0


def _experiment_of(number: int, size: Size) -> str:
    return pipeline(0 if number < size.trials else number % size.pipelines)


def _trained(size: Size) -> Iterator[int]:
    return (number for number in range(size.jobs) if _trains(number, size))


def links(size: Size) -> Iterator[tuple[str, str, str, float]]:
    for number in _trained(size):
        component = f"job-{number}-aws-training-job"
        yield "trial-component", _experiment_of(number, size), component, time.time()


def series(size: Size) -> Iterator[tuple[str, str, float, int, float]]:
    for number in _trained(size):
        for metric in METRICS if number % 10 != 9 else ():
            for step in range(STEPS):
                value = 0.6 + (number % 31) / 100 + step / 500
                component = f"job-{number}-aws-training-job"
                yield component, metric, time.time() - 60 * number + step, step, value
