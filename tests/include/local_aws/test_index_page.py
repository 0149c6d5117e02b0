"""`/_local/`, the index of an account's resources, read as by a browser, with its links."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.jobs import Jobs
from tests.include.local_aws.models import ROLE
from tests.include.local_aws.raw import page

Unique = Callable[[str], str]
FAILING = "import sys; open('/opt/ml/output/failure', 'w').write('<script>'); sys.exit(1)"


def row(shown: str, name: str) -> str:
    """Return the row of the table that begins with *name*."""
    (line,) = [line for line in shown.split("<tr>") if re.match(rf"<td>(<a [^>]*>)?{name}<", line)]
    return line


def link(row: str) -> str:
    match = re.search(r'href="([^"]*)"', row)
    assert match
    return unescape(match[1])


def test_a_failed_job_shows_its_status_and_time_escaped_and_links_its_page(
    local_aws: Server, sagemaker: Any, s3: Any, unique: Unique
) -> None:
    bucket, name = unique("index"), unique("fails")
    s3.create_bucket(Bucket=bucket)
    user = Jobs(sagemaker, s3, local_aws.client("logs"), bucket)
    user.run(name, FAILING)
    user.failure("Training", name)
    shown = row(page(local_aws), name)
    assert "<td>Failed: " in shown
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    created = sagemaker.describe_training_job(TrainingJobName=name)["CreationTime"]
    assert f"{created:%Y-%m-%d %H:%M}" in shown
    assert f"<h1>{name}</h1>" in page(local_aws, link(shown))


def test_an_endpoint_shows_its_variants_and_instances(local_aws: Server, endpoint: str) -> None:
    logs = local_aws.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{endpoint}")
    shown = row(page(local_aws), endpoint)
    assert "<td>InService</td>" in shown
    assert "AllTraffic: 2 of 2 instances" in shown
    own = page(local_aws, link(shown))
    assert "<b>InService</b>" in own
    assert f"/aws/sagemaker/Endpoints/{endpoint}" in own
    groups = page(local_aws).partition("<h2>Log groups")[2]
    assert f">/aws/sagemaker/Endpoints/{endpoint}</a>" in groups


def test_an_endpoint_of_inference_components_is_listed(
    local_aws: Server, sagemaker: Any, unique: Unique
) -> None:
    name = unique("fleet")
    variant = {"VariantName": "Fleet", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ExecutionRoleArn=ROLE, ProductionVariants=[variant]
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    waiter = sagemaker.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1})
    assert "Fleet: 1 of 1 instances, no inference component<" in row(page(local_aws), name)
    sagemaker.delete_endpoint(EndpointName=name)


def test_buckets_and_log_groups_are_listed(local_aws: Server, s3: Any, unique: Unique) -> None:
    bucket, group = unique("bucket"), unique("group")
    s3.create_bucket(Bucket=bucket)
    local_aws.client("logs").create_log_group(logGroupName=group)
    shown = page(local_aws)
    for name, empty in ((bucket, "The bucket is empty."), (group, "The group has no stream.")):
        listed = row(shown, name)
        assert " UTC</td>" in listed
        assert empty in page(local_aws, link(listed))


def test_every_page_that_the_index_leads_to_is_there_and_shows_no_missing_value(
    local_aws: Server, endpoint: str
) -> None:
    paths, seen = ["/_local/"], set()
    while paths:
        path = paths.pop()
        shown = page(local_aws, path)
        seen.add(path)
        quoted = re.sub(r"<pre>.*?</pre>", "", shown, flags=re.DOTALL)  # a log may say None
        assert "None" not in quoted.replace("<p>None.</p>", "")
        links = {unescape(address) for address in re.findall(r'href="([^"]*)"', shown)}
        here = {address for address in links if "account=000000000000" in address}
        paths += here - seen - {*paths}
    assert {path.split("/")[2] for path in seen} >= {"", "jobs", "logs"}


def test_another_account_shows_only_its_own_resources(local_aws: Server, s3: Any) -> None:
    s3.create_bucket(Bucket="of-the-first-account")
    shown = page(local_aws, "/_local/?account=111122223333&region=us-east-1")
    assert "<h1>Embedded AWS: 111122223333, us-east-1</h1>" in shown
    assert "<h2>Training jobs</h2><p>None.</p>" in shown
    assert "of-the-first-account" not in shown
    assert 'href="/_local/?region=us-east-1&amp;account=000000000000"' in shown


def test_a_region_that_is_not_served_is_named(local_aws: Server) -> None:
    assert "&#x27;eu-west-9&#x27; is not served here" in page(
        local_aws, "/_local/?region=eu-west-9", 404
    )


@pytest.mark.parametrize("path", ["/_local", "/_local/"])
def test_the_page_needs_nothing_else_and_fits_a_phone_in_the_dark(
    local_aws: Server, path: str
) -> None:
    shown = page(local_aws, path)
    assert "src=" not in shown
    assert all(link.startswith("/_local/") for link in re.findall(r'href="([^"]*)"', shown))
    assert "width=device-width" in shown
    assert "prefers-color-scheme:dark" in shown
