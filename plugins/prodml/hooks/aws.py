"""One way to AWS: the connection decides the credentials, the region and the endpoint."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

from prodml.vocabulary import Json

# What AWS says when it is busy, not when the caller is wrong.
PASSING = {
    "InternalFailure",
    "InternalServerError",
    "InternalServerException",
    "RequestLimitExceeded",
    "RequestTimeout",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "500",
    "502",
    "503",
    "504",
}
DENIED = {"AccessDenied", "AccessDeniedException"}
# Credentials that have run out; new clients take new ones.
STALE = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
TAKEN = {"BucketAlreadyOwnedByYou", "ResourceInUse"}
ABSENT = {"404", "NoSuchBucket", "NoSuchEntity", "NoSuchKey", "NotFound", "ResourceNotFound"}
_MAKING = threading.Lock()


@dataclass(frozen=True)
class Aws:
    """How to reach AWS, small enough to hand to a trigger; clients are made when first used."""

    aws_conn_id: str | None = "aws_default"
    region_name: str | None = None
    verify: bool | str | None = None
    botocore_config: Json | None = None
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def arguments(self) -> Json:
        """What builds this object again elsewhere."""
        return {
            "aws_conn_id": self.aws_conn_id,
            "region_name": self.region_name,
            "verify": self.verify,
            "botocore_config": self.botocore_config,
        }

    def client(self, service: str) -> Any:
        """A boto3 client of *service*; threads that ask at once get the same one."""
        if service not in self._clients:
            with _MAKING:
                if service not in self._clients:
                    self._clients[service] = self.hook(service).conn
        return self._clients[service]

    def hasty(self, service: str, **config: Any) -> Any:
        """A client that never repeats a call by itself: for calls that follow a check at once."""
        key = f"{service}, hasty"
        if key not in self._clients:
            once = {"retries": {"total_max_attempts": 1}}
            config = (self.botocore_config or {}) | config | once
            self._clients[key] = replace(self, botocore_config=config, _clients={}).client(service)
        return self._clients[key]

    def forget(self) -> None:
        """Make new clients from now on, with the credentials and addresses of then."""
        self._clients.clear()

    def hook(self, service: str) -> Any:
        """The provider's hook: it reads the connection."""
        # Imported here: it brings boto3, which every parse of a DAG file would pay for.
        from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

        return AwsBaseHook(
            client_type=service,
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name,
            verify=self.verify,
            config=self.botocore_config,
        )


def code_of(error: BaseException) -> str:
    """AWS's error code, or nothing for another kind of error."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def is_passing(error: BaseException) -> bool:
    """Whether asking again later is the right answer: throttles, outages, lost connections."""
    from botocore.exceptions import ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NoConnection

    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return code_of(error) in PASSING or status >= 500
    return isinstance(error, (HTTPClientError, NoConnection))


def is_blind(error: BaseException) -> bool:
    """Whether *error* says nothing about what was asked for: passing, or a lapse of credentials."""
    from botocore.exceptions import BotoCoreError, ParamValidationError

    if is_passing(error) or code_of(error) in STALE:
        return True
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def is_taken(error: BaseException) -> bool:
    """Whether a create was refused because the name exists; SageMaker has three ways to say so."""
    if code_of(error) in TAKEN:
        return True
    text = str(error).lower()
    refused = code_of(error) in {"ValidationException", "ConflictException"}
    return refused and ("already exist" in text or "must be unique" in text)


def is_absent(error: BaseException) -> bool:
    """Whether the resource asked for does not exist; most of SageMaker says ValidationException."""
    text = str(error).lower()
    words = ("could not find", "does not exist", "not found")
    said = code_of(error) == "ValidationException" and any(word in text for word in words)
    return said or code_of(error) in ABSENT
