"""What the wiring of every stage shares."""

from __future__ import annotations

from typing import Any

# A trial that failed stays red, and has its place; the others go on without it.
SOME = "all_done_min_one_success"


Wire = Any  # what a task will return: an XComArg, as Airflow's own signatures do not say
