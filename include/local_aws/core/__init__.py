"""What every service builds on: an account, its store, clock and options.

Imports the wire protocols and faults; no service and no container.
"""
