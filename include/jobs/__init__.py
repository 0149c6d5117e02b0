"""Code that runs inside SageMaker's containers, without Airflow and with few imports."""
