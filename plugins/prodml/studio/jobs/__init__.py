"""Jobs of this deployment for the pages: running and ended ones, with their tasks and costs.

Imports `aws`, `jobs`, `links` and `studio`.
"""
