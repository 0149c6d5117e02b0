"""A drift check that writes SageMaker Model Monitor's files and needs no Model Monitor.

Numpy and the standard library only, so that it runs on a prebuilt image, in a task, or by hand.
"""
