"""The artifacts of a training job: its files, but not the targets of its links."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.include.local_aws.jobs import CLUSTER, Jobs

Unique = Callable[[str], str]


def model(jobs: Jobs, name: str) -> dict[str, tarfile.TarInfo]:
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    packed = jobs.read(job["ModelArtifacts"]["S3ModelArtifacts"])
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return {member.name: member for member in archive.getmembers()}


def test_links_in_the_folder_are_kept_and_those_out_of_it_are_not(
    jobs: Jobs, unique: Unique, tmp_path: Path
) -> None:
    """An absolute link to a place in the model is one that a server can follow, too."""
    (tmp_path / "secret").write_text("the host's own")
    name = unique("kept")
    code = (
        "import os\n"
        "os.chdir('/opt/ml/model')\n"
        "open('step-5', 'w').write('5')\n"
        "os.symlink('step-5', 'newest'); os.symlink('/opt/ml/model/step-5', 'best')\n"
        f"os.symlink('{tmp_path}/secret', 'out'); os.symlink('{tmp_path}', 'folder')\n"
        "os.symlink('/proc/self/environ', 'environ'); os.mkfifo('pipe')\n"
    )
    jobs.run(name, code)
    members = model(jobs, name)
    assert sorted(members) == ["best", "newest", "step-5"]
    assert {m.linkname for m in members.values() if m.issym()} == {"step-5"}


def test_merging_two_instances_writes_through_no_link(
    jobs: Jobs, unique: Unique, tmp_path: Path
) -> None:
    """One links its model folder to the outside; the file of the other is not written there."""
    name = unique("merge")
    code = (
        "import json, os\n"
        "config = json.load(open('/opt/ml/input/config/resourceconfig.json'))\n"
        "os.chdir('/opt/ml/model')\n"
        "if config['current_host'] == 'algo-1':\n"
        f"    os.symlink('{tmp_path}', 'sub'); os.symlink('{tmp_path}/new', 'weights')\n"
        "else:\n"
        "    os.mkdir('sub'); open('sub/authorized_keys', 'w').write('mine')\n"
        "    open('weights', 'w').write('mine'); open('own', 'w').write('mine')\n"
    )
    jobs.run(name, code, ResourceConfig=CLUSTER | {"InstanceCount": 2})
    assert "own" in model(jobs, name)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_file_that_is_a_link_is_ignored(
    jobs: Jobs, unique: Unique, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("the host's own")
    name = unique("failure")
    link = f"import os; os.symlink('{tmp_path}/secret', '/opt/ml/output/failure'); os._exit(4)"
    jobs.run(name, link)
    assert jobs.failure("Training", name) == "AlgorithmError: exit code: 4"


def test_a_pipe_in_place_of_the_failure_file_does_not_hold_the_job(
    jobs: Jobs, unique: Unique
) -> None:
    name = unique("pipe")
    jobs.run(name, "import os; os.mkfifo('/opt/ml/output/failure'); os._exit(5)")
    assert jobs.failure("Training", name, timeout=30) == "AlgorithmError: exit code: 5"
