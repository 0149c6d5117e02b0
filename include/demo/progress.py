"""Show live progress: the chapter, its tasks and jobs, and the time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prodml.vocabulary import Json
from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

MARKS = {
    "success": ("✓", "green"),
    "failed": ("✗", "red"),
    "upstream_failed": ("✗", "red"),
    "skipped": ("-", "bright_black"),
    "running": ("▶", "yellow"),
    "deferred": ("▶", "yellow"),
    "up_for_retry": ("↻", "yellow"),
}
ENDED = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})


class Progress:
    """A live display on a terminal; elsewhere (CI, a pipe), one line per change."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(
            highlight=False, width=None if sys.stdout.isatty() else 110
        )
        self.started = time.monotonic()
        self.seconds: dict[str, float] = {}
        self._live: Live | None = None
        self._seen: set[str] = set()

    @contextmanager
    def chapter(self, title: str, key: str | None = None) -> Iterator[None]:
        """Show *title* while its work runs; its seconds add up under *key*."""
        began = time.monotonic()
        self._seen.clear()
        self.console.print(f"[bold]{self._clock()}  {title}[/bold]")
        with self._live_view():
            yield
        spent = time.monotonic() - began
        if key:
            self.seconds[key] = round(self.seconds.get(key, 0) + spent, 1)

    @contextmanager
    def _live_view(self) -> Iterator[None]:
        if not self.console.is_terminal:
            yield
            return
        with Live(console=self.console, refresh_per_second=8, transient=True) as self._live:
            yield
        self._live = None

    def say(self, message: str) -> None:
        """Print a result that stays on the screen."""
        self.console.print(f"        {message}")

    def fail(self, message: str) -> None:
        """Print the reason of a failure, without interpreting markup."""
        self.console.print(Text("✗ ", style="red") + Text(message), soft_wrap=True)

    def tick(self, message: str) -> None:
        """Show what the demo is waiting for."""
        if self._live:
            self._live.update(Text(f"        {message}  {self._clock()}", style="yellow"))
        elif message not in self._seen:
            self._seen.add(message)
            self.console.print(f"        {message}")

    def show(self, tasks: list[Json], jobs: list[str]) -> None:
        """Draw the tasks of the running DAG run and the jobs that run for them."""
        begun = [task for task in tasks if task["state"]]
        for task in begun:
            self._print_when_ended(task)
        if self._live:
            self._live.update(self._picture([t for t in begun if t["state"] not in ENDED], jobs))
        else:
            for job in jobs:
                self._print_job_once(job)

    def _print_when_ended(self, task: Json) -> None:
        name = f"{task_name(task)} {task['state']}"
        if task["state"] in ENDED | {"up_for_retry"} and name not in self._seen:
            self._seen.add(name)
            mark, color = MARKS.get(task["state"], (" ", "white"))
            seconds = f"{task['duration']:.1f} s" if task.get("duration") else task["state"]
            self.console.print(f"        [{color}]{mark}[/] {task_name(task)}  [dim]{seconds}[/]")

    def _print_job_once(self, job: str) -> None:
        name = job.split("  ")[0]
        if name not in self._seen:
            self._seen.add(name)
            self.console.print(f"          {job}")

    def _picture(self, running: list[Json], jobs: list[str]) -> Group:
        table = Table.grid(padding=(0, 2))
        for task in running:
            mark, color = MARKS.get(task["state"], ("·", "white"))
            table.add_row("       ", f"[{color}]{mark}[/] {task_name(task)}", str(task["state"]))
        for job in jobs:
            table.add_row("       ", f"    [cyan]{job}[/]", "")
        return Group(table, Text(f"        {self._clock()}", style="dim"))

    def _clock(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        return f"{minutes}:{seconds:02d}"


def task_name(task: Json) -> str:
    """Return the task id, with the label of a mapped instance."""
    label = task.get("rendered_map_index")
    if label is None and task["map_index"] >= 0:
        label = task["map_index"]
    name = f"{task['task_id']}[{label}]" if label is not None else str(task["task_id"])
    return escape(name)  # the console reads a label in brackets as a style
