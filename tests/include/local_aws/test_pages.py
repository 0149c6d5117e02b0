"""The pages of jobs, which replace the AWS console."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from include.local_aws.testing import Server


def _get(server: Server, path: str) -> str:
    with urllib.request.urlopen(server.url + path) as page:
        return str(page.read().decode())


def test_an_unknown_job(local_aws: Server) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        _get(local_aws, "/_local/jobs/TrainingJob/<b>")


def test_a_page_escapes_user_input(local_aws: Server) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(local_aws, "/_local/jobs/TrainingJob/%3Cscript%3E")
    assert b"<script>" not in refused.value.read()


def test_a_kind_without_pages_is_refused_with_those_that_have_some(local_aws: Server) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _get(local_aws, "/_local/jobs/Job/churn")
    assert b"No pages of &#x27;Job&#x27;. Available: TrainingJob, " in refused.value.read()


def test_a_page_names_the_log_group_and_links_the_index(local_aws: Server, endpoint: str) -> None:
    shown = _get(local_aws, f"/_local/jobs/Endpoint/{endpoint}")
    assert "<p><b>InService</b></p>" in shown
    log = shown.partition("<h2>Log</h2>")[2].partition("<h2>Description</h2>")[0]
    assert f"/aws/sagemaker/Endpoints/{endpoint}" in log
    assert 'href="/_local/?region=us-east-1&amp;account=000000000000"' in shown
