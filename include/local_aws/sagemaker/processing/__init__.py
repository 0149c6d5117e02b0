"""Processing jobs, and the metrics that jobs of a monitoring schedule write.

Imports `jobs`, `experiments` and the state of `cloudwatch`.
"""
