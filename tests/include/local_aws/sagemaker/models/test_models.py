from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
ROLE = "arn:aws:iam::000000000000:role/prodml"
Unique = Callable[[str], str]


def create(sagemaker: Any, name: str, **members: Any) -> str:
    request = {"PrimaryContainer": {"Image": IMAGE}, "ExecutionRoleArn": ROLE} | members
    return str(sagemaker.create_model(ModelName=name, **request)["ModelArn"])


def test_describe_returns_the_created_resource(sagemaker: Any, unique: Unique) -> None:
    name = unique("Model")
    container = {"Image": IMAGE, "Environment": {"A": "1"}, "ModelDataUrl": "s3://b/model.tar.gz"}
    arn = create(sagemaker, name, PrimaryContainer=container, EnableNetworkIsolation=True)
    described = sagemaker.describe_model(ModelName=name)
    assert described["ModelArn"] == arn
    assert arn.endswith(f":model/{name.lower()}")
    assert described["PrimaryContainer"] == container
    assert described["EnableNetworkIsolation"] is True


def test_taken_name_is_refused(sagemaker: Any, unique: Unique) -> None:
    name = unique("model")
    arn = create(sagemaker, name)
    code, message = refusal(create, sagemaker=sagemaker, name=name)
    assert code == "ValidationException"
    assert message == f'Cannot create already existing model "{arn}".'


def test_unknown_name_is_refused(sagemaker: Any, unique: Unique) -> None:
    for call in (sagemaker.describe_model, sagemaker.delete_model):
        code, message = refusal(call, ModelName=unique("model"))
        assert code == "ValidationException"
        assert message.startswith("Could not find model ")


def test_deleted_model_does_not_exist(sagemaker: Any, unique: Unique) -> None:
    name = unique("model")
    create(sagemaker, name)
    sagemaker.delete_model(ModelName=name)
    assert refusal(sagemaker.describe_model, ModelName=name)[0] == "ValidationException"
    create(sagemaker, name)


def test_model_needs_a_container(sagemaker: Any, unique: Unique) -> None:
    request = {"ModelName": unique("model"), "ExecutionRoleArn": ROLE}
    assert refusal(sagemaker.create_model, **request)[0] == "ValidationException"


def test_unknown_image_is_refused_with_those_known(sagemaker: Any, unique: Unique) -> None:
    container = {"Image": "example.com/unknown:1"}
    request = {"name": unique("model"), "PrimaryContainer": container}
    code, message = refusal(create, sagemaker=sagemaker, **request)
    assert code == "ValidationException"
    assert "sagemaker-xgboost:1.7-1" in message


def test_list_filters_sorts_and_pages(sagemaker: Any, unique: Unique) -> None:
    stem = unique("paged")
    for suffix in ("b", "c", "a"):
        create(sagemaker, f"{stem}-{suffix}")
    pages = sagemaker.get_paginator("list_models").paginate(
        NameContains=stem, SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 2}
    )
    names = [[model["ModelName"] for model in page["Models"]] for page in pages]
    assert names == [[f"{stem}-a", f"{stem}-b"], [f"{stem}-c"]]


def test_newest_model_is_listed_first(sagemaker: Any, unique: Unique) -> None:
    stem = unique("ordered")
    for suffix in ("b", "a"):
        create(sagemaker, f"{stem}-{suffix}")
    models = sagemaker.list_models(NameContains=stem)["Models"]
    assert [model["ModelName"] for model in models] == [f"{stem}-a", f"{stem}-b"]
    assert set(models[0]) == {"ModelName", "ModelArn", "CreationTime"}


@pytest.mark.parametrize("name", ["with space", "-dash-first", "x" * 64])
def test_bad_name_is_refused(sagemaker: Any, name: str) -> None:
    code, message = refusal(create, sagemaker=sagemaker, name=name)
    assert code == "ValidationException"
    assert "at 'modelName' failed to satisfy constraint" in message


S3_SOURCE = {"S3Uri": "s3://b/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}


def _source(**members: str) -> dict[str, Any]:
    return {"ModelDataSource": {"S3DataSource": S3_SOURCE | members}}


@pytest.mark.parametrize(
    ("container", "member"),
    [
        (
            {
                "ModelDataUrl": "s3://b/model.tar.gz",
                "ModelDataSource": {"S3DataSource": S3_SOURCE},
            },
            "exclude each other",
        ),
        (_source(S3Uri="s3://b/m"), "ends with a slash"),
        (_source(CompressionType="Gzip"), "needs S3DataType S3Object"),
        (_source(ManifestS3Uri="s3://b/manifest"), "ManifestS3Uri"),
        (
            {"AdditionalModelDataSources": [{"ChannelName": "..", "S3DataSource": S3_SOURCE}]},
            "ChannelName",
        ),
        ({"InferenceSpecificationName": "second"}, "InferenceSpecificationName"),
        ({"Mode": "MultiModel"}, "Mode MultiModel needs ModelDataUrl"),
        ({"Image": None}, "needs an Image or a ModelPackageName"),
        ({"ModelDataUrl": "https://example.com/model.tar.gz"}, "ModelDataUrl"),
    ],
)
def test_unsupported_members_are_refused_by_name(
    sagemaker: Any, unique: Unique, container: dict[str, Any], member: str
) -> None:
    container = {name: value for name, value in ({"Image": IMAGE} | container).items() if value}
    request = {"name": unique("model"), "PrimaryContainer": container}
    code, message = refusal(create, sagemaker=sagemaker, **request)
    assert code == "ValidationException"
    assert member in message


@pytest.mark.parametrize(
    ("modes", "complaint"),
    [
        (["MultiModel", "MultiModel"], "More than one container in MultiModel mode"),
        (["MultiModel", "SingleModel"], "Make it the model's only container."),
    ],
)
def test_a_multi_model_container_is_the_only_one(
    sagemaker: Any, unique: Unique, modes: list[str], complaint: str
) -> None:
    containers = [{"Image": IMAGE, "ModelDataUrl": "s3://b/m/", "Mode": mode} for mode in modes]
    request = {"ModelName": unique("many"), "Containers": containers, "ExecutionRoleArn": ROLE}
    code, message = refusal(sagemaker.create_model, **request)
    assert (code, complaint in message) == ("ValidationException", True)


def test_the_data_of_a_package_are_judged_like_a_containers(sagemaker: Any, unique: Unique) -> None:
    group = unique("group")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": IMAGE} | _source(S3Uri="s3://b/m")
    package = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        ModelApprovalStatus="Approved",
    )["ModelPackageArn"]
    request = {"name": unique("model"), "PrimaryContainer": {"ModelPackageName": package}}
    assert "ends with a slash" in refusal(create, sagemaker=sagemaker, **request)[1]


def test_a_model_has_one_container_or_a_list(sagemaker: Any, unique: Unique) -> None:
    both = {"PrimaryContainer": {"Image": IMAGE}, "Containers": [{"Image": IMAGE}]}
    code, message = refusal(create, sagemaker=sagemaker, name=unique("model"), **both)
    assert (code, message.split()[0]) == ("ValidationException", "Either")


def test_pipeline_has_at_most_fifteen_containers(sagemaker: Any, unique: Unique) -> None:
    request = {"ModelName": unique("pipeline"), "ExecutionRoleArn": ROLE}
    sagemaker.create_model(**request, Containers=[{"Image": IMAGE}] * 15)
    request["ModelName"] = unique("pipeline")
    code, message = refusal(sagemaker.create_model, **request, Containers=[{"Image": IMAGE}] * 16)
    assert code == "ValidationException"
    assert "15" in message
    package = sagemaker.create_model_package(
        ModelPackageName=request["ModelName"],
        InferenceSpecification={"Containers": [{"Image": IMAGE}] * 15},
    )["ModelPackageArn"]
    containers = [{"ModelPackageName": package}, {"Image": IMAGE}]
    message = refusal(sagemaker.create_model, **request, Containers=containers)[1]
    assert message == "The model has 16 containers, more than 15."


@pytest.mark.parametrize(
    ("names", "mode", "complaint"),
    [
        (["same", "same"], "Serial", "Repeated: same"),
        ([None, "container-1"], "Serial", "Repeated: container-1"),
        (["one", None], "Direct", "every container needs a ContainerHostname"),
        (["one", None], "Serial", "has a ContainerHostname, every container needs one"),
    ],
)
def test_containers_are_told_apart(
    sagemaker: Any, unique: Unique, names: list[str | None], mode: str, complaint: str
) -> None:
    containers = [{"Image": IMAGE} | ({"ContainerHostname": n} if n else {}) for n in names]
    code, message = refusal(
        sagemaker.create_model,
        ModelName=unique("pipeline"),
        Containers=containers,
        ExecutionRoleArn=ROLE,
        InferenceExecutionConfig={"Mode": mode},
    )
    assert code == "ValidationException"
    assert complaint in message
