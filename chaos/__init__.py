"""Break the processes that run jobs; count duplicate jobs of our operators and the stock ones."""
