"""Triggers that watch many jobs with few calls.

Imports `aws`, `debugger` and `jobs`.
"""
