"""The engine behind Search: which properties a resource has, what an expression means."""
