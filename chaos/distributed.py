"""Airflow as in docker-compose.yaml: Celery workers, PostgreSQL, Redis, users by FAB."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from chaos.compose import Compose, example
from chaos.processes import FAST_DETECTION, TIME_SCALE, Processes, prefixed
from chaos.root import ROOT
from include.local_aws.core.processes import free_port

WORKERS = 2
PROJECT = ROOT / "dags"
OURS = ("AIRFLOW", "AWS_", "PRODML_", "PYTHON")
SERVICES = {  # processes by their names in docker-compose.yaml
    "aws": "local-aws",
    "migration": "airflow-init",
    "api-server": "airflow-apiserver",
    "dag-processor": "airflow-dag-processor",
    "triggerer": "airflow-triggerer",
    "scheduler": "airflow-scheduler",
    "worker": "airflow-worker",
}


@dataclass
class Distributed(Processes):
    """The services of docker-compose.yaml, each a process that can be killed."""

    broker: str = ""  # host and port of Redis

    @cached_property
    def compose(self) -> Compose:
        """Return the file with the addresses of this machine, as all services share it."""
        hosts = {
            "@postgres/": f"@{urlsplit(self.database).netloc.rpartition('@')[2]}/",
            "@redis:6379": f"@{self.broker}",
            "http://airflow-apiserver:8080": self.airflow_url,
            "http://local-aws:4566": self.aws_url,
            "--host 0.0.0.0 --port 4566": f"--port {self.aws_port} --time-scale {TIME_SCALE}",
        }
        password = urlsplit(self.database).password or ""
        secret = {"PRODML_SECRET_KEY": "chaos" * 16, "PRODML_DB_PASSWORD": password}
        return Compose(self.folder / "containers", hosts, example() | secret)

    def prepare(self) -> None:
        for service in SERVICES.values():
            self.compose.mount(service)
        self.inside = self.compose.home
        if self.only:
            self.keep_only(self.inside / "dags")
        for name, folder in self.dags.items():
            if folder != PROJECT:  # the project is mounted
                shutil.copytree(folder, self.inside / "dags" / name)
        images = self.compose.root / "data" / "images"  # reuses the environments that exist
        images.symlink_to(ROOT / ".local" / "images")

    def aws_command(self) -> list[str]:
        return self.compose.command(SERVICES["aws"])

    def migration(self) -> list[str]:
        return self.compose.command(SERVICES["migration"])

    def commands(self) -> dict[str, list[str]]:
        names = ["api-server", "dag-processor", "triggerer"]
        names += [f"scheduler-{number}" for number in range(1, self.schedulers + 1)]
        commands = {name: self.compose.command(_service(name)) for name in names}
        for number in range(1, WORKERS + 1):
            name = f"worker-{number}"
            own = ["--celery-hostname", f"{name}@%h"]  # as with the host names of containers
            commands[name] = [*self.compose.command(_service(name)), *own]
        return commands

    def environment(self, name: str) -> dict[str, str]:
        """Return a container's variables over the machine's, without those of the project."""
        machine = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        tools = ROOT / ".local" / "tools" / "bin"  # has uv, as the image does
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(tools)])
        quick = prefixed(FAST_DETECTION | self._ports())
        machine |= {"PATH": path, "CHAOS_PIDS": str(self.pids)}
        return machine | self.compose.environment(_service(name)) | quick | self.variables

    def _ports(self) -> dict[str, str]:
        """Return settings for separate ports, which are the same in every container."""
        return {
            "API__HOST": "127.0.0.1",
            "API__PORT": str(self.airflow_port),
            "CELERY__WORKER_CONCURRENCY": str(self.parallelism),
            "LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(free_port()),
        }


def _service(name: str) -> str:
    """Return the service of a process, such as airflow-scheduler of scheduler-2."""
    return SERVICES.get(name) or SERVICES[name.rpartition("-")[0]]
