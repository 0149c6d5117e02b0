"""Break what runs jobs, and count the bills: our operators beside the stock provider's."""
