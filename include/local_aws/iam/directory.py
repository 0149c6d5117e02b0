"""The identities of accounts: read from moto once, and again after each change of IAM."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ..wire.document import Doc
from . import policies
from .decisions import Policies
from .policies import Policy
from .principals import Principal, session

Fetch = Callable[[str], Awaitable[Doc]]
USER, ROLE, KEYS = "users", "roles", "encryption_keys"
# Operations that change who may do what; of S3, those on buckets.
CHANGING = frozenset({"iam", "sts", "kms", "cloudformation"})
ISSUING = frozenset({"GetSessionToken"})  # the sessions of federated users stay unknown
READING = ("Get", "List", "Describe", "Head", "Simulate", "Generate", "Encrypt", "Decrypt")
BUCKETS = frozenset(
    {
        *("CreateBucket", "DeleteBucket", "PutBucketPolicy", "DeleteBucketPolicy"),
        *("PutBucketEncryption", "DeleteBucketEncryption"),
    }
)


def changes_identities(service: str, operation: str) -> bool:
    """Return whether an operation changes identities, so that they must be read again."""
    if service == "s3":
        return operation in BUCKETS
    reads = operation.startswith(READING) and operation not in ISSUING
    return service in CHANGING and not reads


@dataclass(frozen=True)
class Identity:
    """A caller with its secret, and what else its requests must have."""

    principal: Principal
    secret: str
    token: str = ""
    expires: float | None = None
    session_policy: Policy | None = None


class Identities:
    """The principals and resource policies of one account."""

    def __init__(self, account: str, document: Doc) -> None:
        self.account = account
        self._document = document
        self._aliases = {
            alias: arn for arn, entry in document[KEYS].items() for alias in entry["aliases"]
        }
        self._names = {
            (kind.rstrip("s"), entry["name"]): arn
            for kind in (USER, ROLE)
            for arn, entry in document[kind].items()
        }
        self._names |= {("group", name): arn for name, arn in document["groups"].items()}

    def identity(self, key: str) -> Identity | None:
        """Return the caller of an access key id; None if the account has no such key."""
        if entry := self._document["keys"].get(key):
            return Identity(self.principal(entry["user"]), entry["secret"])
        if entry := self._document["sessions"].get(key):
            return self._session(entry)
        return None

    def _session(self, entry: Doc) -> Identity:
        policy = policies.parsed(entry["policy"]) if entry.get("policy") else None
        if "user" in entry:
            principal = self.principal(entry["user"])
        else:
            principal = self.role_session(entry["role"], entry["name"], entry["tags"])
        return Identity(principal, entry["secret"], entry["token"], entry["expires"], policy)

    def principal(self, arn: str) -> Principal:
        """Return the user of an ARN."""
        entry = self._document[USER].get(arn, {})
        return Principal(
            "User", self.account, arn, user_id=entry.get("id", ""), tags=entry.get("tags", {})
        )

    def role_session(
        self, role: str, name: str, tags: Mapping[str, str] | None = None
    ) -> Principal:
        """Return the session *name* of a role, with the role's tags below its own."""
        entry = self._document[ROLE].get(role, {})
        all_tags = {**entry.get("tags", {}), **(tags or {})}
        return session(role, name, entry.get("id", "AROA"), all_tags)

    def source(self, arn: str) -> Principal | None:
        """Return the user or a session of the role of an ARN; None for an unknown one."""
        if arn in self._document[ROLE]:
            return self.role_session(arn, "simulated")
        return self.principal(arn) if arn in self._document[USER] else None

    def policies_of(self, principal: Principal) -> Policies:
        """Return the identity policies and the boundary of a principal."""
        kind, arn = (ROLE, principal.role_arn) if principal.role_arn else (USER, principal.arn)
        entry = self._document[kind].get(arn, {})
        boundary = entry.get("boundary")
        return Policies(
            identity=tuple(policies.parsed(text) for text in entry.get("identity", ())),
            boundary=policies.parsed(boundary) if boundary else None,
        )

    def arn_of(self, kind: str, name: str) -> str | None:
        """Return the ARN of a role, user, group or key by its name, id or alias."""
        if kind != "key":
            return self._names.get((kind, name))
        if name.startswith("alias/"):
            return self._aliases.get(name)
        keys = self._document[KEYS]
        return next((arn for arn in keys if arn.endswith(f":key/{name}")), None)

    def trust_policy(self, role: str) -> Policy | None:
        """Return who may assume a role; None for a role that does not exist."""
        entry = self._document[ROLE].get(role)
        return policies.parsed(entry["trust"]) if entry else None

    def key_policy(self, key: str) -> Policy | None:
        """Return the policy of a KMS key; None for a key that does not exist."""
        entry = self._document[KEYS].get(key)
        return policies.parsed(entry["policy"]) if entry else None

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of a user, a role or a KMS key."""
        for kind in (USER, ROLE, KEYS):
            if entry := self._document[kind].get(arn):
                return dict(entry.get("tags", {}))
        return {}

    def bucket_key(self, name: str) -> str | None:
        """Return the KMS key under which a bucket encrypts objects that name none."""
        key: str | None = self._document["buckets"].get(name, {}).get("key")
        return key

    def bucket(self, name: str) -> tuple[str, Policy | None]:
        """Return the account of a bucket ("" if it does not exist) and its policy."""
        entry = self._document["buckets"].get(name)
        if entry is None:
            return "", None
        text = entry["policy"]
        return entry["account"], policies.parsed(text) if text else None


class Directory:
    """Keeps the identities of each account until something changes them."""

    def __init__(self, fetch: Fetch, generation: Callable[[], int]) -> None:
        """Read identities by *fetch*, and again when *generation* has another value."""
        self._fetch = fetch
        self._generation = generation
        self._seen = generation()
        self._read: dict[str, Identities] = {}
        self._version = 0

    async def of(self, account: str) -> Identities:
        """Return the identities of *account*."""
        if self._seen != self._generation():
            self._seen = self._generation()
            self.forget()
        while (known := self._read.get(account)) is None:
            version = self._version
            identities = Identities(account, await self._fetch(account))
            if version == self._version:
                self._read[account] = identities
        return known

    def forget(self) -> None:
        """Read every account again when it is next asked for."""
        self._version += 1
        self._read.clear()
