"""The verdict as one self-contained page: no script, no download, light and dark."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from .check import Verdict
from .sketch import Sketch

WIDTH, HEIGHT, BARS, SHOWN = 220, 44, 22, 30
STYLE = """
:root{color-scheme:light dark;--ink:#1f2733;--dim:#5b6472;--line:#d9d5cb;--paper:#fbfaf7;
--base:#9db4d0;--now:#c2410c;--ok:#2f7d4f;--warn:#a16207;--alert:#b91c1c}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--dim:#a3a8b0;--line:#3a3f47;
--paper:#181b20;--base:#4d6a8f;--now:#fb923c;--ok:#6fcf97;--warn:#facc15;--alert:#f87171}}
body{font:15px system-ui,sans-serif;color:var(--ink);background:var(--paper);
max-width:58rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}p{color:var(--dim)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
td.n{font-variant-numeric:tabular-nums}.OK{color:var(--ok)}.WARN{color:var(--warn)}
.ALERT{color:var(--alert);font-weight:600}.NO_DATA,.INSUFFICIENT_DATA{color:var(--dim)}
.b{fill:var(--base)}.c{fill:none;stroke:var(--now);stroke-width:1.6}
"""
SENTENCES = {
    "OK": "The traffic looks like the training data.",
    "WARN": "Some columns have moved a little.",
    "ALERT": "Some columns are not what the model was trained on.",
    "NO_DATA": "No request was captured in this window.",
    "INSUFFICIENT_DATA": "Too few requests were captured for a verdict.",
}


def page(report: dict[str, Any], verdicts: list[Verdict]) -> str:
    """HTML: the verdict in one line, then the columns by severity, drawn on one axis."""
    outcome = report["outcome"]
    window = report["window"]
    rows = "".join(_row(verdict) for verdict in verdicts[:SHOWN])
    more = len(verdicts) - SHOWN
    rest = f"<p>{more} more columns have not moved further than these.</p>" if more > 0 else ""
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>Drift: {outcome}</title><style>{STYLE}</style>"
        f"<h1><span class={outcome}>{outcome}</span> &nbsp;{SENTENCES[outcome]}</h1>"
        f"<p>{report['rows']} rows from {window['start']} to {window['end']}, against "
        f"{report['baseline_rows']} rows of the baseline. The smallest distance that would have "
        f"shown: {report['detectable_distance']}.</p>"
        "<table><tr><th>Column<th>Verdict<th>Distance<th>Threshold<th>Missing"
        f"<th>Baseline (bars) and now (line)</tr>{rows}</table>{rest}</html>"
    )


def _row(verdict: Verdict) -> str:
    return (
        f"<tr><td>{escape(verdict.name)}<td class={verdict.status}>{verdict.status}"
        f"<td class=n>{verdict.distance:.3f}<td class=n>{verdict.threshold:.2f}"
        f"<td class=n>{verdict.missing_share:.1%}<td>{_picture(verdict)}</tr>"
    )


def _picture(verdict: Verdict) -> str:
    was, now = verdict.baseline, verdict.current
    if not (isinstance(was, Sketch) and isinstance(now, Sketch) and was.present and now.present):
        return ""
    low = min(was.moments["min"], now.moments["min"])
    high = max(was.moments["max"], now.moments["max"])
    edges = np.linspace(low, high if high > low else low + 1, BARS + 1)
    shares = [np.histogram(s.items, edges, weights=s.weights)[0] / s.present for s in (was, now)]
    top = max(float(shares[0].max()), float(shares[1].max()))
    step = WIDTH / BARS
    heights = [[HEIGHT * float(share) / top for share in one] for one in shares]
    bars = "".join(
        f"<rect class=b x={i * step:.0f} y={HEIGHT - h:.0f} width={step - 1:.0f} height={h:.0f} />"
        for i, h in enumerate(heights[0])
    )
    line = " ".join(f"{(i + 0.5) * step:.0f},{HEIGHT - h:.0f}" for i, h in enumerate(heights[1]))
    return (
        f"<svg width={WIDTH} height={HEIGHT} role=img aria-label='distribution of "
        f"{escape(verdict.name)}'>{bars}<polyline class=c points='{line}' /></svg>"
    )
