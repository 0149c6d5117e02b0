"""Endpoints: fleets of model servers behind a gateway."""
