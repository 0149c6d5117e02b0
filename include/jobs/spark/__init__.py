"""Preprocessing as a Spark job: the stages of `jobs.tabular`, done by Spark's executors."""
