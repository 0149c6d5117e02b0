"""Processing jobs, and the metrics that jobs of a monitoring schedule leave behind.

Imports `jobs`, `experiments` and the state of `cloudwatch`.
"""
