"""Map a pipeline's exceptions to Airflow: nothing to do skips, invalid input fails at once."""

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
    """Turn NothingNew and ValueError of *function* into Airflow's exceptions."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except NothingNew as nothing:
            skip(str(nothing))
        except ValueError as error:
            raise InvalidInputError(str(error)) from None

    return wrapper
