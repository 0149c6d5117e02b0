"""Turn a failed call of AWS into what a page shows: the error, and what to do."""

from __future__ import annotations

from typing import TypedDict

from prodml.aws.errors import DENIED, STALE, code_of, is_absent, is_retryable

THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException"}


class Problem(TypedDict):
    """An error as a page shows it, and what to do."""

    error: str
    remedy: str


def problem_of(error: BaseException) -> Problem | None:
    """Return the problem of an *error* of AWS; None for another error, which is a fault of ours."""
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, TimeoutError):
        return {"error": "AWS does not answer in time.", "remedy": _AGAIN}
    if isinstance(error, (BotoCoreError, ClientError)):
        return {"error": f"AWS could not be read: {_sentence(error)}", "remedy": _remedy(error)}
    return None


_AGAIN = "Wait: this page asks again within a minute. If it lasts, check AWS's status and quotas."


def _sentence(error: BaseException) -> str:
    text = str(error).strip()
    return text if text.endswith(".") else f"{text}."


def _remedy(error: BaseException) -> str:
    code = code_of(error)
    if code in DENIED:
        return "Allow this call to the role of Airflow's API server; infra/policies lists all."
    if code in STALE or type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError"):
        return "Give the connection aws_default valid credentials, or the API server a role."
    if code in THROTTLED or code.startswith("5"):
        return _AGAIN
    if is_absent(error):
        return "Reload the page: what it shows was deleted."
    if is_retryable(error):
        return "Start the AWS that the connection aws_default names, or correct its endpoint_url."
    return "Check the region and the settings of the connection aws_default."
