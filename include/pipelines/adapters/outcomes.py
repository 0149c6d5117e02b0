"""How a pipeline's exceptions end a task: nothing to do skips, bad input fails at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prodml.exceptions import InvalidInputError
from prodml.run_notes import skip

from include.pipelines.errors import NothingNew

P = ParamSpec("P")
R = TypeVar("R")


def settled(function: Callable[P, R]) -> Callable[P, R]:
    """Let *function* raise NothingNew and ValueError, and Airflow understand them."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except NothingNew as nothing:
            skip(str(nothing))
        except ValueError as error:
            raise InvalidInputError(str(error)) from None

    return wrapper
