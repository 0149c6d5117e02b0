"""`python -m include.demo COMMAND`: what make demo, up, down, status, shell and notebook call."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from include.demo import control
from include.demo import environment as env
from include.demo.progress import Progress


def up(progress: Progress) -> None:
    """Start PostgreSQL, the embedded AWS and Airflow, and say where Airflow is."""
    control.up(progress.say, progress.tick)
    _say_where(progress)


def run(progress: Progress) -> None:
    """Run the whole demo, and print Airflow's address; raise if any part of it failed."""
    from include.demo.report import Report
    from include.demo.story import Story

    began = float(os.environ.get("PRODML_DEMO_BEGAN", time.time()))
    mode = "warm" if env.IMAGES.is_dir() and any(env.IMAGES.iterdir()) else "cold"
    with progress.chapter("Start PostgreSQL, the embedded AWS and Airflow"):
        control.up(progress.say, progress.tick)
    progress.seconds["setup"] = round(time.time() - began, 1)
    Story(progress, Report(began, mode, progress)).tell()
    _say_where(progress)


def _say_where(progress: Progress) -> None:
    progress.say(f"Airflow: {env.AIRFLOW_URL}  (user {env.USER}, password {env.PASSWORD})")


def down(progress: Progress) -> None:
    """Stop all services."""
    control.down(progress.say)


def supervise(progress: Progress) -> None:
    """Be the process that keeps the services running."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    control.supervise()


def status(progress: Progress) -> int:
    """Show every service; return 1 unless all of them do their work."""
    return 0 if control.status(progress.console) else 1


def shell(progress: Progress) -> None:
    """Become a shell that works against the running services."""
    control.shell()


def notebook(progress: Progress) -> None:
    """Become JupyterLab on the notebook in examples/."""
    control.notebook()


COMMANDS: dict[str, Callable[[Progress], int | None]] = {
    "run": run,
    "up": up,
    "down": down,
    "status": status,
    "shell": shell,
    "notebook": notebook,
    "supervise": supervise,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m include.demo", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args(arguments).command]
    progress = Progress()
    try:
        return command(progress) or 0
    except RuntimeError as error:
        progress.fail(str(error))
    except (BotoCoreError, ClientError, httpx.HTTPError) as error:
        # A service did not answer, or refused; its log has the reason.
        progress.fail(f"{error}\nRun `make status`, and read {env.RUN}/*.log.")
    except KeyboardInterrupt:
        progress.console.print("Interrupted. The services keep running; `make down` stops them.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
