"""Switch the data of this machine to the other world at each demo, eight weeks later.

The first demo starts with the committed data and shifts the world; a second one starts with the
shifted world and shifts it back. So the demo can run repeatedly on the existing data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from include.data.churn_world import COMMITTED, WEEK, World, land_slices, traffic
from include.demo import environment as env

STATE = env.LOCAL / "world.json"
WEEKS = 8  # as many as retrain_churn trains on, so that it learns the new world alone
OTHER: dict[World, World] = {"original": "shifted", "shifted": "original"}


@dataclass
class LaptopWorld:
    """The current world, and a seed that makes each demo's draws its own."""

    world: World
    seed: int
    last_shifted: list[str]

    @classmethod
    def of_this_laptop(cls) -> LaptopWorld:
        state = json.loads(STATE.read_text()) if STATE.exists() else {}
        return cls(state.get("world", "original"), state.get("seed", 1), [])

    def clean_rows(self, rows: int) -> list[str]:
        return traffic(self.world, rows, self.seed)

    def shifted_rows(self, rows: int) -> list[str]:
        self.last_shifted = traffic(OTHER[self.world], rows, self.seed + 1)
        return self.last_shifted

    def land_labelled_slices(self) -> list[str]:
        """Labelled weeks of the new world arrive, as an export would bring them."""
        folder = env.LANDING / "churn"
        weeks = [path.stem for place in (COMMITTED, folder) for path in place.glob("*.csv")]
        first = date.fromisoformat(max(weeks)) + WEEK
        paths = land_slices(folder, OTHER[self.world], first, WEEKS, self.seed)
        self._remember()
        return [path.stem for path in paths]

    def _remember(self) -> None:
        """Keep the new world as the normal one, also for the demo after an interrupted one."""
        STATE.write_text(json.dumps({"world": OTHER[self.world], "seed": self.seed + 2}) + "\n")
