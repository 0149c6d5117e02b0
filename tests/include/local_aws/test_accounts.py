"""Accounts and regions are apart: names, ARNs, jobs, endpoints, metrics; S3 is one."""

from __future__ import annotations

import asyncio
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.local_aws import account_builder
from include.local_aws.accounts import Accounts
from include.local_aws.core import options
from include.local_aws.testing import Server, running_server
from include.local_aws.wire.credentials import NONE, Credential
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.jobs import Jobs, made
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.refusals import refusal

REGIONS = ("us-east-1", "eu-west-1")
OURS, OTHERS = "000000000000", "222222222222"
PATH_STYLE = {"addressing_style": "path"}
WITH_BOTO3 = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
CALLER = """
from boto3 import client
me = client("sts").get_caller_identity()["Account"]
aws = client("sagemaker")
jobs = aws.list_training_jobs()["TrainingJobSummaries"]
print(me, aws.meta.region_name, [job["TrainingJobArn"] for job in jobs])
"""

Place = dict[str, str]


def place_of(account: str, region: str) -> Place:
    return {"account": account, "region": region}


PLACES = [
    place_of(OURS, "us-east-1"),
    place_of(OURS, "eu-west-1"),
    place_of(OTHERS, "us-east-1"),
]


def arn(place: Place, resource: str, service: str = "sagemaker") -> str:
    return f"arn:aws:{service}:{place['region']}:{place['account']}:{resource}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("accounts")
    with running_server(folder, time_scale=60, regions=REGIONS) as server:
        yield server


def experiments(server: Server, place: Place) -> list[str]:
    listed = server.client("sagemaker", **place).list_experiments()["ExperimentSummaries"]
    return [experiment["ExperimentArn"] for experiment in listed]


def buckets(server: Server, place: Place) -> set[str]:
    s3 = server.client("s3", **place, s3=PATH_STYLE)
    return {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}


def test_names_and_arns_are_apart_across_a_kill(tmp_path: Path) -> None:
    """Names belong to a region of an account, buckets to an account."""
    with running_server(tmp_path, regions=REGIONS) as server:
        for number, place in enumerate(PLACES):
            assert experiments(server, place) == []
            server.client("sagemaker", **place).create_experiment(ExperimentName="same")
            server.client("s3", **place, s3=PATH_STYLE).create_bucket(**located(number, place))
        server.kill()
    with running_server(tmp_path, regions=REGIONS) as server:
        for place in PLACES:
            assert experiments(server, place) == [arn(place, "experiment/same")]
        both, other = {"bucket-0", "bucket-1"}, {"bucket-2"}
        assert [buckets(server, place) for place in PLACES] == [both, both, other]


def located(number: int, place: Place) -> dict[str, Any]:
    request: dict[str, Any] = {"Bucket": f"bucket-{number}"}
    if place["region"] != "us-east-1":
        request["CreateBucketConfiguration"] = {"LocationConstraint": place["region"]}
    return request


def test_job_calls_back_into_its_own_account_and_region(server: Server) -> None:
    name, group = "caller", "/aws/sagemaker/TrainingJobs"
    bucket = made(server, "shared-by-all").bucket
    s3 = server.client("s3", s3=PATH_STYLE)
    algorithm = {
        "TrainingImage": WITH_BOTO3,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python3", "-c", CALLER],
    }
    everyone = []
    for place in PLACES:
        sagemaker, logs = (server.client(service, **place) for service in ("sagemaker", "logs"))
        jobs = Jobs(sagemaker, s3, logs, bucket)
        jobs.train(name, WITH_BOTO3, AlgorithmSpecification=algorithm)
        everyone.append(jobs)
    for place, jobs in zip(PLACES, everyone, strict=True):
        job = jobs.ended("Training", name)
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        own = arn(place, f"training-job/{name}")
        line = f"{place['account']} {place['region']} {[own]}"
        assert jobs.lines(group, name) == [line]


def test_endpoint_of_one_name_serves_and_is_measured_in_each(server: Server) -> None:
    platforms = [
        Platform(server, lambda stem, number=n: f"{stem}-{number}", place)  # type: ignore[misc]
        for n, place in enumerate(PLACES)
    ]
    for number, platform in enumerate(platforms):
        config = platform.config(variant(platform.model(name=f"model-{number}")))
        platform.sagemaker.create_endpoint(EndpointName="same", EndpointConfigName=config)
    for number, platform in enumerate(platforms):
        assert platform.settled("same")["EndpointArn"] == arn(PLACES[number], "endpoint/same")
        for _ in range(number + 1):
            assert platform.invoke("same", "name") == f"model-{number}"
    for number, place in enumerate(PLACES):
        until_measured(server, place, number + 1)
        scaling = server.client("application-autoscaling", **place)
        target = scaling.register_scalable_target(
            ServiceNamespace="sagemaker",
            ResourceId="endpoint/same/variant/AllTraffic",
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
            MinCapacity=1,
            MaxCapacity=2,
        )
        known = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        assert [one["ScalableTargetARN"] for one in known] == [target["ScalableTargetARN"]]
        prefix = arn(place, "scalable-target/", "application-autoscaling")
        assert target["ScalableTargetARN"].startswith(prefix)


def until_measured(server: Server, place: Place, count: int) -> None:
    """Wait for the invocations of the endpoint; more than *count* are another place's."""
    cloudwatch = server.client("cloudwatch", **place)
    now, deadline, total = time.time(), time.monotonic() + 60, 0.0
    while total < count:
        assert time.monotonic() < deadline, f"{total} of {count} invocations were measured"
        time.sleep(0.1)
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Dimensions=[
                {"Name": "EndpointName", "Value": "same"},
                {"Name": "VariantName", "Value": "AllTraffic"},
            ],
            StartTime=now - 3600,
            EndTime=now + 3600,
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        total = sum(point["Sum"] for point in points)
    assert total == count


@pytest.mark.parametrize("service", ["sagemaker", "logs", "application-autoscaling", "sqs"])
def test_region_that_was_not_given_is_refused_by_name(server: Server, service: str) -> None:
    calls: dict[str, tuple[str, dict[str, str]]] = {
        "sagemaker": ("list_models", {}),
        "logs": ("describe_log_groups", {}),
        "application-autoscaling": (
            "describe_scalable_targets",
            {"ServiceNamespace": "sagemaker"},
        ),
        "sqs": ("list_queues", {}),
    }
    name, request = calls[service]
    client = server.client(service, region="ap-south-1")
    code, message = refusal(getattr(client, name), **request)
    assert code == "InvalidSignatureException"
    assert "'ap-south-1' is not served here. Served: us-east-1, eu-west-1" in message
    assert "--region ap-south-1" in message


@pytest.mark.parametrize(
    ("path", "headers", "begin"),
    [
        ("/", {"Content-Type": "application/x-www-form-urlencoded"}, b"<ErrorResponse><Error>"),
        ("/endpoints/a/invocations", {"Content-Type": "text/csv"}, b'{"__type"'),
        (
            "/service/GraniteServiceVersion20100801/operation/ListMetrics",
            {"Content-Type": "application/cbor"},
            b"\xa2\x66__type",
        ),
    ],
)
def test_refusal_is_in_the_protocol_of_the_request(
    server: Server, path: str, headers: dict[str, str], begin: bytes
) -> None:
    scope = "Credential=key/20260101/ap-south-1/monitoring/aws4_request"
    signed = headers | {"Authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=0"}
    request = urllib.request.Request(server.url + path, b"Action=ListMetrics", signed)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    body = refused.value.read()
    assert (refused.value.code, body[: len(begin)]) == (400, begin)
    assert b"--region ap-south-1" in body


def test_bucket_is_seen_from_every_region_and_account(server: Server) -> None:
    server.client("s3", s3=PATH_STYLE).create_bucket(Bucket="seen")
    for place in [*PLACES, place_of(OURS, "ap-south-1")]:
        s3 = server.client("s3", **place, s3=PATH_STYLE)
        s3.put_object(Bucket="seen", Key=place["region"], Body=b"x")
        assert s3.head_object(Bucket="seen", Key=place["region"])["ContentLength"] == 1
    assert server.client("sts", region="ap-south-1").get_caller_identity()["Account"] == OURS


def test_keys_that_sts_issues_belong_to_their_account(server: Server) -> None:
    """Of whichever account: of a role, of a user, of the caller."""
    sts = server.client("sts", account=OTHERS)
    assert sts.get_caller_identity()["Account"] == OTHERS
    roles = "arn:aws:iam::{}:role/prodml"
    assumed = [
        sts.assume_role(RoleArn=roles.format(account), RoleSessionName="session")["Credentials"]
        for account in (OURS, OTHERS, "333333333333")
    ]
    credentials = [*assumed, sts.get_session_token()["Credentials"]]
    accounts = [identity(server, keys["AccessKeyId"]) for keys in credentials]
    assert accounts == [OURS, OTHERS, "333333333333", OTHERS]
    iam = server.client("iam", account=OTHERS)
    iam.create_user(UserName="user")
    key = iam.create_access_key(UserName="user")["AccessKey"]["AccessKeyId"]
    assert identity(server, key) == OTHERS


def identity(server: Server, key: str) -> str:
    """Return the account of *key* by STS, after a check that SageMaker has the same one."""
    account = str(server.client("sts", account=key).get_caller_identity()["Account"])
    made = server.client("sagemaker", account=key).create_experiment(
        ExperimentName=f"e-{uuid.uuid4().hex}"
    )
    assert made["ExperimentArn"].split(":")[4] == account
    return account


def test_execution_role_exists_in_every_account(server: Server) -> None:
    role = server.client("iam", account=OTHERS).get_role(RoleName="prodml")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{OTHERS}:role/prodml"


def test_presigned_url_names_its_account(server: Server) -> None:
    s3 = server.client("s3", account=OTHERS, s3=PATH_STYLE)
    s3.create_bucket(Bucket="presigned")
    url = s3.generate_presigned_url("list_buckets")
    with urllib.request.urlopen(url, timeout=30) as response:
        listed = response.read().decode()
    assert "presigned" in listed
    assert buckets(server, PLACES[0]).isdisjoint(re.findall(r"<Name>(.*?)</Name>", listed))


def test_presigned_url_of_another_service_is_refused(server: Server) -> None:
    url = server.client("sts").generate_presigned_url("get_caller_identity")
    with pytest.raises(urllib.error.HTTPError, match="501") as refused:
        urllib.request.urlopen(url, timeout=30)
    assert b"Presigned URLs of sts are not emulated" in refused.value.read()


def test_page_of_a_job_names_account_and_region(server: Server) -> None:
    page = f"{server.url}/_local/jobs/TrainingJob/none"
    for query, place in {"": "us-east-1", "?region=eu-west-1": "eu-west-1"}.items():
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(page + query, timeout=30)
        assert f"in account {OURS}, {place}." in refused.value.read().decode()


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "europe"])
def test_region_of_another_partition_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match=region):
        options.region(region)


def test_accounts_are_assembled_once_and_started(tmp_path: Path) -> None:
    async def check() -> None:
        accounts = Accounts(options.Options(data_dir=tmp_path, regions=REGIONS))
        await accounts.start()
        credential = Credential(OTHERS, "eu-west-1", "sagemaker")
        first, second = await asyncio.gather(*(accounts.of(credential) for _ in range(2)))
        assert first is second
        assert first.directory == tmp_path / "accounts" / OTHERS / "eu-west-1"
        assert (await accounts.of(NONE)).arn("a") == f"arn:aws:sagemaker:us-east-1:{OURS}:a"
        with pytest.raises(AwsError, match="--region us-west-2"):
            await accounts.of(Credential(OTHERS, "us-west-2", "sagemaker"))
        for region in ("us-west-2", "..", "x" * 300):  # S3's are signed for any region
            with pytest.raises(AwsError, match="is not served here"):
                await accounts.of(Credential(OTHERS, region, "s3"))
        accounts.check_region(Credential(OTHERS, "us-west-2", "s3"))
        await accounts.stop()

    asyncio.run(check())


def test_region_that_is_no_longer_served_stays_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    both = options.Options(data_dir=tmp_path, regions=REGIONS)
    account_builder.build(both, region="eu-west-1").store.close()

    async def restart(given: options.Options) -> bool:
        accounts = Accounts(given)
        await accounts.start()
        await accounts.stop()
        return "start with --region eu-west-1" in caplog.text

    assert not asyncio.run(restart(both))
    assert asyncio.run(restart(options.Options(data_dir=tmp_path)))
