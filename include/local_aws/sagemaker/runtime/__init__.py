"""The data plane of endpoints: instances, routing, capture, shadow and asynchronous requests.

Imports `containers` and the state of `cloudwatch`; nothing of the control plane.
"""
