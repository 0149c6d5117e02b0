"""A dense network for digits, with TensorFlow 2."""
