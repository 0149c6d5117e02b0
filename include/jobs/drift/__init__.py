"""A drift check that writes SageMaker Model Monitor's files without Model Monitor.

NumPy and PyArrow only: the prebuilt scikit-learn image has both, so nothing is installed in a job.
"""
