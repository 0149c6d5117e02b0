"""Write scikit-learn's handwritten digits as images, as if they arrived week by week.

`python -m include.data.digits` fills the landing folder: `<week>/<digit>/digit-0001.png`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from include.jobs.digits.png import encode
from include.jobs.digits.schema import DIGITS
from include.settings import settings

WEEKS, A_WEEK = 8, 100
FIRST = date(2024, 1, 1)
DEEPEST = 16  # of the data set's pixels


def write_weeks(folder: Path, weeks: int = WEEKS) -> list[Path]:
    """Write A_WEEK images for each week below *folder*; return their paths."""
    from sklearn.datasets import load_digits

    data = load_digits()
    paths = []
    for number in range(weeks * A_WEEK):
        week = FIRST + timedelta(weeks=number // A_WEEK)
        name = f"{week}/{DIGITS[data.target[number]]}/digit-{number:04d}.png"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = [[round(value * 255 / DEEPEST) for value in row] for row in data.images[number]]
        path.write_bytes(encode(pixels))
        paths.append(path)
    for complete in {path.parents[1] for path in paths}:
        (complete / "_SUCCESS").touch()
    return paths


if __name__ == "__main__":
    print(f"{len(write_weeks(Path(settings().landing) / 'digits'))} images written")
