"""Listen to Airflow: write the note of each run, and the end of a failed task's log.

Imports `notifications`.
"""
