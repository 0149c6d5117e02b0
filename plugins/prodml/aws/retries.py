"""Calls to AWS that wait out what passes."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from typing import Any

from prodml.aws.errors import code_of, is_absent, is_retryable, is_taken
from prodml.exceptions import RequestRefusedError
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
PATIENCE = 300.0  # seconds that a call is repeated before the task gives up
REFUSALS = frozenset({"ValidationException", "AccessDeniedException", "ResourceNotFound"})


def with_retries(call: Any, **arguments: Any) -> Any:
    """Make *call*, again and again while AWS is only busy."""
    return within(PATIENCE, call, **arguments)


def within(seconds: float, call: Any, **arguments: Any) -> Any:
    """Make *call*, again while AWS is only busy and *seconds* have not gone by."""
    began = time.monotonic()
    tries = 0
    while True:
        try:
            return call(**arguments)
        except Exception as error:
            if not is_retryable(error) or time.monotonic() - began > seconds:
                raise
            wait = backoff(tries, first=1.0, most=30.0)
            log.warning("AWS is busy, asking again in %.0f s: %s", wait, error)
            time.sleep(wait)
            tries += 1


def pages(
    call: Any, *, tokens: tuple[str, str] = ("NextToken", "NextToken"), **request: Any
) -> Iterator[Json]:
    """Every page that *call* lists; each one is waited for, as a paginator of boto3 does not.

    :param tokens: How the request and the answer name the place where the next page begins.
    """
    asked, answered = tokens
    while True:
        page: Json = with_retries(call, **request)
        yield page
        if not (token := page.get(answered)):
            return
        request[asked] = token


def backoff(tries: int, first: float, most: float) -> float:
    """Seconds before the next try: twice as long each time, and never in step with others."""
    return random.uniform(0.5, 1.0) * min(most, first * 2.0**tries)


def present(call: Any, **arguments: Any) -> Any:
    """What *call* describes; None if there is no such thing."""
    from botocore.exceptions import ClientError

    try:
        return with_retries(call, **arguments)
    except ClientError as error:
        if is_absent(error):
            return None
        raise


def get_or_create(create: Any, **request: Any) -> bool:
    """Make *create*'s resource unless its name is taken; return whether it was made."""
    from botocore.exceptions import ClientError

    try:
        with_retries(create, **request)
    except ClientError as error:
        if is_taken(error):
            return False
        raise
    return True


def delete(call: Any, **arguments: Any) -> None:
    """Make *call* to delete something; that it is gone already is as good."""
    from botocore.exceptions import ClientError

    try:
        with_retries(call, **arguments)
    except ClientError as error:
        if not is_absent(error):
            raise


def refused(what: str, error: Exception) -> Exception:
    """A validation error, of AWS or of botocore before it, would be refused again: no retry.

    Anything else stays as it is.
    """
    from botocore.exceptions import ParamValidationError

    if code_of(error) in REFUSALS or isinstance(error, ParamValidationError):
        return RequestRefusedError(f"AWS refused to {what}: {error}. Correct the request.")
    return error
