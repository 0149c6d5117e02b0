"""The AWS wire protocols: decode, validate, page and encode by botocore's models.

Imports nothing of the embedded AWS: no handler, no service, no state.
"""
