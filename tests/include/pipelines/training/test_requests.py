from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from prodml.company_rules import company_rules
from prodml.debugger.rules import NotFinite, Plateau, as_json

from include.pipelines.churn import PIPELINE
from include.pipelines.definition.resources import Instances, Resources, Step
from include.pipelines.errors import PipelineError
from include.pipelines.training import requests
from include.pipelines.training.requests import training
from include.settings import settings

DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}


def test_spot_training_waits_as_long_as_it_runs_and_no_other_request_changes() -> None:
    usual = training(PIPELINE, PIPELINE.candidates[0], "s3://b/run", DATA)
    on_spot = dataclasses.replace(PIPELINE, spot=True)
    spot = training(on_spot, PIPELINE.candidates[0], "s3://b/run", DATA)
    assert spot.pop("EnableManagedSpotTraining") is True
    limits = spot.pop("StoppingCondition")
    assert limits == {"MaxRuntimeInSeconds": 1800, "MaxWaitTimeInSeconds": 3600}
    assert usual.pop("StoppingCondition") == {"MaxRuntimeInSeconds": 1800}
    assert spot == usual


BIG = Instances("ml.m5.4xlarge", count=2, volume_gb=200, more_types=("ml.c5.2xlarge",))
CLUSTER = {"InstanceCount": 2, "InstanceType": "ml.m5.4xlarge", "VolumeSizeInGB": 200}
PLACES = {"artifacts": "s3://b/a", "prefix": "s3://b/p", "raw": "s3://b/raw/"}
WINDOW: Any = PLACES | {
    "manifest": "s3://b/p/m.json",
    "listing": "s3://b/p/l.json",
    "holdout": "2024-03-04T00:00:00+00:00",
}
BY_STEP = dataclasses.replace(PIPELINE, resources=Resources(processing=BIG))


def test_preprocessing_runs_on_its_instances_and_other_processing_on_one() -> None:
    first = requests.preprocess(BY_STEP, WINDOW)
    assert first["config"]["ProcessingResources"]["ClusterConfig"] == CLUSTER
    assert first["instance_types"] == ["ml.c5.2xlarge"]
    raw = first["config"]["ProcessingInputs"][0]["S3Input"]
    assert raw["S3DataDistributionType"] == "ShardedByS3Key"
    drift = requests.drift(BY_STEP)
    assert drift["config"]["ProcessingResources"]["ClusterConfig"] == CLUSTER | {"InstanceCount": 1}
    assert drift["instance_types"] == ["ml.c5.2xlarge"]


def test_spark_gets_the_manifest_in_place_of_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRODML_NETWORK_ISOLATION", raising=False)
    by_spark = dataclasses.replace(PIPELINE, resources=Resources(processing=BIG, engine="spark"))
    request = requests.preprocess(by_spark, WINDOW)
    assert request["arguments"][:2] == ["spark.start", "split"]
    assert "sagemaker-spark-processing:3.5" in request["config"]["AppSpecification"]["ImageUri"]
    assert request["config"]["ProcessingInputs"][0]["S3Input"]["S3DataType"] == "S3Prefix"
    company_rules.cache_clear()
    monkeypatch.setenv("PRODML_NETWORK_ISOLATION", "true")
    with pytest.raises(PipelineError, match="Set the engine of the pipeline's resources to arrow"):
        requests.preprocess(by_spark, WINDOW)
    company_rules.cache_clear()


def test_a_candidates_own_instances_and_input_mode_are_those_of_its_job() -> None:
    first, second, *_ = PIPELINE.candidates
    own = dataclasses.replace(first, resources=BIG, input_mode="FastFile")
    trial = requests.trial(PIPELINE, own, "s3://b/run", DATA)
    assert trial["config"]["ResourceConfig"] == CLUSTER
    assert trial["config"]["AlgorithmSpecification"]["TrainingInputMode"] == "FastFile"
    assert trial["instance_types"] == ["ml.c5.2xlarge"]
    usual = requests.trial(PIPELINE, second, "s3://b/run", DATA)["config"]
    assert usual["ResourceConfig"] == Instances().cluster(Step.TRAINING)
    assert usual["AlgorithmSpecification"]["TrainingInputMode"] == "File"


def test_instances_that_train_together_share_the_training_objects_alone() -> None:
    own = dataclasses.replace(PIPELINE.candidates[0], resources=BIG)
    channels = training(PIPELINE, own, "s3://b/run", DATA)["InputDataConfig"]
    sources = {c["ChannelName"]: c["DataSource"]["S3DataSource"] for c in channels}
    shared = {name: source["S3DataDistributionType"] for name, source in sources.items()}
    assert shared == {"train": "ShardedByS3Key", "validation": "FullyReplicated"}


def test_the_environment_has_the_types_that_a_file_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its fallbacks are for its own types alone: a GPU must not become a small CPU."""
    monkeypatch.setenv("PRODML_TRANSFORM_INSTANCE_TYPE", "ml.c5.xlarge")
    monkeypatch.setenv("PRODML_MORE_INSTANCE_TYPES", "ml.m5.2xlarge")
    settings.cache_clear()
    try:
        assert requests.transform(PIPELINE) == {
            "instance_type": "ml.c5.xlarge",
            "instance_count": 1,
            "instance_types": ["ml.m5.2xlarge"],
        }
        stated = dataclasses.replace(
            PIPELINE, resources=Resources(transform=Instances("ml.g4dn.xlarge"))
        )
        assert requests.transform(stated)["instance_types"] == []
    finally:
        settings.cache_clear()


def test_a_candidates_rules_replace_those_of_the_pipeline() -> None:
    first, second, *_ = PIPELINE.candidates
    own = dataclasses.replace(first, rules=(Plateau("validation:auc", "Maximize", stop=True),))
    watched = dataclasses.replace(PIPELINE, rules=(NotFinite(),))
    assert requests.trial(watched, own, "s3://b", DATA)["rules"] == as_json(own.rules or ())
    assert requests.trial(watched, second, "s3://b", DATA)["rules"] == as_json([NotFinite()])
    assert "rules" not in requests.trial(PIPELINE, second, "s3://b", DATA)
