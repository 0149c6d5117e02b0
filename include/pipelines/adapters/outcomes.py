"""How a pipeline's exceptions end a task: nothing to do skips, bad input fails at once."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.pipelines.errors import NothingNew

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def settled(function: Callable[P, R]) -> Callable[P, R]:
    """Let *function* raise NothingNew and ValueError, and Airflow understand them."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except NothingNew as nothing:
            log.info("Skipped: %s", nothing)
            raise AirflowSkipException(str(nothing)) from None
        except ValueError as error:
            raise AirflowFailException(f"{type(error).__name__}: {error}") from None

    return wrapper
