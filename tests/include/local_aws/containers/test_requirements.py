"""The lines of a requirements.txt that are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.local_aws.containers.requirements import BuildFailed, requirements_in


def test_names_with_versions_and_indexes_are_accepted(tmp_path: Path) -> None:
    lines = ["# ours", "a==1", "b[x]>=2,<3; python_version>'3'  # why", "", "--pre"]
    (tmp_path / "requirements.txt").write_text("\n".join(lines))
    assert requirements_in(tmp_path) == ("a==1", "b[x]>=2,<3; python_version>'3'", "--pre")


@pytest.mark.parametrize(
    "line", ["-r /etc/passwd", "a @ file:///etc", "-e .", "./a", "--find-links=/etc", "\udcff"]
)
def test_lines_that_read_this_machine_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_bytes(line.encode(errors="surrogateescape"))
    with pytest.raises(BuildFailed, match="is neither a package nor an index"):
        requirements_in(tmp_path)


def test_no_file_and_a_link_are_nothing(tmp_path: Path) -> None:
    assert requirements_in(tmp_path) == ()
    (tmp_path / "other").write_text("a==1")
    (tmp_path / "requirements.txt").symlink_to("other")
    assert requirements_in(tmp_path) == ()
    assert requirements_in(tmp_path / "nowhere") == ()
