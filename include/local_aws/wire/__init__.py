"""The wire protocol: validation, projection, paging and errors, all driven by botocore's models."""
