"""The base of every service: an account, its store, clock and options.

Imports the wire protocols and faults; no service and no container.
"""
