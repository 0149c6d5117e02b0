"""The suites in environments of other versions of Python and Airflow, and of Amazon MWAA."""
