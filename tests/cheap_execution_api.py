"""A cheaper Execution API within a process: half of the CPU time of `dag.test()` is its requests.

There is one client, which waits for each answer: threads and renewed tokens have no use.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any


def answer_cheaply() -> None:
    """Let FastAPI answer tasks' requests in one thread, and analyze each dependency once."""
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    _leave_out_middleware(in_process_api_server().app)
    _call_in_the_same_thread()
    _analyze_dependencies_once()


def _leave_out_middleware(app: Any) -> None:
    """Leave out the renewal of tokens and the ids of requests, which each start tasks."""
    from airflow.api_fastapi.execution_api import app as api

    unused = (api.CorrelationIdMiddleware, api.JWTReissueMiddleware)
    app.user_middleware[:] = [one for one in app.user_middleware if one.cls not in unused]


def _call_in_the_same_thread() -> None:
    """Call handlers and dependencies in the thread of the event loop."""
    names = ("cadwyn.structure.versions", "fastapi.routing", "fastapi.dependencies.utils")
    modules: list[Any] = [importlib.import_module(name) for name in names]

    async def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        return function(*arguments, **options)

    @contextlib.asynccontextmanager
    async def enter(manager: AbstractContextManager[Any]) -> AsyncIterator[Any]:
        with manager as value:
            yield value

    for module in modules:
        module.run_in_threadpool = call
    modules[-1].contextmanager_in_threadpool = enter


def _analyze_dependencies_once() -> None:
    """Keep the signature of a dependency: FastAPI reads it per request of an app with overrides."""
    from fastapi.dependencies import utils

    analyze: Any = utils.get_dependant

    @functools.lru_cache(maxsize=1024)
    def analyzed(own: tuple[str, ...], parents: tuple[str, ...], **options: Any) -> Any:
        scopes = {"own_oauth_scopes": list(own), "parent_oauth_scopes": list(parents)}
        return analyze(**scopes, **options)

    def get_dependant(
        own_oauth_scopes: Iterable[str] | None = None,
        parent_oauth_scopes: Iterable[str] | None = None,
        **options: Any,
    ) -> Any:
        return analyzed(tuple(own_oauth_scopes or ()), tuple(parent_oauth_scopes or ()), **options)

    utils.get_dependant = get_dependant
