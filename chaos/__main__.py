"""`make chaos`: everything; CHAOS_CRASHES, _KILLS, _ROLLBACKS and _BACKFILL make it smaller.

Needs the programs of PostgreSQL, and Redis with CHAOS_EXECUTOR=celery, which runs the Airflow of
docker-compose.yaml. Uses free ports, and kills only what it has started.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from chaos import crashes, kills, retraining, rollbacks
from chaos.redis import running_redis
from chaos.root import ROOT
from chaos.world import World, running_world
from include.demo.postgres import running_postgres

Figures = dict[str, dict[str, int]]
RESULT = ROOT / ".local" / "chaos.json"
SIZES = {"CRASHES": 100, "KILLS": 50, "ROLLBACKS": 10, "BACKFILL": 1}
SCHEDULERS = 2
BROKERS: dict[str, Callable[[], AbstractContextManager[str | None]]] = {
    "local": nullcontext,
    "celery": running_redis,
}
WRITTEN = (
    *("crashes", "duplicates", "kills", "orphans"),
    *("rollbacks", "rollbacks_caught", "backfill_runs", "backfill_failures"),
)
WANTED_ZERO = ("duplicates", "unfinished", "orphans", "backfill_failures")


def main() -> None:
    random.seed(4)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Received SIGTERM."))
    sizes = {name: int(os.environ.get(f"CHAOS_{name}", size)) for name, size in SIZES.items()}
    executor = os.environ.get("CHAOS_EXECUTOR", "local")
    if executor not in BROKERS:
        raise SystemExit(f"CHAOS_EXECUTOR is {executor!r}; set it to one of: {', '.join(BROKERS)}.")
    with (
        running_postgres() as database,
        BROKERS[executor]() as broker,
        running_world(database, SCHEDULERS, broker=broker) as world,
    ):
        wrong = run(world, sizes)
    if wrong:
        raise SystemExit("\n".join(["Failed guarantees of our operators:", *wrong]))


def run(world: World, sizes: dict[str, int]) -> list[str]:
    """Run all experiments, show and write the figures; return our failed guarantees."""
    world.log("one quiet run of each kind")
    world.finish(world.start("crash", 1, 0))
    figures: Figures = {kind: {} for kind in world.kinds}
    wrong = []
    _add(figures, rollbacks.roll_back(world, sizes["ROLLBACKS"]))
    _add(figures, crashes.crash(world, sizes["CRASHES"]))
    _add(figures, kills.kill(world, sizes["KILLS"]))
    kills.stop_all(world)
    if sizes["BACKFILL"]:
        wrong += retraining.survive(world)
        _add(figures, retraining.backfill(world))
    _show(figures)
    return wrong + _broken(figures["ours"])


def _add(figures: Figures, part: Figures) -> None:
    """Add figures, and write them at once, as the next experiment takes long."""
    for kind, numbers in part.items():
        figures[kind] |= numbers
    written = {
        kind: {n: counts[n] for n in WRITTEN if n in counts} for kind, counts in figures.items()
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(written, indent=1) + "\n")


def _show(figures: Figures) -> None:
    print("".join(["\n", " " * 20, *(f"{kind:>8}" for kind in figures)]))
    for name in figures["ours"]:
        print("".join([f"{name:20}", *(f"{counts[name]:8}" for counts in figures.values())]))


def _broken(ours: dict[str, int]) -> list[str]:
    wrong = [f"{ours[name]} {name}" for name in WANTED_ZERO if ours.get(name)]
    missed = ours["rollbacks"] - ours["rollbacks_caught"]
    return [*wrong, f"{missed} rollbacks were not reported"] if missed else wrong


if __name__ == "__main__":
    main()
