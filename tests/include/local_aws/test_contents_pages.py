"""The pages of buckets and log groups, read as a browser reads them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from include.local_aws.contents_pages import LINES
from include.local_aws.testing import Server
from tests.include.local_aws.raw import page

Unique = Callable[[str], str]


def test_a_bucket_shows_its_objects_escaped(local_aws: Server, s3: Any, unique: Unique) -> None:
    bucket = unique("shown")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="runs/<b>.csv", Body=b"x" * 1234)
    shown = page(local_aws, f"/_local/buckets/{bucket}")
    assert "<td>runs/&lt;b&gt;.csv</td><td>1,234</td><td>20" in shown


def test_a_stream_shows_its_last_lines_in_their_order(local_aws: Server, unique: Unique) -> None:
    logs, group = local_aws.client("logs"), f"/aws/{unique('group')}/#1"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="job/algo-1")
    now = int(time.time() * 1000)
    lines = [{"timestamp": now + n, "message": f"line <{n}>"} for n in range(LINES + 2)]
    logs.put_log_events(logGroupName=group, logStreamName="job/algo-1", logEvents=lines)
    listed = page(local_aws, f"/_local/logs/{quote(group)}")
    address = f"/_local/logs/{quote(group)}?region=us-east-1&account=000000000000"
    assert f"{address.replace('&', '&amp;')}&amp;stream=job%2Falgo-1" in listed
    shown = page(local_aws, f"{address}&stream=job%2Falgo-1")
    assert "<pre>line &lt;2&gt;\nline &lt;3&gt;\n" in shown
    assert f"line &lt;{LINES + 1}&gt;</pre>" in shown


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/_local/buckets/no-such-bucket", "The specified bucket does not exist"),
        ("/_local/logs//aws/nothing", "There is no log group &#x27;/aws/nothing&#x27; in account"),
        ("/_local/logs/x?region=eu-west-9", "&#x27;eu-west-9&#x27; is not served here"),
    ],
)
def test_missing_resource_is_named(local_aws: Server, path: str, sentence: str) -> None:
    assert sentence in page(local_aws, path, 404)


def test_a_stream_that_does_not_exist_is_named(local_aws: Server, unique: Unique) -> None:
    group = unique("group")
    local_aws.client("logs").create_log_group(logGroupName=group)
    shown = page(local_aws, f"/_local/logs/{group}?stream=none", 404)
    assert f"There is no stream &#x27;none&#x27; in log group {group}." in shown
