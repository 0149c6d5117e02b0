"""The embedded AWS under another name, without the rest of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.root import ROOT

SCRIPT = """
import sys
from pathlib import Path
from prodml_local_aws.testing import running_server

with running_server(Path(sys.argv[1])) as server:
    server.client("s3").create_bucket(Bucket="alone")
    jobs = server.client("sagemaker").list_training_jobs()["TrainingJobSummaries"]
    print([b["Name"] for b in server.client("s3").list_buckets()["Buckets"]], jobs)
print([name for name in sys.modules if name.split(".")[0] in ("include", "prodml", "airflow")])
"""


def test_it_runs_as_a_package_of_its_own(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "include" / "local_aws", tmp_path / "prodml_local_aws")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "data")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["['alone'] []", "[]"], done.stderr[-2000:]
