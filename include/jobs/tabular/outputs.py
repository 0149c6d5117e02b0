"""Names of the outputs that both jobs and the requests of jobs use; pure Python."""

from __future__ import annotations

RECORDS, SUMMARY = "records", "summary"  # of new rows
VIOLATIONS, REPORT = "violations", "violations.json"  # the rules that raw data break, and its file
ROWS = "rows.json"  # the number of rows, in the summary or, of each data set, in the baseline
