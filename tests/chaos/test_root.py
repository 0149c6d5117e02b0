"""The root folder."""

from __future__ import annotations

from chaos.root import ROOT
from tests import root


def test_the_root_is_that_of_the_tests() -> None:
    """The suite reads docker-compose.yaml, the DAGs and the plugins below it."""
    assert root.ROOT == ROOT
    assert all((ROOT / name).exists() for name in ("docker-compose.yaml", "dags", "plugins"))
