"""Model Monitor's schedules: when one is due, what its executions run, and what they say."""
