"""The churn model's jobs: preprocessing, a training script, and the schema that they share."""
