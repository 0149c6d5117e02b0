"""Operators that run a model's production life on Amazon SageMaker, for anyone's Airflow."""
