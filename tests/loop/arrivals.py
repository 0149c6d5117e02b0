"""Steps of the churn loop in which raw data arrive at the landing folder, or leave it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from prodml.vocabulary import Json

ENDPOINT = "churn"


class Arrivals:
    """Writes and deletes partitions of raw data."""

    def land(self, world: Any, first: str, weeks: int) -> Json:
        """Write labelled slices of a world."""
        from include.data.churn_world import land_slices
        from include.settings import settings

        folder = Path(settings().landing) / ENDPOINT
        paths = land_slices(folder, world, date.fromisoformat(first), weeks, seed=3)
        return {"paths": [str(path) for path in paths]}

    def write(self, name: str, text: str) -> Json:
        """Write a partition of any content."""
        from include.pipelines.adapters.aws import write_text
        from include.settings import settings

        landing = settings().landing
        if landing.startswith("s3://"):
            return {"path": write_text(f"{landing}/{ENDPOINT}/{name}", text)}
        path = Path(landing) / ENDPOINT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return {"path": str(path)}

    def export(self) -> Json:
        """Write the committed rows, one week of them as two files of a complete folder."""
        from include.data.churn_world import COMMITTED

        divided = "2024-01-29"
        for path in sorted(COMMITTED.glob("*.csv")):
            if path.stem != divided:
                self.write(path.name, path.read_text())
        header, *rows = (COMMITTED / f"{divided}.csv").read_text().splitlines(keepends=True)
        for part, some in enumerate((rows[:200], rows[200:])):
            self.write(f"dt={divided}/part-{part}.csv", "".join([header, *some]))
        return self.write(f"dt={divided}/_SUCCESS", "")

    def draw(self) -> Json:
        """Write images of handwritten digits."""
        from include.data.digits import write_weeks
        from include.settings import settings

        return {"images": len(write_weeks(Path(settings().landing) / "digits"))}

    def remove(self, name: str) -> Json:
        """Delete a partition."""
        from include.settings import settings

        (Path(settings().landing) / ENDPOINT / name).unlink()
        return {}
