"""Write the summaries of all subjects; of trials, those of the experiments that changed."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from prodml.aws.client import Aws
from prodml.aws.retries import with_retries
from prodml.aws.s3 import read, split
from prodml.exceptions import MissingObjectError
from prodml.studio.drift import histories
from prodml.studio.endpoints.overview import endpoints
from prodml.studio.experiments.trial_updates import changed_trials, merged, since
from prodml.studio.experiments.trials import Trial, experiments
from prodml.studio.models import models
from prodml.studio.reader import Reader
from prodml.studio.summaries import places

# For which the list of drift checks stays, as it costs a call for each pipeline.
DRIFT_STAYS = timedelta(minutes=10)
FULL = timedelta(days=1)  # after which all trials are read, as some may be deleted


class Written(TypedDict):
    """The objects that a run has written, and the calls of AWS that this took."""

    objects: int
    bytes: int
    calls: int


class _Trials(TypedDict):
    all_trials_at: str
    trials_since: str  # from which the next run reads changes


class State(_Trials):
    """The times of earlier runs."""

    drift_at: str


class Writer:
    """Writes the summaries of a deployment below *root*."""

    def __init__(self, aws: Aws, root: str, deployment: str) -> None:
        self._reader = Reader(aws)
        self._s3 = aws.client("s3")
        self._root, self._deployment = root, deployment
        self._folder = places.folder(root, deployment)
        self._written: Written = {"objects": 0, "bytes": 0, "calls": 0}

    def write(self) -> Written:
        """Write all subjects; experiments come last, as their time is that of all trials."""
        now = datetime.now(UTC)
        state: State | None = self._read(places.STATE)
        self._put(places.MODELS, models(self._reader))
        self._put(places.ENDPOINTS, endpoints(self._reader, self._deployment))
        following: State = {
            "drift_at": self._write_drift(state, now),
            **self._write_trials(state, now),
        }
        self._put(places.STATE, following)
        self._put(places.EXPERIMENTS, experiments(self._reader))
        self._written["calls"] += self._reader.calls.total()
        return self._written

    def _write_drift(self, state: State | None, now: datetime) -> str:
        if state and not _is_over(state["drift_at"], DRIFT_STAYS, now):
            return state["drift_at"]
        self._put(places.DRIFT, histories(self._reader, self._root))
        return now.isoformat()

    def _write_trials(self, state: State | None, now: datetime) -> _Trials:
        """Write the trials of each experiment of which one changed since the last run."""
        all_at, begin = now.isoformat(), None
        if state and not _is_over(state["all_trials_at"], FULL, now):
            all_at, begin = state["all_trials_at"], datetime.fromisoformat(state["trials_since"])
        changed = changed_trials(self._reader, begin)
        for experiment, newer in changed.items():
            subject = places.trials_of(experiment)
            known: list[Trial] = (begin and self._read(subject)) or []
            if (trials := merged(known, newer)) != known:
                self._put(subject, trials)
        following = since(now, (trial for trials in changed.values() for trial in trials))
        return {"all_trials_at": all_at, "trials_since": following.isoformat()}

    def _read(self, subject: str) -> Any:
        """Return the data of *subject*; None before it was written."""
        self._written["calls"] += 1
        try:
            content = read(self._s3, places.address(self._folder, subject))
        except MissingObjectError:
            return None
        return json.loads(gzip.decompress(content))

    def _put(self, subject: str, data: Any) -> None:
        """Write what the API returns of *subject*."""
        bucket, key = split(places.address(self._folder, subject))
        body = gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0)
        with_retries(
            self._s3.put_object,
            Bucket=bucket,
            Key=key,
            Body=body,
            ContentType="application/json",
            ContentEncoding="gzip",
        )
        self._written["objects"] += 1
        self._written["bytes"] += len(body)
        self._written["calls"] += 1


def _is_over(moment: str, span: timedelta, now: datetime) -> bool:
    return now - datetime.fromisoformat(moment) >= span
