"""The place of raw data in S3: whether this caller and the jobs may list and read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.errors import code_of
from prodml.aws.s3 import split
from prodml.preflight.buckets import FORBIDDEN
from prodml.preflight.findings import Finding, ok, unknown, wrong
from prodml.preflight.permissions import check_policy
from prodml.preflight.project import Project

LISTING, OBJECT, BY_JOBS = "landing", "landing object", "landing for jobs"
LISTED = 100  # objects, of which the first one with content is read
ARCHIVED = "InvalidObjectState"


def check_landing(aws: Aws, project: Project) -> Iterator[Finding]:
    """List the landing and read one byte of one object; a folder of this machine is not checked."""
    from botocore.exceptions import ClientError

    if not project.landing.startswith("s3://"):
        return
    s3 = aws.client("s3")
    bucket, prefix = split(f"{project.landing.rstrip('/')}/")
    try:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=LISTED)
    except ClientError as error:
        yield _not_listed(error, project)
        return
    yield ok(LISTING, project.landing)
    keys = [item["Key"] for item in listed.get("Contents", []) if item["Size"]]
    yield _readable(s3, bucket, keys[0]) if keys else _empty(project)
    if bucket != project.bucket:
        yield from _region(s3, project)
        yield from check_policy(aws, project, BY_JOBS, project.role_arn, "landing")


def _not_listed(error: Any, project: Project) -> Finding:
    bucket = project.landing_bucket
    if code_of(error) == "NoSuchBucket":
        if bucket == project.bucket:
            return ok(LISTING, f"{bucket} does not exist; initialize_project creates it")
        fix = "Create it, or correct PRODML_LANDING"
        return wrong(LISTING, f"bucket {bucket} does not exist", fix)
    if code_of(error) not in FORBIDDEN:
        raise error
    return wrong(LISTING, f"listing {project.landing} is denied", _allow("s3:ListBucket", bucket))


def _readable(s3: Any, bucket: str, key: str) -> Finding:
    from botocore.exceptions import ClientError

    uri = f"s3://{bucket}/{key}"
    try:
        s3.get_object(Bucket=bucket, Key=key, Range="bytes=0-0")["Body"].read()
    except ClientError as error:
        if code_of(error) == ARCHIVED:
            fix = "Restore the objects of the windows to train on, or move them to another class"
            return wrong(OBJECT, f"{uri} is archived, and jobs cannot read it", fix)
        if code_of(error) not in FORBIDDEN:
            raise
        if "kms:" in str(error):
            fix = "Allow kms:Decrypt to both roles in the policy of the object's key"
            return wrong(OBJECT, f"decrypting {uri} is denied", fix)
        return wrong(OBJECT, f"reading {uri} is denied", _allow("s3:GetObject", f"{bucket}/*"))
    return ok(OBJECT, f"{uri} can be read")


def _empty(project: Project) -> Finding:
    fix = "Put a partition there, and run this again"
    return unknown(OBJECT, f"{project.landing} has no object with content to read", fix)


def _region(s3: Any, project: Project) -> Iterator[Finding]:
    region = s3.head_bucket(Bucket=project.landing_bucket).get("BucketRegion", project.region)
    if region != project.region:
        fix = f"Copy the data to a bucket in {project.region}: jobs read no other region"
        yield wrong("landing region", f"{region}, not {project.region}", fix)


def _allow(action: str, resource: str) -> str:
    bucket = resource.partition("/")[0]
    return (
        f"Deploy infra/prodml.yaml again with LandingBucketName={bucket}, or allow {action} on "
        f"arn:aws:s3:::{resource} to the roles of Airflow and of jobs; a bucket of another account "
        "needs a bucket policy with it as well"
    )
