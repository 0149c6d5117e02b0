"""Code that runs inside SageMaker's containers: no Airflow, few imports."""
