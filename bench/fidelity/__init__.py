"""Run public test suites of SageMaker's clients against the embedded AWS, unmodified.

`python -m bench.fidelity` runs the suites and writes the page of their results. Each suite has a
plugin of pytest here that points it at the embedded AWS. The package imports nothing of the
project's tests, and no checkout is part of the project.
"""
