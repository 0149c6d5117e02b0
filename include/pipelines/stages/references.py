"""Reference the results of tasks, with the types of the results.

At run time a reference is Airflow's XComArg: given to a templated argument it becomes the value,
and inside a string it is a template. To mypy it is the contract, so that a misspelt field, or a
result handed to a task that takes another, is an error before a DAG is parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar, cast, overload

from airflow.sdk import BaseOperator, XComArg
from airflow.sdk.bases.decorator import Task
from prodml.vocabulary import Json

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
END = " }}"


class Job(Protocol[R_co]):
    """An operator of a job, whose result comes from the job's description."""

    def result(self, name: str, description: Json) -> R_co: ...


class Step(Protocol[R_co]):
    """An operator that returns its result at once."""

    def execute(self, context: Any) -> R_co: ...


def called(function: Task[P, R]) -> Callable[P, R]:
    """Return a task function whose call is typed as what the task returns."""
    return cast(Callable[P, R], function)


@overload
def output(operator: Job[R]) -> R: ...
@overload
def output(operator: Step[R]) -> R: ...
def output(operator: Any) -> Any:
    """Return a reference to what *operator* returns."""
    return operator.output


def output_as(contract: type[R], operator: BaseOperator) -> R:
    """Return a reference to a result whose fields the operator's request names."""
    return cast(R, operator.output)


@overload
def outputs(kind: type[Job[R]], mapped: Any) -> list[R]: ...
@overload
def outputs(kind: type[Step[R]], mapped: Any) -> list[R]: ...
def outputs(kind: type[Any], mapped: Any) -> Any:
    """Return a reference to the results of all tasks of a mapped operator of *kind*."""
    return mapped.output


def task_of(reference: object) -> XComArg:
    """Return the task behind *reference*, to chain it with others."""
    return cast(XComArg, reference)


def templates(contract: type[R], field: R) -> R:
    """Return a template for each field of *field*, which is a part of a task's result.

    Airflow's own reference ends at the first level of a result: `task.output["a"]["b"]` is the
    part `b` of the result, and not of its part `a`.
    """
    pulled = str(field).removesuffix(END)
    names: Mapping[str, Any] = contract.__annotations__
    return cast(R, {name: f"{pulled}['{name}']{END}" for name in names})
