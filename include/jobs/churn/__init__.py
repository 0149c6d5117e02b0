"""The churn model's jobs: its schema and a training script."""
