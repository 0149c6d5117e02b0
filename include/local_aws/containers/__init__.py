"""Containers without a container engine: image environments, sandboxes, processes."""
