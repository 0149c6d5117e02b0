"""The bucket: its owner, region, encryption and public access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.errors import code_of, is_absent
from prodml.preflight.findings import Finding, ok, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

FORBIDDEN = {"403", "AccessDenied"}


def check_bucket(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check the bucket; `initialize_project` creates one that does not exist."""
    from botocore.exceptions import ClientError

    s3, bucket = aws.client("s3"), project.bucket
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if is_absent(error):
            yield ok("bucket", f"{bucket} does not exist; initialize_project creates it")
        elif code_of(error) in FORBIDDEN:
            fix = "Choose another PRODML_BUCKET, or allow s3:ListBucket on it"
            yield wrong("bucket", f"{bucket} exists, and access is denied", fix)
        else:
            raise
        return
    yield ok("bucket", bucket)
    region = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint") or "us-east-1"
    if region == project.region:
        yield ok("bucket region", region)
    else:
        fix = f"Set PRODML_BUCKET to a bucket in {project.region}: jobs read no other region"
        yield wrong("bucket region", f"{region}, not {project.region}", fix)
    yield _encryption(s3, project)
    yield _public_access(s3, bucket)


def _encryption(s3: Any, project: Project) -> Finding:
    """Compare the default encryption with the company's key, if there is one."""
    check, key = "bucket encryption", project.rules.output_kms_key
    default = _default_encryption(s3, project.bucket)
    algorithm, used = default.get("SSEAlgorithm", "none"), default.get("KMSMasterKeyID", "")
    if algorithm != "none" and (not key or _same_key(used, key)):
        return ok(check, f"{algorithm} {used}".strip())
    wanted = {"SSEAlgorithm": "AES256"}
    if key:
        wanted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = f'{{"Rules": [{{"ApplyServerSideEncryptionByDefault": {wanted}}}]}}'.replace("'", '"')
    return wrong(
        check,
        f"{algorithm} {used}".strip() + (f", not {key}" if key else ""),
        f"aws s3api put-bucket-encryption --bucket {project.bucket} "
        f"--server-side-encryption-configuration '{rule}'",
    )


def _default_encryption(s3: Any, bucket: str) -> Json:
    from botocore.exceptions import ClientError

    try:
        response = s3.get_bucket_encryption(Bucket=bucket)
    except ClientError as error:
        if "ConfigurationNotFound" in code_of(error):
            return {}
        raise
    rules = response["ServerSideEncryptionConfiguration"]["Rules"]
    default: Json = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
    return default


def _same_key(used: str, wanted: str) -> bool:
    """Return whether both name one key: an ARN ends with its id or its alias."""
    shorter, longer = sorted((used, wanted), key=len)
    return bool(shorter) and f"/{longer}".endswith((f":{shorter}", f"/{shorter}"))


def _public_access(s3: Any, bucket: str) -> Finding:
    from botocore.exceptions import ClientError

    check, blocked = "bucket public access", {}
    try:
        response = s3.get_public_access_block(Bucket=bucket)
        blocked = response["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if "NoSuchPublicAccessBlock" not in code_of(error):
            raise
    if len(blocked) == 4 and all(blocked.values()):
        return ok(check, "blocked")
    names = "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"
    return wrong(
        check,
        "not blocked: " + ", ".join(name for name in names if not blocked.get(name)),
        f"aws s3api put-public-access-block --bucket {bucket} "
        "--public-access-block-configuration " + ",".join(f"{name}=true" for name in names),
    )
