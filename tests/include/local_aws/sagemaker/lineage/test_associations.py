from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from smexperiments.tracker import Tracker

from include.local_aws.testing import REGION, Server
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.lineage.test_artifacts import create

Unique = Callable[[str], str]


def test_association_is_added_listed_and_deleted(sagemaker: Any, unique: Unique) -> None:
    first, second = (create(sagemaker, f"s3://bucket/{unique('data')}") for _ in range(2))
    edge = {"SourceArn": first, "DestinationArn": second}
    sagemaker.add_association(**edge, AssociationType="DerivedFrom")
    (association,) = sagemaker.list_associations(SourceArn=first)["AssociationSummaries"]
    assert (association["DestinationArn"], association["AssociationType"]) == (
        second,
        "DerivedFrom",
    )
    code, message = refusal(sagemaker.add_association, **edge, AssociationType="Produced")
    assert (code, message.endswith("already exists.")) == ("ValidationException", True)
    sagemaker.delete_association(**edge)
    assert sagemaker.list_associations(SourceArn=first)["AssociationSummaries"] == []


def test_associations_name_their_ends(sagemaker: Any, chain: tuple[str, str, str]) -> None:
    (edge,) = sagemaker.list_associations(DestinationArn=chain[1])["AssociationSummaries"]
    assert (edge["SourceType"], edge["DestinationType"]) == ("DataSet", "Training")
    assert edge["DestinationName"] in chain[1]
    none = sagemaker.list_associations(DestinationArn=chain[1], SourceType="Model")
    assert none["AssociationSummaries"] == []


def test_tracker_writes_a_whole_component(
    local_aws: Server, sagemaker: Any, s3: Any, unique: Unique, tmp_path: Path
) -> None:
    """Everything that sagemaker-experiments' Tracker can log, read back."""
    s3.create_bucket(Bucket="tracked")
    file = tmp_path / "report.json"
    file.write_text("{}")
    tracker = Tracker.create(
        display_name=unique("tracked"),
        artifact_bucket="tracked",
        boto3_session=boto3.Session(
            region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        ),
        sagemaker_boto_client=sagemaker,
    )
    tracker._artifact_uploader.s3_client = s3
    tracker._metrics_writer = None
    with tracker:
        tracker.log_parameters({"depth": 3, "kind": "tree"})
        tracker.log_input("train", "s3://tracked/train.csv", media_type="text/csv")
        tracker.log_output_artifact(str(file), name="report")
    name = tracker.trial_component.trial_component_name
    described = sagemaker.describe_trial_component(TrialComponentName=name)
    assert described["Parameters"]["depth"] == {"NumberValue": 3.0}
    assert described["InputArtifacts"]["train"]["Value"] == "s3://tracked/train.csv"
    assert described["OutputArtifacts"]["report"]["Value"].startswith("s3://tracked/")
    assert described["Status"]["PrimaryStatus"] == "Completed"
    incoming = sagemaker.list_associations(SourceArn=described["TrialComponentArn"])
    assert len(incoming["AssociationSummaries"]) == 1
