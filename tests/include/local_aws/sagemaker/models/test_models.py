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


def test_describe_returns_what_was_created(sagemaker: Any, unique: Unique) -> None:
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


def test_deleted_model_is_gone(sagemaker: Any, unique: Unique) -> None:
    name = unique("model")
    create(sagemaker, name)
    sagemaker.delete_model(ModelName=name)
    assert refusal(sagemaker.describe_model, ModelName=name)[0] == "ValidationException"
    create(sagemaker, name)


def test_model_needs_a_container(sagemaker: Any, unique: Unique) -> None:
    request = {"ModelName": unique("model"), "ExecutionRoleArn": ROLE}
    assert refusal(sagemaker.create_model, **request)[0] == "ValidationException"


def test_unknown_image_is_refused_with_those_known(sagemaker: Any, unique: Unique) -> None:
    container = {"Image": "example.com/nobody-knows:1"}
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
    found = [[model["ModelName"] for model in page["Models"]] for page in pages]
    assert found == [[f"{stem}-a", f"{stem}-b"], [f"{stem}-c"]]


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
