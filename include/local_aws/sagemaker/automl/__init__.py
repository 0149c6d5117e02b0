"""AutoML jobs: their steps, which are jobs themselves, their candidates and the best of them.

Imports `jobs`; the steps are created by the operations that a client calls.
"""
