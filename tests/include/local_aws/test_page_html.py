"""The frame of the embedded AWS's pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws import page_html
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import Clock
from include.local_aws.core.options import Options
from include.local_aws.core.store import Store


@pytest.fixture
def aws(tmp_path: Path) -> Aws:
    options = Options(data_dir=tmp_path, regions=("eu-west-1",))
    return Aws(options, Clock(), Store(":memory:"), None)


def test_a_link_keeps_the_account_and_region_and_escapes_the_name(aws: Aws) -> None:
    link = page_html.resource_link(aws, "TrainingJob", 'a/<"b">')
    place = "?region=eu-west-1&amp;account=000000000000"
    assert f'href="/_local/jobs/TrainingJob/a%2F%3C%22b%22%3E{place}"' in link
    assert ">a/&lt;&quot;b&quot;&gt;</a>" in link
    assert page_html.index_link(aws, "up") == f'<a href="/_local/{place}">up</a>'


def test_a_time_is_shown_in_utc_and_none_as_nothing() -> None:
    assert page_html.moment(1_700_000_000.9) == "2023-11-14 22:13:20 UTC"
    assert page_html.moment(None) == ""


def test_heads_of_a_table_are_text_and_its_cells_html() -> None:
    shown = page_html.table(("<b>",), [("<a>x</a>",)])
    assert "<th>&lt;b&gt;</th>" in shown
    assert "<td><a>x</a></td>" in shown
