"""What pipelines need of others: AWS clients by the connection, and Airflow's way to end a task.

Imports the settings.
"""
