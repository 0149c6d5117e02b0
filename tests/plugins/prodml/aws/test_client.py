"""Make clients from the connection, once each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader
from prodml.aws.client import Aws, _loader, load_descriptions


def test_arguments_build_the_same_connection_again() -> None:
    aws = Aws("team_aws", "eu-west-1", verify=False, botocore_config={"read_timeout": 5})
    assert Aws(**aws.arguments()) == aws


def test_threads_that_ask_at_once_get_the_same_client() -> None:
    aws = Aws()
    with ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(aws.client, ["sagemaker"] * 8))
    assert len({id(client) for client in clients}) == 1


def test_a_client_without_retries_keeps_the_other_options() -> None:
    aws = Aws(botocore_config={"read_timeout": 5, "retries": {"total_max_attempts": 9}})
    config = aws.without_retries("sagemaker", connect_timeout=3).meta.config
    assert config.retries["total_max_attempts"] == 1
    assert (config.read_timeout, config.connect_timeout) == (5, 3)
    assert aws.client("sagemaker").meta.config.retries["total_max_attempts"] == 9


def test_new_clients_are_made_once_the_old_ones_are_forgotten() -> None:
    aws = Aws()
    before = aws.client("s3")
    aws.forget()
    assert aws.client("s3") is not before


def test_clients_share_the_models_and_walk_no_call_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both cost more CPU than all that most tasks do."""

    def walked() -> None:
        raise AssertionError("the call stack was walked")

    monkeypatch.setattr("inspect.stack", walked)
    first, second = Aws().client("sagemaker"), Aws().client("sagemaker")
    assert first._service_model is not second._service_model
    assert first._loader is second._loader
    assert "Caller/ProdML" in first.meta.config.user_agent_extra


def test_a_client_reads_no_description_that_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    _loader.cache_clear()
    load_descriptions(["sagemaker"])
    read: list[str] = []
    load_file = JSONFileLoader.load_file

    def noted(loader: JSONFileLoader, path: str) -> Any:
        read.append(path)
        return load_file(loader, path)

    monkeypatch.setattr(JSONFileLoader, "load_file", noted)
    Aws().client("sagemaker")
    assert read
    assert [path for path in read if path.endswith(("/service-2", "-set-1", "/endpoints"))] == []
