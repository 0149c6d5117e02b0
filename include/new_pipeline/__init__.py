"""Write the files of a new pipeline from a sample of its data.

Imports `include.pipelines.definition` and the schema of tabular jobs; no Airflow.
"""
