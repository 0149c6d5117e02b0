"""REST APIs of Amazon API Gateway in front of endpoints: create, adopt, change and delete.

Imports `aws`.
"""
