"""Limit the work of one template, so that none of them delays other requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

STEPS = 60_000  # about a tenth of a second
CHARACTERS = 20 << 20  # of all strings that one template makes
ITERATIONS = 1_000  # of a #foreach, as on AWS


class TemplateFailure(ValueError):
    """Raised for a template that cannot be parsed or evaluated."""


class Budget:
    """The steps and characters that are left to the template that runs."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.characters = CHARACTERS

    def step(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise TemplateFailure("The template takes too many steps. Make it shorter.")

    def write(self, text: str) -> str:
        self.characters -= len(text)
        if self.characters < 0:
            raise TemplateFailure("The template makes more than 20 MB of text.")
        return text


_current: ContextVar[Budget] = ContextVar("budget")


def current() -> Budget:
    """Return the budget of the template that runs."""
    return _current.get()


@contextmanager
def limited(steps: int = STEPS) -> Iterator[Budget]:
    """Limit the template that the block parses or evaluates."""
    budget = Budget(steps)
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)
