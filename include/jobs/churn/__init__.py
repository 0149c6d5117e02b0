"""The churn model's jobs: the schema of its rows, and a training script."""
