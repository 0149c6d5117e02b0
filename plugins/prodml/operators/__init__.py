"""One module per step of the loop; each operator works alone."""
