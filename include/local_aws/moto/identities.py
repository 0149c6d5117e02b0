"""The IAM state of an account, as the server's own evaluation of policies needs it.

moto keeps users, roles, policies, sessions, and the policies of buckets and keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from ..wire.document import Doc

PARTITION = "aws"
NOTHING = '{"Version": "2012-10-17", "Statement": []}'  # a policy that allows no action


class Tokens:
    """Session tokens of users, which moto issues and forgets: by access key id."""

    issued: dict[str, Doc] = {}  # noqa: RUF012  (one process, all accounts)


def exported(account: str) -> Doc:
    """Return principals with their policies, their keys, and the policies of resources."""
    from moto.iam.models import iam_backends

    backend = iam_backends[account][PARTITION]
    users = {user.arn: _user(backend, user) for user in _copied(backend.users)}
    return {
        "roles": {role.arn: _role(backend, role) for role in _copied(backend.roles)},
        "users": users,
        "groups": {group.name: group.arn for group in _copied(backend.groups)},
        "keys": {
            key.access_key_id: {"secret": key.secret_access_key, "user": user.arn}
            for user in _copied(backend.users)
            for key in user.access_keys
            if key.status == "Active"
        },
        "sessions": _sessions(account) | _user_sessions(account),
        "buckets": _buckets(),
        "encryption_keys": _encryption_keys(account),
    }


def _copied(entries: dict[str, Any]) -> list[Any]:
    return list(entries.values())


def _user(backend: Any, user: Any) -> Doc:
    groups = [group for group in _copied(backend.groups) if user in group.users]
    policies = [text for holder in (user, *groups) for text in _attached(holder)]
    return {"id": user.id, "name": user.name, "tags": _tags(user.tags), "identity": policies}


def _role(backend: Any, role: Any) -> Doc:
    arn = role.permissions_boundary_arn
    return {
        "id": role.id,
        "name": role.name,
        "trust": role.assume_role_policy_document,
        "tags": _tags(role.tags),
        "identity": list(_attached(role)),
        "boundary": _managed(backend, arn) if arn else None,
    }


def _attached(holder: Any) -> Iterable[str]:
    yield from _copied(holder.policies)
    for policy in _copied(holder.managed_policies):
        yield _document(policy)


def _managed(backend: Any, arn: str) -> str:
    """Return the document of a managed policy; without it, nothing is allowed."""
    policy = backend.managed_policies.get(arn)
    return _document(policy) if policy else NOTHING


def _document(policy: Any) -> str:
    version = next(v for v in policy.versions if v.version_id == policy.default_version_id)
    return str(version.document)


def _tags(tags: Any) -> dict[str, str]:
    if isinstance(tags, dict):
        tags = list(tags.values())
    return {tag["Key"]: tag["Value"] for tag in tags or []}


def _sessions(account: str) -> Doc:
    from moto.iam.models import iam_backends
    from moto.sts.models import sts_backends

    backend = iam_backends[account][PARTITION]
    return {
        role.access_key_id: {
            "secret": role.secret_access_key,
            "token": role.session_token,
            "role": role.role_arn,
            "name": role.session_name,
            "policy": _joined(
                [role.policy] if role.policy else [],
                [_managed(backend, arn) for arn in getattr(role, "session_policies", ())],
            ),
            "tags": getattr(role, "session_tags", {}),
            "expires": _epoch(role.expiration),
        }
        for role in list(sts_backends[account][PARTITION].assumed_roles)
    }


def _joined(inline: Sequence[str], managed: Sequence[str]) -> str | None:
    """Return one policy that allows and denies what all session policies do; None without any."""
    if not managed:
        return inline[0] if inline else None
    listed = [json.loads(text)["Statement"] for text in (*inline, *managed)]
    statements = [s for each in listed for s in (each if isinstance(each, list) else [each])]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _user_sessions(account: str) -> Doc:
    return {
        key: {name: value for name, value in entry.items() if name != "account"}
        for key, entry in list(Tokens.issued.items())
        if entry["account"] == account
    }


def _epoch(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _buckets() -> Doc:
    """Return the buckets of every account: their names are global."""
    from moto.s3.models import s3_backends

    return {
        bucket.name: {
            "account": account,
            "policy": bucket.policy.decode() if bucket.policy else None,
            "key": _default_key(bucket),
        }
        for account, partitions in list(s3_backends.items())
        for backend in list(partitions.values())
        for bucket in _copied(backend.buckets)
    }


def _default_key(bucket: Any) -> str | None:
    """Return the KMS key under which a bucket encrypts objects that name none."""
    rule = (bucket.encryption or {}).get("Rule", {})
    rules = rule if isinstance(rule, list) else [rule]
    defaults = [entry.get("ApplyServerSideEncryptionByDefault") or {} for entry in rules]
    return next((default.get("KMSMasterKeyID") for default in defaults), None)


def _encryption_keys(account: str) -> Doc:
    from moto.kms.models import kms_backends

    if account not in kms_backends:
        return {}
    return {
        key.arn: {
            "policy": key.policy,
            "aliases": sorted(key.aliases),
            "tags": backend.tagger.get_tag_dict_for_resource(key.id),
        }
        for backend in list(kms_backends[account].values())
        for key in _copied(backend.keys)
    }
