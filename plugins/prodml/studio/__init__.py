"""Data of the Studio pages, read from AWS; Airflow's own data goes from its API to the browser.

Imports `aws` and `jobs`.
"""
