"""Start the Spark job in AWS's Spark Processing image: `run.py spark.start split ...`.

Every instance runs this. AWS's image has Spark and no Arrow, which is installed first if it is
absent. The exit message of the job is that of the Spark application.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from ..drift.container import MESSAGE, leave

ARROW = "pyarrow==17.0.0"
SAID = MESSAGE.with_name("message.spark")  # smspark-submit replaces the message of a failed job
APPLICATION = Path(__file__).parents[1] / "run.py"


def main() -> int:
    if importlib.util.find_spec("pyarrow") is None:
        install = (sys.executable, "-m", "pip", "install", "--quiet", ARROW)
        subprocess.run(install, check=True)
    command = ("smspark-submit", str(APPLICATION), "spark.preprocess", *sys.argv[1:])
    code = subprocess.run(command, check=False).returncode
    if SAID.is_file():
        leave(SAID.read_text())
    return code


if __name__ == "__main__":
    sys.exit(main())
