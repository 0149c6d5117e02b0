"""The demo: one model's production life, driven through a real scheduler on the embedded AWS."""
