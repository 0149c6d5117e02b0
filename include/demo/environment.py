"""Folders and ports of the local services, and the environment that points tools at them."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import sys
from pathlib import Path

from include.demo.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
AIRFLOW_HOME = LOCAL / "airflow"
POSTGRES = LOCAL / "postgres"
RUN = LOCAL / "run"
AWS_DATA = LOCAL / "aws"
IMAGES = LOCAL / "images"
LANDING = LOCAL / "landing"
USER, PASSWORD = "admin", "admin"  # loopback only, and printed at the end of every demo


def _port(variable: str, default: int) -> int:
    """Return the port in a variable of the environment; exit if no server can have it."""
    text = os.environ.get(variable, str(default))
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise SystemExit(f"{variable} is {text!r}. Set it to a port from 1 to 65535.")


def _time_scale(variable: str, default: float) -> float:
    """Return the factor in a variable of the environment; exit if no time can be divided by it."""
    text = os.environ.get(variable, str(default))
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise SystemExit(f"{variable} is {text!r}. Set it to a number above 0.")


AWS_PORT = _port("PRODML_AWS_PORT", 4566)
AIRFLOW_PORT = _port("PRODML_AIRFLOW_PORT", 8080)
POSTGRES_PORT = _port("PRODML_POSTGRES_PORT", 15432)
AWS_URL = f"http://127.0.0.1:{AWS_PORT}"
AIRFLOW_URL = f"http://127.0.0.1:{AIRFLOW_PORT}"

# The embedded AWS divides its waiting (alarm periods, cooldowns) by this; the output says so.
TIME_SCALE = _time_scale("PRODML_TIME_SCALE", 20.0)


def local_environment() -> dict[str, str]:
    """The variables under which the demo, Airflow and the embedded AWS agree with each other."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AWS_"))}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return inherited | _python() | _aws() | _airflow()


def _python() -> dict[str, str]:
    binaries = str(Path(sys.executable).parent)
    return {
        "PATH": os.pathsep.join([binaries, os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "plugins")]),
        "PYTHONWARNINGS": "ignore",
        "PYTHONFAULTHANDLER": "1",  # a crash in a package's C code leaves its traceback in the log
        "PRODML_LANDING": str(LANDING),
        "PRODML_PRICES": os.environ.get("PRODML_PRICES", str(ROOT / "include/data/prices.json")),
        "PRODML_TARGET_INVOCATIONS": "130",  # low enough for the callers of a busy laptop to exceed
    }


def _aws() -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": AWS_URL,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "SAGEMAKER_USER_CONFIG_OVERRIDE": str(ROOT / "include" / "demo" / "sagemaker-sdk.yaml"),
    }


def postgres() -> Postgres:
    """Return the server of Airflow's database."""
    return Postgres(POSTGRES, POSTGRES_PORT, _kept_secret("postgres"))


def _airflow() -> dict[str, str]:
    """LocalExecutor on PostgreSQL; four slots for two cores keeps the idle processes few."""
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__PARALLELISM": "4",
        "CORE__EXECUTOR": "LocalExecutor",
        "DATABASE__SQL_ALCHEMY_CONN": postgres().url,
        "CORE__EXECUTION_API_SERVER_URL": f"{AIRFLOW_URL}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(AIRFLOW_HOME / "passwords.json"),
        # Without it LocalExecutor keeps a slot for five seconds after about half of the tasks.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(AIRFLOW_PORT),
        "API__BASE_URL": AIRFLOW_URL,
        "API__WORKERS": "1",
        "API_AUTH__JWT_SECRET": _kept_secret("jwt"),
        "API__SECRET_KEY": _kept_secret("session"),
        "DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        # A changed DAG file is parsed at once; to parse all of them every 30 seconds, which is the
        # default, takes 40 % of the time of two cores.
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",
    }
    return {"AIRFLOW_HOME": str(AIRFLOW_HOME)} | {f"AIRFLOW__{k}": v for k, v in settings.items()}


def _kept_secret(name: str) -> str:
    """A random secret that survives restarts, so that sessions and tokens do too."""
    path = AIRFLOW_HOME / f"{name}.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(64))
        path.chmod(0o600)
    return path.read_text()


def write_passwords() -> None:
    """The one user of the laptop's Airflow."""
    AIRFLOW_HOME.mkdir(parents=True, exist_ok=True)
    (AIRFLOW_HOME / "passwords.json").write_text(json.dumps({USER: PASSWORD}))
