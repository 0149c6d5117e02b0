"""The processes that are killed: the embedded AWS, schedulers, triggerer, and their database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from chaos.launching import Launch, Process, launched
from chaos.root import ROOT
from include.demo.environment import PASSWORD, USER
from include.local_aws.core.processes import free_port
from include.local_aws.testing import REGION

DAGS = {"chaos": Path(__file__).parent / "dags", "project": ROOT / "dags"}
READY_WITHIN = 240.0
LOST_AFTER = "60"  # seconds without a heartbeat after which Airflow fails a task
TIME_SCALE = 20
BUNDLE = "airflow.dag_processing.bundles.local.LocalDagBundle"
FAST_DETECTION = {  # so that Airflow detects losses within a minute, not five
    "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",  # no DAG file changes here
    "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": LOST_AFTER,
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
    "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": LOST_AFTER,
    "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": LOST_AFTER,
}


@dataclass
class Processes:
    """An embedded AWS and a whole Airflow, each part a process that can be killed."""

    folder: Path
    database: str
    schedulers: int
    parallelism: int
    dags: dict[str, Path] = field(default_factory=lambda: DAGS)
    aws_port: int = field(default_factory=free_port)
    airflow_port: int = field(default_factory=free_port)
    inside: Path = ROOT  # their working directory
    variables: dict[str, str] = field(default_factory=dict)  # of all of them
    only: tuple[str, ...] = ()  # the project's DAG files that are parsed; all if empty
    launch: Launch = launched
    parts: dict[str, Process] = field(default_factory=dict)

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def airflow_url(self) -> str:
        return f"http://127.0.0.1:{self.airflow_port}"

    @property
    def pids(self) -> Path:
        """Return the folder in which each attempt of a task writes its process id."""
        return self.folder / "pids"

    @contextlib.contextmanager
    def started(self) -> Iterator[Self]:
        self.pids.mkdir(parents=True)
        self.prepare()
        try:
            self._add("aws", self.aws_command())
            self._migrate()
            for name, command in self.commands().items():
                self._add(name, command)
            self.wait_for_aws()
            self._wait(f"{self.airflow_url}/api/v2/monitor/health", _airflow_is_healthy)
            yield self
        finally:
            for part in reversed(self.parts.values()):
                part.kill()

    def prepare(self) -> None:
        """Write the files that must exist before the first process starts."""
        (self.folder / "passwords.json").write_text(json.dumps({USER: PASSWORD}))
        if self.only:
            copy = shutil.copytree(self.dags["project"], self.folder / "project")
            self.keep_only(copy)
            self.dags = self.dags | {"project": copy}

    def keep_only(self, folder: Path) -> None:
        """Remove the DAG files of other names from a copy of the project's: parsing takes CPU."""
        for path in set(folder.glob("*.py")) - {folder / f"{name}.py" for name in self.only}:
            path.unlink()

    def commands(self) -> dict[str, list[str]]:
        """Return the commands of Airflow's processes."""
        schedulers = {
            f"scheduler-{number}": ["airflow", "scheduler", "--skip-serve-logs"]
            for number in range(1, self.schedulers + 1)
        }
        return {
            "api-server": ["airflow", "api-server", "--workers", "1"],
            "dag-processor": ["airflow", "dag-processor"],
            "triggerer": ["airflow", "triggerer", "--skip-serve-logs"],
            **schedulers,
        }

    def migration(self) -> list[str]:
        return ["airflow", "db", "migrate"]

    def restart(self, *names: str) -> None:
        """Kill them at once with SIGKILL, and restart them as an init system would."""
        for name in names:
            self.parts[name].kill()
        for name in names:
            self.parts[name].start()
        if "aws" in names:
            self.wait_for_aws()

    def pids_of_airflow(self) -> dict[str, int]:
        """Return the process ids of Airflow's running processes by their names."""
        running = {name: part.running for name, part in self.parts.items() if name != "aws"}
        return {name: process.pid for name, process in running.items() if process}

    def called(self, *beginnings: str) -> list[str]:
        """Return the names of the processes that begin with one of *beginnings*."""
        return [name for name in self.parts if name.startswith(beginnings)]

    def wait_for_aws(self) -> None:
        self._wait(f"{self.aws_url}/_local/health", lambda _: True)

    def aws_command(self) -> list[str]:
        arguments = {
            "--port": self.aws_port,
            "--data-dir": self.folder / "aws",
            "--cache-dir": ROOT / ".local" / "images",
            "--time-scale": TIME_SCALE,
        }
        words = [str(word) for item in arguments.items() for word in item]
        return [sys.executable, "-m", "include.local_aws", *words]

    def _add(self, name: str, command: list[str]) -> None:
        where = (self.folder, self.inside, self.launch)
        self.parts[name] = Process(name, command, self.environment(name), *where)
        self.parts[name].start()

    def _migrate(self) -> None:
        log = self.folder / "migration.log"
        environment = self.environment("migration")
        if code := self.launch(self.migration(), environment, self.inside, log).wait():
            raise RuntimeError(f"The migration ended with code {code}. See {log}.")

    def _wait(self, url: str, good: Callable[[bytes], bool]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as answer:
                if good(answer.read()):
                    return
            time.sleep(0.2)
        raise RuntimeError(f"{url} does not become healthy. See {self.folder}/*.log.")

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables of the process *name*."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AWS_"))}
        set_here = self._aws() | self._airflow() | prefixed(FAST_DETECTION)
        return inherited | set_here | self.variables

    def _aws(self) -> dict[str, str]:
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
            "PYTHONWARNINGS": "ignore",
            "PRODML_LANDING": str(self.folder / "landing"),
            "CHAOS_PIDS": str(self.pids),
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_ACCESS_KEY_ID": "chaos",
            "AWS_SECRET_ACCESS_KEY": "chaos",
            "AWS_DEFAULT_REGION": REGION,
            "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        }

    def _airflow(self) -> dict[str, str]:
        bundles = [
            {"name": name, "classpath": BUNDLE, "kwargs": {"path": str(path)}}
            for name, path in self.dags.items()
        ]
        settings = {
            "CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": str(self.parallelism),
            "CORE__MAX_ACTIVE_RUNS_PER_DAG": "64",
            "CORE__MAX_ACTIVE_TASKS_PER_DAG": "64",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.airflow_url}/execution/",
            "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.folder / "passwords.json"),
            "DATABASE__SQL_ALCHEMY_CONN": self.database,
            "DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
            "API__HOST": "127.0.0.1",
            "API__PORT": str(self.airflow_port),
            "API__BASE_URL": self.airflow_url,
            "API_AUTH__JWT_SECRET": "chaos" * 16,
            "API__SECRET_KEY": "chaos" * 16,
        }
        return {"AIRFLOW_HOME": str(self.folder / "airflow")} | prefixed(settings)


def prefixed(settings: dict[str, str]) -> dict[str, str]:
    """Return Airflow's settings as environment variables."""
    return {f"AIRFLOW__{name}": value for name, value in settings.items()}


def _airflow_is_healthy(answer: bytes) -> bool:
    parts = json.loads(answer)
    names = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return all(parts.get(name, {}).get("status") == "healthy" for name in names)
