"""The requests of each key in each usage plan, by day; they survive a restart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ..core.clock import Clock
from ..core.store import Doc, Store
from .errors import bad_request

TABLE = """CREATE TABLE IF NOT EXISTS api_usage (
    plan TEXT, key TEXT, day TEXT, used INTEGER, PRIMARY KEY (plan, key, day))"""
ADD = """INSERT INTO api_usage VALUES (?, ?, ?, 1)
    ON CONFLICT (plan, key, day) DO UPDATE SET used = used + 1"""
MOST_DAYS = 90


class Usage:
    """Counts requests and compares them with the quota of a plan."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        store.query(TABLE)

    def take(self, plan: Doc, key: str) -> bool:
        """Count a request; return False, without counting it, if the quota is used up."""
        today = datetime.fromtimestamp(self._clock.now(), UTC).date()
        if (quota := plan.get("quota")) and self._left(plan["id"], key, quota, today) < 1:
            return False
        self._store.query(ADD, plan["id"], key, today.isoformat())
        return True

    def days(self, plan: Doc, keys: list[str], first: str, last: str) -> dict[str, list[list[int]]]:
        """Return by key, for each day, how many requests were used and are left."""
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            raise bad_request("Give startDate and endDate as YYYY-MM-DD.") from None
        count = (end - start).days + 1
        if not 0 < count <= MOST_DAYS:
            raise bad_request(f"endDate must be 0 to {MOST_DAYS - 1} days after startDate.")
        days = [start + timedelta(days=number) for number in range(count)]
        return {key: [self._day(plan, key, day) for day in days] for key in keys}

    def _day(self, plan: Doc, key: str, day: date) -> list[int]:
        quota = plan.get("quota")
        left = self._left(plan["id"], key, quota, day) if quota else 0
        return [self._used(plan["id"], key, day, day), max(left, 0)]

    def _left(self, plan: str, key: str, quota: Doc, day: date) -> int:
        used = self._used(plan, key, _beginning(quota["period"], day), day)
        return int(quota["limit"]) - used

    def _used(self, plan: str, key: str, first: date, last: date) -> int:
        sql = "SELECT SUM(used) FROM api_usage WHERE plan=? AND key=? AND day BETWEEN ? AND ?"
        rows = self._store.query(sql, plan, key, first.isoformat(), last.isoformat())
        return int(rows[0][0] or 0)


def _beginning(period: str, day: date) -> date:
    if period == "WEEK":  # from Sunday on
        return day - timedelta(days=day.isoweekday() % 7)
    return day.replace(day=1) if period == "MONTH" else day
