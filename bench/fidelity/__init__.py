"""Run public test suites of SageMaker's clients against the embedded AWS, unmodified.

`python -m bench.fidelity` runs them; a module here for each suite, the plugins of pytest that
point a suite at the server, and the document that is made of the results. It imports nothing of
the tests, and no checkout is a part of the project.
"""
