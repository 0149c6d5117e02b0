"""An account and an Airflow of a size, for the benchmark of the Studio pages."""
