"""The digits pipeline takes images, and answers with their names."""

from __future__ import annotations

from include.pipelines.digits import PIPELINE


def test_raw_data_are_images_in_weekly_folders() -> None:
    assert PIPELINE.partitions.formats == ("png",)
    assert PIPELINE.content_types[0] == "image/png"
    assert PIPELINE.classes[:2] == ["zero", "one"]


def test_the_contract_changes_on_purpose_alone() -> None:
    """Versions of another contract are not compared: write the new digest when you mean it."""
    assert PIPELINE.schema.contract == "71f9ef4a3a0f26d8"
