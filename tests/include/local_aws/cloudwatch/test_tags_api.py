from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
ALARM = {
    "Namespace": "Shop",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def _tags(cloudwatch: Any, arn: str) -> dict[str, str]:
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}


def _arn(cloudwatch: Any, name: str) -> str:
    return str(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"])


def test_tags_of_an_alarm_are_kept_and_go_with_it(cloudwatch: Any, unique: Unique) -> None:
    name = unique("alarm")
    cloudwatch.put_metric_alarm(AlarmName=name, Tags=[{"Key": "team", "Value": "ml"}], **ALARM)
    arn = _arn(cloudwatch, name)
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "env", "Value": "prod"}])
    assert _tags(cloudwatch, arn) == {"team": "ml", "env": "prod"}
    cloudwatch.put_metric_alarm(AlarmName=name, Tags=[{"Key": "team", "Value": "x"}], **ALARM)
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["env"])
    assert _tags(cloudwatch, arn) == {"team": "ml"}
    cloudwatch.delete_alarms(AlarmNames=[name])
    cloudwatch.put_metric_alarm(AlarmName=name, **ALARM)
    assert _tags(cloudwatch, arn) == {}


def test_tags_of_a_dashboard_are_kept(cloudwatch: Any, unique: Unique) -> None:
    name = unique("board")
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody='{"widgets": []}')
    arn = cloudwatch.get_dashboard(DashboardName=name)["DashboardArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "env", "Value": "prod"}])
    assert _tags(cloudwatch, arn) == {"env": "prod"}


def test_missing_resource_has_no_tags(cloudwatch: Any, unique: Unique) -> None:
    name = unique("alarm")
    cloudwatch.put_metric_alarm(AlarmName=name, **ALARM)
    arn = _arn(cloudwatch, name)
    ask = cloudwatch.list_tags_for_resource
    assert refusal(ask, ResourceARN=f"{arn}-gone")[0] == "ResourceNotFoundException"
    assert refusal(ask, ResourceARN="arn:aws:s3:::b")[0] == "InvalidParameterValue"
    tags = [{"Key": str(n), "Value": "x"} for n in range(51)]
    code, _ = refusal(cloudwatch.tag_resource, ResourceARN=arn, Tags=tags)
    assert code == "InvalidParameterValue"
