"""Listeners, which Airflow calls when the state of a run changes.

Imports no other package.
"""
