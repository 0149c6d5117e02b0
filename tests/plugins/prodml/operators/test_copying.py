"""A version is copied from the registry of one account to that of another."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from prodml.exceptions import InvalidInputError, MissingObjectError, RequestRefusedError
from prodml.operators.copying import CopyModelPackageOperator
from prodml.operators.project import EnsureModelPackageGroupOperator

from include.local_aws.testing import Server, connection_to
from tests.plugins.runs import Ti, deploying, read_text, run

STAGING = "111111111111"
FILES = {"baseline/statistics.json": "{}", "baseline/constraints.json": "[]", "scores/a.out": "1\n"}
FACTS = {"window_end": "2024-03-11", "metric:auc": "0.93", "trial": "xgboost-deep"}


class Source:
    """The account that a version is copied from."""

    def __init__(self, server: Server, name: str) -> None:
        self.name = name
        self.sagemaker = server.client("sagemaker", account=STAGING)
        self.s3 = server.client("s3", account=STAGING, s3={"addressing_style": "path"})
        self.s3.create_bucket(Bucket=name)
        self.sagemaker.create_model_package_group(ModelPackageGroupName=name)

    def put(self, key: str, body: bytes, **metadata: str) -> str:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body, Metadata=metadata)
        return f"s3://{self.name}/{key}"

    def metric(self, name: str) -> dict[str, str]:
        return {"ContentType": "application/json", "S3Uri": self.put(f"metrics/{name}", b"{}")}

    def register(self, image: str, model: bytes, approval: str = "Approved", **facts: str) -> str:
        """Register a version with its baseline and scores; return its ARN."""
        container = {"Image": image, "ModelDataUrl": self.put("run/output/model.tar.gz", model)}
        return self.register_containers([container], approval, **facts)

    def register_containers(
        self, containers: list[dict[str, Any]], approval: str = "Approved", **facts: str
    ) -> str:
        for key, text in FILES.items():
            self.put(key, text.encode())
        named = {"baseline": f"s3://{self.name}/baseline/", "scores": f"s3://{self.name}/scores/"}
        made = self.sagemaker.create_model_package(
            ModelPackageGroupName=self.name,
            ModelApprovalStatus=approval,
            InferenceSpecification={
                "Containers": containers,
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
            CustomerMetadataProperties=FACTS | named | facts,
            ModelMetrics={"ModelQuality": {"Statistics": self.metric("evaluation.json")}},
        )
        return str(made["ModelPackageArn"])


@pytest.fixture
def source(server: Server, unique: str, ti: Ti, monkeypatch: pytest.MonkeyPatch) -> Source:
    """A registry in the account of staging, a connection to it, and a group in this account."""
    staging = json.loads(connection_to(server.url)) | {"login": STAGING}
    monkeypatch.setenv("AIRFLOW_CONN_AWS_STAGING", json.dumps(staging))
    run(EnsureModelPackageGroupOperator(task_id="group", group=unique), ti)
    return Source(server, unique)


@pytest.fixture(scope="session")
def model(s3: Any, trained: dict[str, Any]) -> bytes:
    """The model of a real training job."""
    bucket, _, key = trained["container"]["ModelDataUrl"].removeprefix("s3://").partition("/")
    return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def copy(source: Source, arn: str, bucket: str, run_id: str = "manual__1", **more: Any) -> Any:
    operator = CopyModelPackageOperator(
        task_id="copy",
        source=arn,
        source_conn_id="aws_staging",
        output_uri=f"s3://{bucket}/{source.name}/copied",
        group=source.name,
        **more,
    )
    return run(operator, Ti(run_id))


def test_a_copy_has_everything_that_the_version_needs(
    source: Source, trained: dict[str, Any], model: bytes, bucket: str, sagemaker: Any, s3: Any
) -> None:
    arn = source.register(trained["container"]["Image"], model)
    result = copy(source, arn, bucket)
    assert (result["version"], result["approval"]) == (1, "PendingManualApproval")
    package = sagemaker.describe_model_package(ModelPackageName=result["model_package_arn"])
    (container,) = package["InferenceSpecification"]["Containers"]
    copied = f"s3://{bucket}/{source.name}/copied"
    assert container["ModelDataUrl"] == f"{copied}/model/model.tar.gz"
    facts = package["CustomerMetadataProperties"]
    assert FACTS.items() <= facts.items()
    assert (facts["copied_from"], facts["source_approval"]) == (arn, "Approved")
    assert facts["model_sha256"] == hashlib.sha256(model).hexdigest()
    assert package["ApprovalDescription"].startswith(f"Approved as {arn}")
    assert read_text(s3, f"{facts['baseline']}statistics.json") == "{}"
    assert read_text(s3, f"{facts['scores']}a.out") == "1\n"
    quality = package["ModelMetrics"]["ModelQuality"]["Statistics"]
    assert quality["S3Uri"] == f"{copied}/ModelQuality-Statistics/evaluation.json"
    assert read_text(s3, quality["S3Uri"]) == "{}"
    again = copy(source, arn, bucket, run_id="manual__2")
    assert again == result | {"created": False}


def test_a_copy_of_a_pipeline_has_the_data_of_each_container(
    source: Source, bucket: str, sagemaker: Any, s3: Any
) -> None:
    """The first container's data are those of the metadata; the last one shares the second's."""
    raw, model = source.put("raw/model.tar.gz", b"raw"), source.put("m/model.tar.gz", b"model")
    settings = {"TABLE": source.put("tables/a.json", b"{}"), "LEVEL": "info"}
    arn = source.register_containers(
        [
            {"Image": "i", "ModelDataUrl": raw, "ContainerHostname": "raw"},
            {"Image": "j", "ModelDataUrl": model, "ContainerHostname": "model"},
            {
                "Image": "i",
                "ModelDataUrl": model,
                "ContainerHostname": "answers",
                "Environment": settings,
            },
        ],
        preprocessing=f"s3://{source.name}/raw/",
    )
    result = copy(source, arn, bucket)
    package = sagemaker.describe_model_package(ModelPackageName=result["model_package_arn"])
    first, second, third = package["InferenceSpecification"]["Containers"]
    assert [c["ContainerHostname"] for c in (first, second, third)] == ["raw", "model", "answers"]
    copied = f"s3://{bucket}/{source.name}/copied"
    urls = [c["ModelDataUrl"] for c in (first, second, third)]
    assert urls == [f"{copied}/{name}/model.tar.gz" for name in ("model", "model-2", "model-2")]
    assert [read_text(s3, url) for url in urls] == ["raw", "model", "model"]
    table = f"{copied}/environment-3-TABLE/a.json"
    assert third["Environment"] == {"TABLE": table, "LEVEL": "info"}
    facts = package["CustomerMetadataProperties"]
    assert facts["preprocessing"] == f"{copied}/preprocessing/"
    digests = [facts[f"model_sha256{mark}"] for mark in ("", "_2", "_3")]
    assert digests == [hashlib.sha256(data).hexdigest() for data in (b"raw", b"model", b"model")]


def test_copy_has_every_object_of_uncompressed_model_data(
    source: Source, bucket: str, sagemaker: Any, s3: Any
) -> None:
    for name in ("config.json", "weights/1.bin"):
        source.put(f"raw/{name}", name.encode())
    data = {"S3DataType": "S3Prefix", "CompressionType": "None"}
    place = {"S3DataSource": data | {"S3Uri": f"s3://{source.name}/raw/"}}
    arn = source.register_containers([{"Image": "i", "ModelDataSource": place}])
    result = copy(source, arn, bucket)
    package = sagemaker.describe_model_package(ModelPackageName=result["model_package_arn"])
    (container,) = package["InferenceSpecification"]["Containers"]
    copied = container["ModelDataSource"]["S3DataSource"]
    assert copied.items() >= data.items()
    assert copied["S3Uri"] == f"s3://{bucket}/{source.name}/copied/model/"
    assert read_text(s3, f"{copied['S3Uri']}config.json") == "config.json"
    assert read_text(s3, f"{copied['S3Uri']}weights/1.bin") == "weights/1.bin"


def test_a_second_container_that_was_replaced_is_refused(source: Source, bucket: str) -> None:
    urls = [source.put(f"{name}/model.tar.gz", name.encode()) for name in ("raw", "model")]
    containers = [{"Image": "i", "ModelDataUrl": url} for url in urls]
    arn = source.register_containers(containers, model_sha256_2="0" * 64)
    with pytest.raises(RequestRefusedError, match=r"the model_sha256_2 .* registered with 0{64}"):
        copy(source, arn, bucket)


def test_a_copy_serves_without_the_account_that_it_is_from(
    source: Source,
    trained: dict[str, Any],
    model: bytes,
    bucket: str,
    server: Server,
    endpoint: str,
    ti: Ti,
) -> None:
    arn = source.register(trained["container"]["Image"], model)
    result = copy(source, arn, bucket, approval="Approved")
    source.s3.delete_object(Bucket=source.name, Key="run/output/model.tar.gz")
    run(deploying(endpoint, result["model_package_arn"]), ti)
    invoke = server.client("sagemaker-runtime").invoke_endpoint
    answer = invoke(EndpointName=endpoint, ContentType="text/csv", Body=b"45,3")
    assert float(answer["Body"].read()) > 0.5


@pytest.mark.parametrize("approval", ["PendingManualApproval", "Rejected"])
def test_only_an_approved_version_is_copied(approval: str, source: Source, bucket: str) -> None:
    arn = source.register("i", b"model", approval)
    with pytest.raises(RequestRefusedError, match=rf"is {approval}, and only an Approved"):
        copy(source, arn, bucket)


def test_a_model_that_is_not_the_registered_one_is_refused(source: Source, bucket: str) -> None:
    arn = source.register("i", b"model", model_sha256="0" * 64)
    with pytest.raises(RequestRefusedError, match=r"registered with 0{64}: it was replaced"):
        copy(source, arn, bucket)


def test_an_object_that_is_not_what_was_written_is_refused(source: Source, bucket: str) -> None:
    arn = source.register("i", b"model")
    source.put("baseline/statistics.json", b"{}", sha256="0" * 64)
    with pytest.raises(InvalidInputError, match=r"its metadata says 0{64}: it was changed"):
        copy(source, arn, bucket)


def test_a_version_without_its_model_is_refused(source: Source, bucket: str) -> None:
    arn = source.register("i", b"model")
    source.s3.delete_object(Bucket=source.name, Key="run/output/model.tar.gz")
    with pytest.raises(MissingObjectError, match=r"Nothing is at .*/model\.tar\.gz: it was"):
        copy(source, arn, bucket)
