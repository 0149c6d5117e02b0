"""A convolutional network that reads digits, by PyTorch."""
