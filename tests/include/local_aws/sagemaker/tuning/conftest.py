"""One bucket for the searches of this folder."""

from __future__ import annotations

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.jobs import Jobs, made


@pytest.fixture(scope="session")
def tuned(local_aws: Server) -> Jobs:
    return made(local_aws, "tuning")
