"""The firing alarms. Composite ones are not emulated: their response is built by AWS's model."""

from __future__ import annotations

import boto3
from botocore.stub import Stubber
from prodml.aws.alarms import firing

from include.local_aws.testing import REGION


def test_composite_alarms_fire_too() -> None:
    cloudwatch = boto3.client("cloudwatch", REGION)
    names = ["errors", "everything"]
    asked = {
        "AlarmNames": names,
        "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],  # AWS leaves composite ones out otherwise
        "StateValue": "ALARM",
    }
    answer = {
        "MetricAlarms": [{"AlarmName": "errors"}],
        "CompositeAlarms": [{"AlarmName": "everything"}],
    }
    with Stubber(cloudwatch) as stubbed:
        stubbed.add_response("describe_alarms", answer, asked)
        assert firing(cloudwatch, names) == names
