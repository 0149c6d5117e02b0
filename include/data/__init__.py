"""Small committed data sets, and a generator of further rows like them."""
