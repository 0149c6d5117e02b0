"""Train on several instances, from a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sagemaker_xgboost_container.image import module


def rabit_run(
    exec_fun: Callable[..., Any],
    args: dict[str, Any],
    include_in_training: bool,
    hosts: Sequence[str],
    current_host: str,
    first_port: int | None = None,
    second_port: int | None = None,
    max_connect_attempts: int | None = None,
    connect_retry_timeout: int = 10,
    update_rabit_args: bool = False,
) -> None:
    """Call *exec_fun* on each instance that has data, once all of them are connected.

    The platform chooses the ports and waits for instances, so those arguments have no effect.

    :param update_rabit_args: Add `is_master`, which is true on one instance, to *args*.
    """
    with module("cluster").together(include_in_training) as first:
        exec_fun(**(args | ({"is_master": first} if update_rabit_args else {})))
