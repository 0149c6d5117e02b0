"""Let S3 delete old objects, and refuse rules that would delete what production uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.errors import code_of
from prodml.aws.retries import with_retries
from prodml.exceptions import InvalidInputError, RequestRefusedError
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

OWN = "prodml: "  # begins the ID of each rule that this operator sets
NO_RULES = "NoSuchLifecycleConfiguration"
SIZE = "TransitionDefaultMinimumObjectSize"
SELECTIVE = ("Tag", "And")  # members of a filter that select by more than the prefix


class EnsureRetentionOperator(AwsOperator):
    """
    Set a bucket's lifecycle rules: objects below a prefix are deleted after a number of days.

    Rules that others have set stay. In a bucket with versions, a deleted or overwritten version is
    removed a day later. A rule of others, or one of these, that would delete objects below a
    prefix of *kept* is refused, and nothing is changed.

    Returns ``{"bucket", "days", "changed"}``; *days* is what applies, by prefix.

    :param bucket: The bucket.
    :param days: Days by key prefix; 0 keeps the objects, and removes the operator's own rule.
    :param kept: Key prefixes whose objects never expire.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "bucket", "days", "kept")

    def __init__(
        self,
        *,
        bucket: str,
        days: Mapping[str, int],
        kept: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket
        self.days = days
        self.kept = kept

    def execute(self, context: Context) -> Json:
        described = self._described()
        before = described.get("Rules", [])
        stated = {prefix: _whole(prefix, days) for prefix, days in self.days.items()}
        others = [rule for rule in before if rule.get("ID") not in map(_id, stated)]
        # S3 takes either form in one configuration, and not both.
        old_form = any("Prefix" in rule for rule in others)
        own = [_rule(prefix, days, old_form) for prefix, days in stated.items() if days]
        self._refuse_losses([*others, *own])
        changed = _by_id([*others, *own]) != _by_id(before)
        if changed:
            self._put([*others, *own], described)
        applied = {prefix: days for prefix, days in stated.items() if days}
        self.log.info("Objects of %s expire after (days by prefix): %s", self.bucket, applied)
        return {"bucket": self.bucket, "days": applied, "changed": changed}

    def _described(self) -> Json:
        from botocore.exceptions import ClientError

        get = self.s3.get_bucket_lifecycle_configuration
        try:
            return dict(with_retries(get, Bucket=self.bucket))
        except ClientError as error:
            if code_of(error) != NO_RULES:
                raise
            return {}

    def _put(self, rules: list[Json], described: Json) -> None:
        if not rules:
            with_retries(self.s3.delete_bucket_lifecycle, Bucket=self.bucket)
            return
        size = {SIZE: described[SIZE]} if described.get(SIZE) else {}
        with_retries(
            self.s3.put_bucket_lifecycle_configuration,
            Bucket=self.bucket,
            LifecycleConfiguration={"Rules": rules},
            **size,
        )

    def _refuse_losses(self, rules: list[Json]) -> None:
        for rule in rules:
            prefix = _expired_prefix(rule)
            for kept in self.kept if prefix is not None else ():
                if kept.startswith(str(prefix)) or str(prefix).startswith(kept):
                    raise RequestRefusedError(
                        f"Lifecycle rule {rule.get('ID')!r} of bucket {self.bucket} deletes "
                        f"objects below {prefix!r}, and so models in production, which lie below "
                        f"{kept!r}. Limit the rule to another prefix, or to a tag."
                    )


def _whole(prefix: str, days: object) -> int:
    text = str(days)
    if not text.isdecimal():
        raise InvalidInputError(
            f"The retention of {prefix!r} is {days!r}. Give whole days, or 0 to keep everything."
        )
    return int(text)


def _id(prefix: str) -> str:
    return f"{OWN}{prefix}"


def _rule(prefix: str, days: int, old_form: bool) -> Json:
    selected: Json = {"Prefix": prefix} if old_form else {"Filter": {"Prefix": prefix}}
    return {
        "ID": _id(prefix),
        "Status": "Enabled",
        **selected,
        "Expiration": {"Days": days},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
    }


def _expired_prefix(rule: Json) -> str | None:
    """Return the prefix below which a rule deletes every object; None if it does not."""
    expiration = rule.get("Expiration", {})
    if rule["Status"] != "Enabled" or not (expiration.get("Days") or expiration.get("Date")):
        return None
    selected = rule.get("Filter", {})
    if any(member in selected for member in SELECTIVE):
        return None
    return str(rule.get("Prefix", selected.get("Prefix", "")))


def _by_id(rules: list[Json]) -> dict[str, Json]:
    return {str(rule.get("ID")): rule for rule in rules}
