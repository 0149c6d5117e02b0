"""Read the trials that changed, so that an experiment of thousands is read in full once."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.studio.experiments.trials import OF_TRAINING, Trial, trial_of, trials
from prodml.studio.reader import note_read
from prodml.vocabulary import JOB_RUNS, Json

OVERLAP = timedelta(minutes=10)  # for which a metric may come late
FRESH = timedelta(seconds=55)  # less than a page waits until it asks again
FULL = timedelta(hours=1)  # after which all trials are read, as some may be deleted
MOST = 20  # experiments that are kept


def changed_trials(aws: Clients, since: datetime | None, *filters: Json) -> dict[str, list[Trial]]:
    """Return by experiment the trials that changed or were made after *since*; None means all."""
    expression: Json = {"Filters": [OF_TRAINING, *filters]}
    if since:
        moment = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        conditions = [
            {"Name": name, "Operator": "GreaterThanOrEqualTo", "Value": moment}
            for name in ("LastModifiedTime", "CreationTime")
        ]
        expression["SubExpressions"] = [{"Filters": conditions, "Operator": "Or"}]
    listed = pages(
        aws.client("sagemaker").search,
        Resource="ExperimentTrialComponent",
        SearchExpression=expression,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
    )
    changed: dict[str, list[Trial]] = defaultdict(list)
    for component in (result["TrialComponent"] for page in listed for result in page["Results"]):
        for experiment in {parent["ExperimentName"] for parent in component.get("Parents", [])}:
            changed[experiment].append(trial_of(component))
    return changed


def since(read_at: datetime, known: Iterable[Trial]) -> datetime:
    """Return the time from which to read changes: a trial that runs may change unnoticed."""
    running = [
        datetime.fromisoformat(trial["created"])
        for trial in known
        if trial["status"] in JOB_RUNS and trial["created"]
    ]
    return min([read_at - OVERLAP, *running])


def merged(known: Iterable[Trial], changed: Iterable[Trial]) -> list[Trial]:
    """Return the *known* trials with what *changed*, the newest first."""
    by_job = {trial["arn"]: trial for trial in (*known, *changed)}
    return sorted(by_job.values(), key=lambda trial: trial["created"] or "", reverse=True)


@dataclass
class _Kept:
    trials: list[Trial] = field(default_factory=list)
    read_at: datetime | None = None
    full_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class TrialKeeper:
    """
    Keeps the trials of experiments, and asks AWS for those that changed, once a minute.

    :param clock: Returns the time.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def trials(self, aws: Clients, experiment: str) -> list[Trial]:
        """Return all trials of *experiment*, the newest first."""
        with self._lock:
            kept = self._kept.setdefault(experiment, _Kept())
            self._kept.move_to_end(experiment)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        with kept.lock:  # those who ask meanwhile get the same answer
            now = self._clock()
            if kept.read_at is None or now - kept.read_at >= FRESH:
                self._read(aws, experiment, kept, now)
            note_read(kept.read_at or now)
            return kept.trials

    def _read(self, aws: Clients, experiment: str, kept: _Kept, now: datetime) -> None:
        if kept.read_at is None or kept.full_at is None or now - kept.full_at >= FULL:
            kept.trials, kept.full_at = trials(aws, experiment), now
        else:
            parent = {"Name": "Parents.ExperimentName", "Operator": "Equals", "Value": experiment}
            changed = changed_trials(aws, since(kept.read_at, kept.trials), parent)
            kept.trials = merged(kept.trials, changed.get(experiment, []))
        kept.read_at = now
