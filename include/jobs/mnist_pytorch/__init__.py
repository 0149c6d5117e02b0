"""A convolutional network for digits, with PyTorch."""
