"""Access to AWS: clients from the Airflow connection, retries, errors, S3, tags, logs, alarms.

Imports no other package.
"""
