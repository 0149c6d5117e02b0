"""A training job's secondary statuses, and the times of its phases."""

from __future__ import annotations

from ...core.store import Doc
from ..jobs.runner import Job

MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job exceeded MaxWaitTimeInSeconds provided",
    "Interrupted": "Training job interrupted: the spot instances were taken away",
    "Restarting": "Training job restarting: the instances were lost",
    "Failed": "Training job failed",
}
PAID = ("Downloading", "Training", "Uploading")


class Progress:
    """Records the transitions; AWS bills only the phases in which instances run."""

    def __init__(self, job: Job) -> None:
        self._job = job

    @property
    def trained(self) -> float:
        """Return the seconds of the Training phase so far, over all interruptions."""
        return self._spent("Training")

    def enter(self, secondary: str) -> None:
        now = self._job.aws.clock.now()
        transitions = self._transitions()
        if transitions:
            transitions[-1].setdefault("EndTime", now)
        message = MESSAGES[secondary]
        transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})
        changes: Doc = {"SecondaryStatus": secondary, "SecondaryStatusTransitions": transitions}
        if secondary == "Downloading":
            changes["TrainingStartTime"] = self._job.doc.get("TrainingStartTime", now)
        self._job.update(**changes)

    def end(self, secondary: str, reason: str | None) -> None:
        """Set the last status; *reason* is that of a failure."""
        self.enter(secondary)
        now = self._job.aws.clock.now()
        transitions = self._transitions()
        transitions[-1] |= {"EndTime": now} | ({"StatusMessage": reason} if reason else {})
        started = self._job.doc.get("TrainingStartTime", now)
        changes = {
            "TrainingEndTime": now,
            "TrainingTimeInSeconds": int(now - started) + 1,
            "BillableTimeInSeconds": int(self._spent(*PAID)) + 1,
            "SecondaryStatusTransitions": transitions,
        } | ({"FailureReason": reason[:1024]} if reason else {})
        self._job.update(**changes)

    def _transitions(self) -> list[Doc]:
        transitions: list[Doc] = self._job.doc.get("SecondaryStatusTransitions", [])
        return transitions

    def _spent(self, *statuses: str) -> float:
        now = self._job.aws.clock.now()
        return sum(
            float(t.get("EndTime", now) - t["StartTime"])
            for t in self._transitions()
            if t["Status"] in statuses
        )
