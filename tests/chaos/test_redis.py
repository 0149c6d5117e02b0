"""The broker of Airflow and Celery."""

from __future__ import annotations

import pytest

from chaos.redis import NoRedisError, redis_server, running_redis


def test_a_missing_redis_is_refused_with_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert redis_server() is None
    with (
        pytest.raises(NoRedisError, match="apt-get install redis-server"),
        running_redis(),
    ):
        pass
