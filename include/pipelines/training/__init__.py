"""Requests for training and tuning, their cost, and the trials of a study.

Imports `contracts`, `definition` and `adapters`.
"""
