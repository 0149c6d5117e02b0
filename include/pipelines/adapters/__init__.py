"""Connect pipelines to AWS clients and to Airflow's ways to end a task.

Imports the settings.
"""
