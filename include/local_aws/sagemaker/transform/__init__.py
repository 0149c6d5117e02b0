"""Batch transform jobs: split, send, join and assemble records.

Imports `jobs`, `experiments`, `models` and `containers`.
"""
