"""Create AWS clients from the Airflow connection: its credentials, region and endpoint.

The company's rules are in every request that creates or uploads something.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Protocol

from prodml.aws.rules import enforce
from prodml.vocabulary import Json

_MAKING = threading.Lock()


class Clients(Protocol):
    """Gives the boto3 client of a service, such as `Aws` or a reader that counts calls."""

    def client(self, service: str) -> Any: ...


@dataclass(frozen=True)
class Aws:
    """A connection to AWS, small enough to pass to a trigger; clients are created on first use."""

    aws_conn_id: str | None = "aws_default"
    region_name: str | None = None
    verify: bool | str | None = None
    botocore_config: Json | None = None
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def arguments(self) -> Json:
        """Return the arguments that build this object again in another process."""
        return {
            "aws_conn_id": self.aws_conn_id,
            "region_name": self.region_name,
            "verify": self.verify,
            "botocore_config": self.botocore_config,
        }

    def client(self, service: str) -> Any:
        """Return the boto3 client of *service*, the same one for all threads."""
        if service not in self._clients:
            with _MAKING:
                if service not in self._clients:
                    self._clients[service] = enforce(self.hook(service).conn)
        return self._clients[service]

    def without_retries(self, service: str, **config: Any) -> Any:
        """Return a client that never repeats a call, for calls that must follow a check at once."""
        key = f"{service}, without retries"
        if key not in self._clients:
            once = {"retries": {"total_max_attempts": 1}}
            config = (self.botocore_config or {}) | config | once
            self._clients[key] = replace(self, botocore_config=config, _clients={}).client(service)
        return self._clients[key]

    def forget(self) -> None:
        """Drop the clients, so that new ones get fresh credentials and addresses."""
        self._clients.clear()

    def hook(self, service: str) -> Any:
        """Return the provider's hook, which reads the connection."""
        return _hook_class()(
            client_type=service,
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name,
            verify=self.verify,
            config=self.botocore_config,
        )


def load_descriptions(services: Iterable[str]) -> None:
    """Parse botocore's descriptions of *services*, most of the time that their clients take."""
    from botocore.session import get_session

    _hook_class()
    loader = _loader(get_session().get_config_variable("data_path"))
    loader.load_data_with_path("endpoints")
    for service in services:
        for kind in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model(service, kind)


@cache
def _loader(data_path: str | None) -> Any:
    """Return what keeps the descriptions that it has parsed."""
    from botocore.loaders import create_loader

    return create_loader(data_path)


@cache
def _hook_class() -> Any:
    """Return the provider's hook class without its expensive parts: a task creates several clients.

    The original walks the whole call stack to name the caller in the User-Agent, and gives every
    client a session that parses botocore's models again.
    """
    # Imported here: it imports boto3, which would slow down the parsing of every DAG file.
    from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

    class CheapHook(AwsBaseHook):  # type: ignore[misc]
        def _get_caller(self, target_function_name: str = "execute") -> str:
            return "ProdML"

        def get_session(self, region_name: str | None = None, deferrable: bool = False) -> Any:
            session = super().get_session(region_name, deferrable)
            if not deferrable:
                inner = session._session
                loader = _loader(inner.get_config_variable("data_path"))
                inner.register_component("data_loader", loader)
            return session

    return CheapHook
