"""Put the guard of `--iam record` and `--iam enforce` together from the parts of the server."""

from __future__ import annotations

from collections.abc import Mapping

from .accounts import Accounts
from .core.account import Aws
from .core.options import Options
from .iam.arns import account_in, region_in
from .iam.authentication import Authentication
from .iam.authorization import Authorization
from .iam.context import TagsOf
from .iam.directory import Directory
from .iam.guard import Guard
from .iam.organization import service_control_policies
from .iam.sessions import Sessions
from .moto.proxy import MotoProxy
from .sagemaker.endpoints.configs import ENDPOINT_CONFIG
from .wire import http

LAST_OF_A_GROUP = ":log-stream:"


def guarded(
    app: http.App, options: Options, sessions: Sessions, accounts: Accounts, moto: MotoProxy
) -> http.App:
    """Return *app* behind the guard, which reads identities from *moto*."""
    directory = Directory(moto.identities, moto.starts)
    guard = Guard(
        app,
        "enforce" if options.iam == "enforce" else "record",
        Authentication(sessions, directory),
        Authorization(directory, service_control_policies(options.scps)),
        directory,
        accounts.clock,
        (options.account, options.region),
        lambda region: _tags_of(accounts, region),
        lambda account, region, name: _volume_key(accounts.open(account, region), name),
        moto.upload_encryption,
    )
    sessions.decide_by(guard.denial)
    return guard


def _volume_key(aws: Aws | None, config: str) -> str | None:
    """Return the KMS key of the volumes of an endpoint configuration."""
    known = aws.store.get(ENDPOINT_CONFIG.kind, config) if aws else None
    key: str | None = (known or {}).get("KmsKeyId")
    return key


def _tags_of(accounts: Accounts, region: str) -> TagsOf:
    """Return a function that reads the tags of a resource of this server's own services."""

    def tags(arn: str) -> Mapping[str, str]:
        account = account_in(arn)
        aws = accounts.open(account, region_in(arn) or region) if account else None
        known = aws.store.tags(arn.removesuffix(LAST_OF_A_GROUP)) if aws else []
        return {tag["Key"]: tag["Value"] for tag in known}

    return tags
