"""The actions on KMS keys that a request needs: for objects in S3 and for volumes of endpoints.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .asked import Asked
from .resources import Place

Keys = dict[str, tuple[str, ...]]
KeyAction = tuple[str, str, Keys]  # action, ARN of the key, condition keys
DATA_KEY, DECRYPT, GRANT = "kms:GenerateDataKey", "kms:Decrypt", "kms:CreateGrant"
WRITES = {
    "PutObject": (DATA_KEY,),
    "CopyObject": (DATA_KEY,),
    "CreateMultipartUpload": (DATA_KEY, DECRYPT),
}
PARTS = ("UploadPart", "UploadPartCopy", "CompleteMultipartUpload")
ENDPOINTS = ("CreateEndpoint", "UpdateEndpoint")
SSE, KEY_ID = "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
MODE = "x-amz-checksum-mode"
MANAGED = "alias/aws/"  # AWS's own keys, which every caller of the account may use


def key_actions(asked: Asked, place: Place) -> Iterator[KeyAction]:
    """Yield what a request needs on keys that it, or what it names, has."""
    if asked.service == "s3" and asked.operation in WRITES:
        if key := _object_key(asked, place):
            keys = _keys("s3", place) | {"kms:encryptioncontext:aws:s3:arn": (_arn(asked),)}
            yield from ((action, key, keys) for action in WRITES[asked.operation])
    elif asked.service == "sagemaker" and asked.operation in ENDPOINTS:
        name = place.key_of("endpoint-config", asked.parameters.get("EndpointConfigName", ""))
        if key := key_arn(name, place):
            yield GRANT, key, _keys("sagemaker", place) | {"kms:grantisforawsresource": ("true",)}


def decryption(asked: Asked, headers: Mapping[str, str], place: Place) -> KeyAction | None:
    """Return what the answer to a read of an object needs; None if no key encrypts the object."""
    wanted = asked.operation == "GetObject" or MODE in asked.parameters["headers"]
    key = key_arn(headers.get(KEY_ID), place) if wanted else None
    keys = _keys("s3", place) | {"kms:encryptioncontext:aws:s3:arn": (_arn(asked),)}
    return (DECRYPT, key, keys) if key else None


def reads(asked: Asked) -> bool:
    """Return whether an object is read."""
    return asked.service == "s3" and asked.operation in ("GetObject", "HeadObject")


def is_part(asked: Asked) -> bool:
    """Return whether a part of a multipart upload is written, or all of them are joined."""
    return asked.service == "s3" and asked.operation in PARTS


def key_arn(key: str | None, place: Place) -> str | None:
    """Return the ARN of a customer's key by its id, alias or ARN; None without one."""
    if not key:
        return None
    name = key.split(":", 5)[-1].removeprefix("key/")
    if name.startswith(MANAGED):
        return None
    path = name if name.startswith("alias/") else f"key/{name}"
    written = f"arn:aws:kms:{place.region}:{place.account}:{path}"
    return place.arn_of("key", name) or (key if key.startswith("arn:") else written)


def _object_key(asked: Asked, place: Place) -> str | None:
    headers: Mapping[str, Any] = asked.parameters["headers"]
    if SSE not in headers:
        return key_arn(place.key_of("bucket", asked.parameters["Bucket"]), place)
    return key_arn(headers.get(KEY_ID), place) if headers[SSE].startswith("aws:kms") else None


def _arn(asked: Asked) -> str:
    return f"arn:aws:s3:::{asked.parameters['Bucket']}/{asked.parameters.get('Key', '')}"


def _keys(service: str, place: Place) -> Keys:
    return {
        "aws:requestedregion": (place.region,),
        "kms:calleraccount": (place.account,),
        "kms:viaservice": (f"{service}.{place.region}.amazonaws.com",),
    }
