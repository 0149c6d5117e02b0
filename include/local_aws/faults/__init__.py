"""Faults on demand: what AWS does on a bad day, when a test asks for it."""
