"""Call AWS with retries while it throttles or is unavailable."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from prodml.aws.errors import DENIED, code_of, is_absent, is_retryable, is_taken
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
PATIENCE = ContextVar("patience", default=300.0)  # seconds to retry a call before the task fails
REFUSALS = frozenset(
    {"ValidationException", "AccessDeniedException", "BadRequestException", "ResourceNotFound"}
)


def with_retries(call: Any, **arguments: Any) -> Any:
    """Make *call*, with retries while AWS throttles or is unavailable."""
    return within(PATIENCE.get(), call, **arguments)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Retry calls for up to *seconds* in the block, such as for a person who waits for a page."""
    former = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(former)


def within(seconds: float, call: Any, **arguments: Any) -> Any:
    """Make *call*, with retries for up to *seconds*."""
    began = time.monotonic()
    tries = 0
    while True:
        try:
            return call(**arguments)
        except Exception as error:
            if not is_retryable(error) or time.monotonic() - began > seconds:
                raise
            wait = backoff(tries, first=1.0, most=30.0)
            log.warning("AWS throttled or unavailable; retrying in %.0f s: %s", wait, error)
            time.sleep(wait)
            tries += 1


def pages(
    call: Any, *, tokens: tuple[str, str] = ("NextToken", "NextToken"), **request: Any
) -> Iterator[Json]:
    """Yield every page that *call* lists, with retries, which boto3's paginators do not have.

    :param tokens: The names of the page token in the request and in the response.
    """
    asked, answered = tokens
    while True:
        page: Json = with_retries(call, **request)
        yield page
        if not (token := page.get(answered)):
            return
        request[asked] = token


def backoff(tries: int, first: float, most: float) -> float:
    """Return the seconds before the next try: doubled each time, with jitter."""
    return random.uniform(0.5, 1.0) * min(most, first * 2.0**tries)


def present(call: Any, **arguments: Any) -> Any:
    """Return what *call* describes; None if it does not exist."""
    from botocore.exceptions import ClientError

    try:
        return with_retries(call, **arguments)
    except ClientError as error:
        if is_absent(error):
            return None
        raise


def visible(call: Any, **arguments: Any) -> Any:
    """Return what *call* describes; None if it is absent, or if AWS denies to show it.

    What may not be described belongs to others: policies name the resources of each team.
    """
    from botocore.exceptions import ClientError

    try:
        return present(call, **arguments)
    except ClientError as error:
        if code_of(error) in DENIED:
            return None
        raise


def get_or_create(create: Any, **request: Any) -> bool:
    """Call *create* unless the name is taken; return whether it was created."""
    from botocore.exceptions import ClientError

    try:
        with_retries(create, **request)
    except ClientError as error:
        if is_taken(error):
            return False
        raise
    return True


def delete(call: Any, **arguments: Any) -> None:
    """Make *call* to delete something; succeed if it does not exist."""
    from botocore.exceptions import ClientError

    try:
        with_retries(call, **arguments)
    except ClientError as error:
        if not is_absent(error):
            raise


def refused(what: str, error: Exception) -> Exception:
    """Turn a validation error of AWS or botocore into RequestRefusedError, which is not retried.

    Return any other error unchanged.
    """
    from botocore.exceptions import ParamValidationError

    if code_of(error) in REFUSALS or isinstance(error, ParamValidationError):
        return RequestRefusedError(f"AWS refused to {what}: {error}. Correct the request.")
    return error
