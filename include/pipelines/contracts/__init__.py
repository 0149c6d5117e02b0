"""Results that tasks of the pipelines pass on, once each: plain JSON for XCom.

What an operator returns is in :mod:`prodml.results`. A wiring function hands a result on as a
template, which ``stages.references`` makes from the task, so that mypy checks each field's name.
Imports nothing of the other packages.
"""
