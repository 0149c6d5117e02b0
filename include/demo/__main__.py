"""`python -m include.demo run | up | down`: what make demo, make up and make down call."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from include.demo import environment as env
from include.demo.progress import Progress
from include.demo.services import Service, ServiceError, airflow, embedded_aws

SERVICES: tuple[Callable[[], Service], ...] = (embedded_aws, airflow)


def up(progress: Progress) -> None:
    """Start the embedded AWS and Airflow, side by side with the ones that already run."""
    env.write_passwords()
    env.LANDING.mkdir(parents=True, exist_ok=True)
    for make, timeout in zip(SERVICES, (60, 300), strict=True):
        service = make()
        service.ensure(timeout, progress.tick)
        progress.say(f"{service.name} answers on 127.0.0.1:{service.port}")


def down() -> None:
    """Stop both, Airflow first: it is the one that asks the other."""
    for make in reversed(SERVICES):
        service = make()
        print(f"{service.name}: {'stopped' if service.stop() else 'was not running'}")


def run(progress: Progress) -> None:
    """Tell the whole story; raises when any part of it failed."""
    from include.demo.report import Report
    from include.demo.story import Story

    began = float(os.environ.get("PRODML_DEMO_BEGAN", time.time()))
    mode = "warm" if env.IMAGES.is_dir() and any(env.IMAGES.iterdir()) else "cold"
    with progress.chapter("Start the embedded AWS and Airflow"):
        up(progress)
    progress.seconds["setup"] = round(time.time() - began, 1)
    Story(progress, Report(began, mode, progress)).tell()


def _where_to_look() -> str:
    """A service that was asked did not answer, or refused: its log says why."""
    services = [make() for make in SERVICES]
    down = [service.name for service in services if not service.running()]
    state = f"{' and '.join(down)} ended unexpectedly" if down else "both services still run"
    logs = " and ".join(str(service.log) for service in services)
    return f"{state}; look into {logs}. `make demo` starts what is missing and tells it again."


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m include.demo", description=__doc__)
    parser.add_argument("command", choices=["run", "up", "down"])
    command = parser.parse_args().command
    if command == "down":
        down()
        return 0
    progress = Progress()
    try:
        (run if command == "run" else up)(progress)
    except (ServiceError, RuntimeError) as error:
        progress.fail(str(error))
        return 1
    except (BotoCoreError, ClientError, httpx.HTTPError) as error:
        progress.fail(f"{error}\n{_where_to_look()}")
        return 1
    except KeyboardInterrupt:
        progress.console.print("Interrupted. The services go on; `make down` stops them.")
        return 130
    progress.say(f"Airflow: {env.AIRFLOW_URL}  (user {env.USER}, password {env.PASSWORD})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
