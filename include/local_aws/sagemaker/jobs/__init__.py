"""What every kind of job shares: the runner, channels, outputs, checkpoints, clusters, stopping.

Imports `core`, `wire` and `containers`; no kind of job.
"""
