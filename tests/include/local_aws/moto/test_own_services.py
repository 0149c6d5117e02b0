"""Every way in which moto could answer for a service of this server."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.moto.own_services import Origin, Regions
from include.local_aws.testing import REGION, Server

Unique = Callable[[str], str]
FORM = "application/x-www-form-urlencoded"


def _status(server: Server, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    method = "POST" if headers else "GET"
    body = b"Action=ListMetrics&Version=2010-08-01" if headers else None
    request = urllib.request.Request(server.url + path, body, named, method=method)
    try:
        return int(urllib.request.urlopen(request).status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("path", ["/moto-api/", "/moto-api/data.json", "/moto-api/reset"])
def test_dashboard_of_moto_is_closed(local_aws: Server, path: str) -> None:
    assert _status(local_aws, path) in (403, 404, 501)


def test_reset_of_moto_resets_nothing(local_aws: Server, s3: Any, unique: Unique) -> None:
    bucket = unique("kept")
    s3.create_bucket(Bucket=bucket)
    assert _status(local_aws, "/moto-api/reset", Content_Type=FORM) >= 400
    s3.head_bucket(Bucket=bucket)


@pytest.mark.parametrize("service", ["logs", "sagemaker", "application-autoscaling"])
def test_other_protocols_of_our_services_are_refused(local_aws: Server, service: str) -> None:
    scope = f"Credential=test/20261128/{REGION}/{service}/aws4_request"
    signature = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"
    assert _status(local_aws, "/", Authorization=signature, Content_Type=FORM) == 400


def test_event_lands_in_our_log_group(local_aws: Server, unique: Unique) -> None:
    events, logs = local_aws.client("events"), local_aws.client("logs")
    name = unique("events")
    group = f"/aws/events/{name}"
    logs.create_log_group(logGroupName=group)
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}), State="ENABLED")
    arn = f"arn:aws:logs:{REGION}:000000000000:log-group:{group}"
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    entry = {"Source": name, "DetailType": "test", "Detail": json.dumps({"a": 1})}
    events.put_events(Entries=[entry])
    (event,) = _eventually(lambda: logs.filter_log_events(logGroupName=group)["events"])
    assert json.loads(event["message"])["detail"] == {"a": 1}


def test_notification_of_s3_lands_in_our_log_group(
    local_aws: Server, s3: Any, unique: Unique
) -> None:
    """S3 notifies EventBridge, whose rule writes to the group."""
    events, logs, bucket = local_aws.client("events"), local_aws.client("logs"), unique("noted")
    group = f"/aws/events/{bucket}"
    logs.create_log_group(logGroupName=group)
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    events.put_rule(Name=bucket, EventPattern=json.dumps(pattern), State="ENABLED")
    arn = f"arn:aws:logs:{REGION}:000000000000:log-group:{group}"
    events.put_targets(Rule=bucket, Targets=[{"Id": "1", "Arn": arn}])
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    events = _eventually(lambda: logs.filter_log_events(logGroupName=group)["events"])
    keys = [json.loads(event["message"])["detail"]["object"]["key"] for event in events]
    assert set(keys) == {"k"}


def test_other_stacks_are_made(local_aws: Server, s3: Any, unique: Unique) -> None:
    bucket = unique("stacked")
    resource = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}
    local_aws.client("cloudformation").create_stack(
        StackName=unique("stack"), TemplateBody=json.dumps({"Resources": {"One": resource}})
    )
    s3.head_bucket(Bucket=bucket)


def test_stream_of_kinesis_needs_no_cloudwatch(local_aws: Server, unique: Unique) -> None:
    kinesis, name = local_aws.client("kinesis"), unique("stream")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.put_record(StreamName=name, Data=b"1", PartitionKey="k")


def _eventually(ask: Callable[[], list[Any]]) -> list[Any]:
    deadline = time.monotonic() + 10
    while not (result := ask()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return result


def test_logs_of_motos_other_services_are_ours(local_aws: Server, unique: Unique) -> None:
    """Batch and Lambda ensure their groups, Route 53 lists all, and EC2 reads tags."""
    from moto.logs.exceptions import ResourceNotFoundException

    name, logs = unique("/aws/batch"), local_aws.client("logs")
    backend = Regions(Origin(local_aws.url, "test"), "000000000000", "logs")[REGION]
    for _ in range(2):
        backend.ensure_log_group(name)
        backend.ensure_log_stream(name, "job")
    backend.put_log_events(name, "job", [{"timestamp": time.time() * 1000, "message": {"a": 1}}])
    (event,) = logs.filter_log_events(logGroupName=name)["events"]
    assert json.loads(event["message"]) == {"a": 1}
    groups, _ = backend.describe_log_groups()
    assert name in {group.arn.partition(":log-group:")[2] for group in groups}
    logs.tag_log_group(logGroupName=name, tags={"team": "ml"})
    assert backend.list_tags_log_group(name) == {"team": "ml"}
    with pytest.raises(ResourceNotFoundException):
        backend.list_tags_log_group(unique("none"))


def test_call_of_another_service_of_ours_is_refused() -> None:
    backend = Regions(Origin("http://127.0.0.1:1", "test"), "000000000000", "cloudwatch")[REGION]
    backend.put_metric_data(namespace="AWS/Kinesis")
    with pytest.raises(NotImplementedError, match=r"no cloudwatch \(list_metrics\)"):
        backend.list_metrics()
