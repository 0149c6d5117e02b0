"""Access keys that moto issues: their ids contain the account, so that they survive restarts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..wire.credentials import issued_key
from .identities import Tokens


def issue_own_keys() -> None:
    """Make IAM and STS issue keys of the account that requests them."""
    import moto.iam.models as iam
    from moto.sts.responses import TokenResponse

    iam.generate_access_key_id_from_account_id = _key_id
    TokenResponse.get_session_token = _with_own_key(TokenResponse.get_session_token, _keep)
    TokenResponse.get_federation_token = _with_own_key(TokenResponse.get_federation_token)


def _key_id(account_id: str, prefix: str, **_: int) -> str:
    return issued_key(account_id, prefix)


def _with_own_key(answer: Any, keep: Callable[[Any, Any], None] | None = None) -> Any:
    """Wrap a method of moto that returns the same key to every account."""

    def answer_own(response: Any) -> Any:
        answered = answer(response)
        answered.result["Credentials"]["AccessKeyId"] = issued_key(response.current_account, "ASIA")
        if keep:
            keep(response, answered.result["Credentials"])
        return answered

    return answer_own


def _keep(response: Any, issued: Any) -> None:
    """Remember a user's session: moto itself forgets it. One of the root user stays unknown."""
    from moto.iam.models import iam_backends

    backend = iam_backends[response.current_account]["aws"]
    user = backend.get_user_from_access_key_id(response.get_access_key())
    if user is None:
        return
    Tokens.issued[issued["AccessKeyId"]] = {
        "account": response.current_account,
        "user": user.arn,
        "secret": issued["SecretAccessKey"],
        "token": issued["SessionToken"],
        "expires": issued["Expiration"].timestamp(),
    }


def keep_sessions() -> None:
    """Have STS remember the tags and the managed policies of a role's session."""
    from moto.sts.responses import TokenResponse

    answer = TokenResponse.assume_role

    def answer_and_keep(response: Any) -> Any:
        answered = answer(response)
        session = answered.result["Credentials"]
        tags, policies = response._get_param("Tags"), response._get_param("PolicyArns")
        session.session_tags = {tag["Key"]: tag["Value"] for tag in tags or []}
        session.session_policies = [policy["arn"] for policy in policies or []]
        return answered

    TokenResponse.assume_role = answer_and_keep
