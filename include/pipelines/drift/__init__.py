"""Drift checks: what to check, the history of verdicts, and the action that follows.

Imports `data`, `evaluation`, `definition` and `adapters`.
"""
