from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Aws]:
    """Return an account without parts, for tests that need only its store and clock."""
    store = Store(":memory:")
    yield Aws(Options(data_dir=tmp_path), ManualClock(), store, None)
    store.close()
