"""Where there is no console, a job has a page of its own."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from include.local_aws.testing import Server


def _get(server: Server, path: str) -> str:
    with urllib.request.urlopen(server.url + path) as page:
        return str(page.read().decode())


def test_a_job_that_nobody_knows(local_aws: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        _get(local_aws, "/_local/jobs/TrainingJob/<b>")


def test_a_page_escapes_what_users_wrote(local_aws: Server) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(local_aws, "/_local/jobs/TrainingJob/%3Cscript%3E")
    assert b"<script>" not in refused.value.read()
