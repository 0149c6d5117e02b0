"""Codecs that import numeric packages when they are used, and not before."""

from __future__ import annotations

from tests.include.local_aws.images.interpreter import Interpreter

CODE = """
import sys
import deferred  # the interpreter may have imported it for another test

kept = {n: sys.modules.pop(n) for n in list(sys.modules) if n.split(".")[0] in ("numpy", "scipy")}
for name in ("sagemaker_inference.decoder", "sagemaker_inference.encoder"):
    sys.modules.pop(name, None)
deferred.import_codecs()
before = "numpy" in sys.modules
sys.modules.update(kept)
from sagemaker_inference import decoder, encoder
import numpy, scipy.sparse

rows = decoder.decode("1,2\\n3,4", "text/csv")
answer = [before, rows.tolist(), isinstance(rows, numpy.ndarray), encoder.encode([5], "text/csv"),
          scipy.sparse.csr_matrix(rows).sum().item()]
"""


def test_codecs_work_and_other_modules_get_the_real_packages(sklearn: Interpreter) -> None:
    assert sklearn.run(CODE) == [False, [[1, 2], [3, 4]], True, "5\n", 10]
