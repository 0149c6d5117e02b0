from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.iam.sessions import Sessions


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path, "internal")
