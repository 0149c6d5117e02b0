"""Jobs that all pipelines over CSV rows share: the schema and the preprocessing."""
