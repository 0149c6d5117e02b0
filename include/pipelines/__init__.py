"""What is trained, with what, and how it is judged: one typed file per model."""
