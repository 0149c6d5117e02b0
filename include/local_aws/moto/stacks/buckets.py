"""AWS::S3::Bucket: properties that moto ignores are set through S3's API, others refused."""

from __future__ import annotations

from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.s3.models import FakeBucket

from ..own_services import Origin

Properties = dict[str, Any]
OF_MOTO = frozenset({"BucketName", "BucketEncryption", "Tags"})
OF_API = {  # properties whose form is also that of the operation, with its parameter
    "OwnershipControls": ("put_bucket_ownership_controls", "OwnershipControls"),
    "PublicAccessBlockConfiguration": (
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
    ),
    "VersioningConfiguration": ("put_bucket_versioning", "VersioningConfiguration"),
}
LIFECYCLE = "LifecycleConfiguration"
SAME_IN_RULES = ("Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
RULES = frozenset({*SAME_IN_RULES, "Id", "Prefix", "ExpirationInDays", "ExpiredObjectDeleteMarker"})


def complete(origin: Origin) -> None:
    """Have stacks set a bucket's properties through *origin*."""
    create, update = (
        FakeBucket.create_from_cloudformation_json,
        FakeBucket.update_from_cloudformation_json,
    )

    def put(bucket: Any, properties: Properties, account: str, region: str) -> Any:
        _put(origin.client("s3", account, region), bucket.name, properties)
        return bucket

    def created(
        _: Any, /, name: str, document: Properties, account: str, region: str, **rest: Any
    ) -> Any:
        properties = document.get("Properties", {})
        _check(properties)
        return put(create(name, document, account, region, **rest), properties, account, region)

    def updated(_: Any, /, **arguments: Any) -> Any:
        properties = arguments["cloudformation_json"]["Properties"]
        _check(properties)
        bucket = update(**arguments)
        return put(bucket, properties, arguments["account_id"], arguments["region_name"])

    FakeBucket.create_from_cloudformation_json = classmethod(created)
    FakeBucket.update_from_cloudformation_json = classmethod(updated)


def _check(properties: Properties) -> None:
    """Refuse what would be ignored."""
    rules = properties.get(LIFECYCLE, {}).get("Rules", [])
    ignored = [name for name in properties if name not in {*OF_MOTO, *OF_API, LIFECYCLE}]
    ignored += [f"{LIFECYCLE}.{name}" for rule in rules for name in rule if name not in RULES]
    if ignored:
        raise ValidationError(
            message=f"{', '.join(sorted(ignored))} of AWS::S3::Bucket is not emulated in stacks. "
            "Set it by S3's API."
        )


def _put(s3: Any, bucket: str, properties: Properties) -> None:
    for name, (operation, parameter) in OF_API.items():
        if name in properties:
            getattr(s3, operation)(Bucket=bucket, **{parameter: properties[name]})
    if LIFECYCLE in properties:
        rules = [_rule(rule) for rule in properties[LIFECYCLE]["Rules"]]
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": rules}
        )


def _rule(rule: Properties) -> Properties:
    """Return a rule of a template in the form of S3's API."""
    result = {name: rule[name] for name in SAME_IN_RULES if name in rule}
    result["Filter"] = {"Prefix": rule.get("Prefix", "")}
    expiration = {
        member: rule[name]
        for name, member in (
            ("ExpirationInDays", "Days"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if name in rule
    }
    if expiration:
        result["Expiration"] = expiration
    if "Id" in rule:
        result["ID"] = rule["Id"]
    return result
