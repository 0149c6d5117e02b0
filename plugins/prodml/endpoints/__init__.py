"""Endpoints: roll out, verify, roll back, clean up, generate load.

Imports `aws`, `jobs` and `autoscaling`.
"""
