"""The common parts of all jobs: runner, channels, outputs, checkpoints, clusters, stopping.

Imports `core`, `wire` and `containers`; no kind of job.
"""
