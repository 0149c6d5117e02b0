"""Record that a deployment was rolled back, for the run's note and Studio's time line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from airflow.sdk import get_current_context

from prodml.exceptions import RolledBackError
from prodml.naming import version_of
from prodml.run_notes import leave

KEY = "rolled_back"  # the XCom with the reason; its presence alone is what Studio reads
LONGEST = 500  # characters of a reason, as a note holds a thousand
T = TypeVar("T")


def records_rollback(finish: Callable[..., T]) -> Callable[..., T]:
    """Record a RolledBackError of *finish*, a method of an operator that deploys a version."""

    @wraps(finish)
    def recording(self: Any, *args: Any, **kwargs: Any) -> T:
        try:
            return finish(self, *args, **kwargs)
        except RolledBackError as error:
            _record(self.endpoint, self.model_package_arn, str(error)[:LONGEST])
            raise

    return recording


def _record(endpoint: str, package: str, reason: str) -> None:
    leave(f"Version {version_of(package)} was rolled back on endpoint {endpoint}: {reason}")
    try:
        ti = get_current_context()["ti"]
    except RuntimeError:  # not called by a task
        return
    ti.xcom_push(key=KEY, value=reason)
