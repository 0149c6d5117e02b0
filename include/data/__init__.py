"""Small committed data sets, and the world that goes on producing rows like them."""
