"""CloudWatch as older clients speak it: boto3 with a model of the query protocol alone."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.config import Config

from include.local_aws.testing import KEYS, REGION, Server
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
SPAN = {"StartTime": NOW - dt.timedelta(hours=1), "EndTime": NOW + dt.timedelta(hours=1)}
ALARM = {
    "Namespace": "Shop",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.5,
    "ComparisonOperator": "GreaterThanThreshold",
    "Dimensions": [{"Name": "a", "Value": "1"}, {"Name": "b", "Value": "<&>"}],
}


@pytest.fixture(scope="module", name="older")
def _older(local_aws: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return boto3's client as it was before CloudWatch had other protocols."""
    place = Path("cloudwatch/2010-08-01/service-2.json")
    packed = Path(botocore.__file__).parent / "data" / f"{place}.gz"
    model = json.loads(gzip.decompress(packed.read_bytes()))
    model["metadata"] |= {"protocol": "query", "protocols": ["query"]}
    folder = tmp_path_factory.mktemp("models")
    (folder / place).parent.mkdir(parents=True)
    (folder / place).write_text(json.dumps(model))
    session = botocore.session.get_session()
    session.set_config_variable("data_path", str(folder))
    return boto3.Session(botocore_session=session).client(
        "cloudwatch",
        endpoint_url=local_aws.url,
        region_name=REGION,
        config=Config(retries={"total_max_attempts": 1}),
        **KEYS,
    )


def test_alarm_is_the_same_by_either_protocol(older: Any, cloudwatch: Any, unique: Unique) -> None:
    name = unique("alarm")
    tags = [{"Key": "team", "Value": "ml"}]
    older.put_metric_alarm(AlarmName=name, ActionsEnabled=False, Tags=tags, **ALARM)
    (ours,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    (theirs,) = older.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert theirs == ours
    assert ours["ActionsEnabled"] is False
    assert ours["Dimensions"] == ALARM["Dimensions"]
    listed = older.list_tags_for_resource(ResourceARN=ours["AlarmArn"])["Tags"]
    assert listed == tags
    older.delete_alarms(AlarmNames=[name])
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def test_metrics_are_published_and_read(older: Any, cloudwatch: Any, namespace: str) -> None:
    data = [
        {"MetricName": "m", "Values": [1.0, 2.0], "Counts": [1.0, 3.0], "Timestamp": NOW},
        {"MetricName": "n", "Value": 5.0, "Unit": "Count"},
    ]
    older.put_metric_data(Namespace=namespace, MetricData=data)
    request = {"Namespace": namespace, "MetricName": "m", "Period": 60, "Statistics": ["Sum"]}
    (theirs,) = older.get_metric_statistics(**request, **SPAN)["Datapoints"]
    (ours,) = cloudwatch.get_metric_statistics(**request, **SPAN)["Datapoints"]
    assert theirs == ours
    assert (theirs["Sum"], theirs["Timestamp"]) == (7, NOW)
    metrics = older.list_metrics(Namespace=namespace)["Metrics"]
    assert [metric["MetricName"] for metric in metrics] == ["m", "n"]
    metric = {"Namespace": namespace, "MetricName": "m"}
    stat = {"Metric": metric, "Period": 60, "Stat": "Maximum"}
    response = older.get_metric_data(MetricDataQueries=[{"Id": "a", "MetricStat": stat}], **SPAN)
    assert response["MetricDataResults"][0]["Values"] == [2.0]


def test_large_requests_may_be_compressed(older: Any, namespace: str) -> None:
    data = [{"MetricName": f"metric-with-a-long-name-{n}", "Value": 1.0} for n in range(400)]
    older.put_metric_data(Namespace=namespace, MetricData=data)
    pages = older.get_paginator("list_metrics").paginate(Namespace=namespace)
    assert sum(len(page["Metrics"]) for page in pages) == 400


def test_errors_have_the_codes_of_aws(older: Any, namespace: str) -> None:
    data = [{"MetricName": "m", "Value": float("nan")}]
    code, message = refusal(older.put_metric_data, Namespace=namespace, MetricData=data)
    assert (code, "MetricData.member.1.Value" in message) == ("InvalidParameterValue", True)
    with pytest.raises(older.exceptions.ResourceNotFound):
        older.set_alarm_state(AlarmName="unknown", StateValue="OK", StateReason="none")
    assert refusal(older.get_dashboard, DashboardName="unknown")[0] == "ResourceNotFound"


def test_operation_that_is_not_emulated_is_refused_by_its_name(older: Any) -> None:
    code, message = refusal(older.put_composite_alarm, AlarmName="a", AlarmRule="ALARM(b)")
    assert (code, "PutCompositeAlarm" in message) == ("NotImplementedException", True)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("Action=PutMetricAlarm", "ValidationError"),
        ("Action=PutMetricAlarm&AlarmName=a&Period=soon", "ValidationError"),
        ("Action=PutMetricAlarm&ActionsEnabled=maybe", "ValidationError"),
        ("Action=ListMetrics&" + "a." * 100_000 + "b=1", "SerializationException"),
        ("Action=Nothing", "InvalidAction"),
        ("no form", "InvalidAction"),
        ("", "InvalidAction"),
    ],
)
def test_wrong_form_is_refused_in_xml(local_aws: Server, form: str, code: str) -> None:
    scope = f"Credential=test/20261128/{REGION}/monitoring/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    request = urllib.request.Request(local_aws.url, form.encode(), headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400
    assert f"<Code>{code}</Code>" in caught.value.read().decode()
