"""The encryption with which SageMaker puts objects into S3, as parameters of a request.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping

Encryption = dict[str, str]
KMS = "aws:kms"


def under_key(config: Mapping[str, str]) -> Encryption:
    """Return SSE-KMS under the KmsKeyId of *config*; without one, what the bucket does itself."""
    key = config.get("KmsKeyId")
    return {"ServerSideEncryption": KMS, "SSEKMSKeyId": key} if key else {}


def under_some_key(config: Mapping[str, str]) -> Encryption:
    """Return SSE-KMS; without a KmsKeyId in *config* under the account's default key for S3."""
    return under_key(config) or {"ServerSideEncryption": KMS}
