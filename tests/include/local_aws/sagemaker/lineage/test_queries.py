from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from smexperiments.tracker import Tracker

from include.local_aws.testing import REGION, Server
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def create(sagemaker: Any, uri: str) -> str:
    request = {"Source": {"SourceUri": uri}, "ArtifactType": "DataSet"}
    return str(sagemaker.create_artifact(**request)["ArtifactArn"])


def test_artifact_is_described_and_found_by_source(sagemaker: Any, unique: Unique) -> None:
    uri = f"s3://bucket/{unique('data')}"
    arn = create(sagemaker, uri)
    described = sagemaker.describe_artifact(ArtifactArn=arn)
    assert described["Source"]["SourceUri"] == uri
    found = sagemaker.list_artifacts(SourceUri=uri)["ArtifactSummaries"]
    assert [artifact["ArtifactArn"] for artifact in found] == [arn]


def test_association_is_added_listed_and_deleted(sagemaker: Any, unique: Unique) -> None:
    first, second = (create(sagemaker, f"s3://bucket/{unique('data')}") for _ in range(2))
    edge = {"SourceArn": first, "DestinationArn": second}
    sagemaker.add_association(**edge, AssociationType="DerivedFrom")
    (found,) = sagemaker.list_associations(SourceArn=first)["AssociationSummaries"]
    assert (found["DestinationArn"], found["AssociationType"]) == (second, "DerivedFrom")
    sagemaker.delete_association(**edge)
    assert sagemaker.list_associations(SourceArn=first)["AssociationSummaries"] == []


def test_deleted_artifact_is_gone(sagemaker: Any, unique: Unique) -> None:
    arn = create(sagemaker, f"s3://bucket/{unique('data')}")
    sagemaker.delete_artifact(ArtifactArn=arn)
    assert refusal(sagemaker.describe_artifact, ArtifactArn=arn)[0] == "ResourceNotFound"


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


@pytest.fixture(name="chain")
def _chain(sagemaker: Any, unique: Unique) -> tuple[str, str, str]:
    """data -> training (an action) -> endpoint (a context); returns their ARNs."""
    data = create(sagemaker, f"s3://bucket/{unique('data')}")
    source = {"SourceUri": f"s3://bucket/{unique('run')}"}
    action = sagemaker.create_action(
        ActionName=unique("train"), Source=source, ActionType="Training", Properties={"a": "1"}
    )["ActionArn"]
    context = sagemaker.create_context(
        ContextName=unique("endpoint"), Source=source, ContextType="Endpoint"
    )["ContextArn"]
    for first, second in ((data, action), (action, context)):
        sagemaker.add_association(
            SourceArn=first, DestinationArn=second, AssociationType="ContributedTo"
        )
    return data, action, context


@pytest.mark.parametrize(
    ("start", "query", "found"),
    [
        (0, {"Direction": "Descendants"}, [1, 2]),
        (0, {"Direction": "Descendants", "MaxDepth": 1}, [1]),
        (2, {"Direction": "Ascendants"}, [1, 0]),
        (0, {"Direction": "Ascendants"}, []),
        (1, {"Direction": "Both"}, [0, 2]),
        (0, {"Direction": "Descendants", "Filters": {"LineageTypes": ["Context"]}}, [2]),
        (0, {"Direction": "Descendants", "Filters": {"Types": ["Training"]}}, [1]),
        (2, {"Direction": "Both", "Filters": {"Properties": {"a": "1"}}}, [1]),
        (2, {"Direction": "Both", "Filters": {"Properties": {"a": "2"}}}, []),
    ],
)
def test_lineage_is_walked_and_filtered(
    sagemaker: Any, chain: tuple[str, str, str], start: int, query: Any, found: list[int]
) -> None:
    answer = sagemaker.query_lineage(StartArns=[chain[start]], IncludeEdges=True, **query)
    assert [vertex["Arn"] for vertex in answer["Vertices"]] == [chain[n] for n in found]
    shown = {chain[start], *(chain[n] for n in found)}
    for edge in answer["Edges"]:
        assert {edge["SourceArn"], edge["DestinationArn"]} <= shown


def test_lineage_of_nobody_is_not_found(sagemaker: Any) -> None:
    arn = "arn:aws:sagemaker:us-east-1:000000000000:artifact/nobody"
    assert refusal(sagemaker.query_lineage, StartArns=[arn])[0] == "ResourceNotFound"


def test_associations_name_their_ends(sagemaker: Any, chain: tuple[str, str, str]) -> None:
    (edge,) = sagemaker.list_associations(DestinationArn=chain[1])["AssociationSummaries"]
    assert (edge["SourceType"], edge["DestinationType"]) == ("DataSet", "Training")
    assert edge["DestinationName"] in chain[1]
    none = sagemaker.list_associations(DestinationArn=chain[1], SourceType="Model")
    assert none["AssociationSummaries"] == []


def test_what_has_associations_is_not_deleted(sagemaker: Any, chain: tuple[str, str, str]) -> None:
    name = chain[1].rpartition("/")[2]
    code, message = refusal(sagemaker.delete_action, ActionName=name)
    assert code == "ValidationException"
    assert "DeleteAssociation" in message
    sagemaker.delete_association(SourceArn=chain[0], DestinationArn=chain[1])
    sagemaker.delete_association(SourceArn=chain[1], DestinationArn=chain[2])
    assert sagemaker.delete_action(ActionName=name)["ActionArn"] == chain[1]


def test_properties_are_merged(sagemaker: Any, chain: tuple[str, str, str]) -> None:
    name = sagemaker.describe_action(ActionName=chain[1])["ActionName"]
    sagemaker.update_action(ActionName=name, Properties={"b": "2"}, PropertiesToRemove=["a"])
    assert sagemaker.describe_action(ActionName=name)["Properties"] == {"b": "2"}
    arn = chain[0]
    sagemaker.update_artifact(ArtifactArn=arn, Properties={"rows": "9"}, ArtifactName="rows")
    described = sagemaker.describe_artifact(ArtifactArn=arn)
    assert (described["Properties"], described["ArtifactName"]) == ({"rows": "9"}, "rows")


def test_artifact_may_be_deleted_by_its_source(sagemaker: Any, unique: Unique) -> None:
    uri = f"s3://bucket/{unique('data')}"
    arn = create(sagemaker, uri)
    assert sagemaker.delete_artifact(Source={"SourceUri": uri})["ArtifactArn"] == arn
    code, _ = refusal(sagemaker.delete_artifact, Source={"SourceUri": uri})
    assert code == "ResourceNotFound"
    assert refusal(sagemaker.delete_artifact)[0] == "ValidationException"


@pytest.mark.parametrize("noun", ["action", "context"])
def test_taken_and_unknown_names(sagemaker: Any, unique: Unique, noun: str) -> None:
    member = f"{noun.title()}Name"
    request = {
        member: unique(noun),
        "Source": {"SourceUri": "s3://bucket/x"},
        f"{noun.title()}Type": "Test",
    }
    create_it = getattr(sagemaker, f"create_{noun}")
    create_it(**request)
    code, message = refusal(create_it, **request)
    assert code == "ValidationException"
    assert "already exists" in message
    describe = getattr(sagemaker, f"describe_{noun}")
    assert refusal(describe, **{member: "nobody"})[0] == "ResourceNotFound"
    listed = getattr(sagemaker, f"list_{noun}s")(SourceUri="s3://bucket/x")
    names = [item[member] for item in listed[f"{noun.title()}Summaries"]]
    assert request[member] in names
