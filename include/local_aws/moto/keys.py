"""Access keys that moto issues: their ids contain the account, so that they survive restarts."""

from __future__ import annotations

from typing import Any

from ..wire.credentials import issued_key


def issue_own_keys() -> None:
    """Make IAM and STS issue keys of the account that requests them."""
    import moto.iam.models as iam
    from moto.sts.responses import TokenResponse

    iam.generate_access_key_id_from_account_id = _key_id
    for name in ("get_session_token", "get_federation_token"):
        setattr(TokenResponse, name, _with_own_key(getattr(TokenResponse, name)))


def _key_id(account_id: str, prefix: str, **_: int) -> str:
    return issued_key(account_id, prefix)


def _with_own_key(answer: Any) -> Any:
    """Wrap a method of moto that returns the same key to every account."""

    def answer_own(response: Any) -> Any:
        answered = answer(response)
        answered.result["Credentials"]["AccessKeyId"] = issued_key(response.current_account, "ASIA")
        return answered

    return answer_own
