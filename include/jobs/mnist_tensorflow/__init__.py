"""A dense network that reads digits, by TensorFlow 2."""
