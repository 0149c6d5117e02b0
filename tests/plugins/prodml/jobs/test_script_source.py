"""Give a training job its script in a channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prodml.exceptions import InvalidInputError, RequestRefusedError
from prodml.jobs.script_source import ARCHIVE, prefix_for_code, with_source


def test_the_same_source_makes_the_same_request(s3: Any, bucket: str, script: Path) -> None:
    (script / "train.py").write_text("print(1)")
    stated = (str(script), "train.py", f"s3://{bucket}/code")
    request = with_source(s3, {"HyperParameters": {"depth": "3"}}, *stated)
    assert request == with_source(s3, {"HyperParameters": {"depth": "3"}}, *stated)
    assert request["HyperParameters"]["depth"] == "3"
    assert ARCHIVE in request["HyperParameters"]["sagemaker_submit_directory"]
    (channel,) = request["InputDataConfig"]
    another = with_source(s3, {}, str(script), "other.py", f"s3://{bucket}/code")
    assert another["InputDataConfig"] != [channel], "another entry point is another program"


def test_the_channel_of_the_script_is_not_for_data(s3: Any, script: Path) -> None:
    with pytest.raises(RequestRefusedError, match="another channel's name"):
        with_source(
            s3, {"InputDataConfig": [{"ChannelName": "code"}]}, str(script), "train.py", "s3://b/c"
        )


@pytest.mark.parametrize("left_out", [None, ""])
def test_a_source_folder_needs_a_place_to_be_uploaded_to(left_out: str | None) -> None:
    assert prefix_for_code("s3://b/c") == "s3://b/c"
    with pytest.raises(InvalidInputError, match=r"Set code_prefix=s3://"):
        prefix_for_code(left_out)
