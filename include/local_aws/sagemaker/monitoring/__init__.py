"""Model Monitor: schedules, job definitions, executions and alerts.

Imports `processing` and `endpoints`, whose jobs and captured data it uses.
"""
