"""Build the report page: self-contained, without scripts, in a light and dark theme."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .check import CONCLUSIVE, Result
from .distance import in_sigmas
from .documents import TRIGGERED, Json, whole
from .findings import QUALITY
from .plots import distributions, spark, trend
from .verdicts import Verdict
from .whole_report import badge, estimate_section, joint_section, whole_sentences

SHOWN = 30  # columns with a picture; the rest are named in one line
WINDOWS = 30  # of the trend
STYLE = """
:root{color-scheme:light dark;--ink:#1f2733;--dim:#5b6472;--line:#dedad1;--paper:#fbfaf7;
--card:#fff;--base:#b4c4da;--now:#c2410c;--ok:#2f7d4f;--warn:#a16207;--alert:#b91c1c}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--dim:#a3a8b0;--line:#343941;
--paper:#15181c;--card:#1c2026;--base:#46618a;--now:#fb923c;--ok:#6fcf97;--warn:#facc15;
--alert:#f87171}}
*{box-sizing:border-box}body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);
background:var(--paper);max-width:66rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.45rem;margin:0 0 .4rem;font-weight:600}h2{font-size:1rem;margin:1.8rem 0 .5rem}
p{margin:.3rem 0}.dim,text{color:var(--dim);fill:var(--dim)}text{font-size:10px}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:.6rem;margin:1rem 0}
dl div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem}
dt{font-size:.75rem;color:var(--dim)}dd{margin:0;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.87rem}
th{font-weight:500;color:var(--dim);font-size:.75rem}th,td{text-align:left;padding:.45rem .5rem;
border-bottom:1px solid var(--line);vertical-align:middle}
.n{font-variant-numeric:tabular-nums;white-space:nowrap}small{color:var(--dim);display:block}
table.q td:first-child{width:5rem}.pairs{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:.5rem 0}figcaption{font-size:.8rem}.pb,.pc{stroke-width:3;stroke-linecap:round;
fill:none;opacity:.7}.pb{stroke:var(--base)}.pc{stroke:var(--now)}
.badge{padding:.1rem .5rem;border-radius:4px;border:1px solid;font-size:.8em;font-weight:600}
.OK{color:var(--ok)}.WARN{color:var(--warn)}.ALERT,.FAILED{color:var(--alert)}
.NO_DATA,.INSUFFICIENT_DATA,.NOT_COMPARABLE{color:var(--dim)}svg{display:block;overflow:visible}
.trend{width:100%;height:auto}.b{fill:var(--base)}.c,.l{fill:none;stroke:var(--now);stroke-width:1.5}
.l{stroke:var(--line)}.t{stroke:var(--dim);stroke-dasharray:3 3;fill:none}
.d-OK{fill:var(--ok)}.d-WARN{fill:var(--warn)}.d-ALERT,.d-FAILED{fill:var(--alert)}
.d-NO_DATA,.d-INSUFFICIENT_DATA,.d-NOT_COMPARABLE{fill:var(--dim)}
"""
SENTENCES = {
    "OK": "The traffic matches the baseline.",
    "NO_DATA": "No request was captured in this window.",
    "INSUFFICIENT_DATA": "Too few rows for a verdict.",
    "NOT_COMPARABLE": "The traffic is of another contract than the baseline.",
    "FAILED": "The check failed.",
}


def page(report: Json, result: Result | None = None, history: Sequence[Json] = ()) -> str:
    """
    HTML: the verdict in one line, then the columns by severity, drawn on one axis.

    A check that failed has no *result*. *history* are earlier windows, oldest first:
    `{"window_end", "outcome", "distances": {column: distance}, "joint", "estimated"}`.
    """
    outcome = report["outcome"]
    features = result.features if result else []
    past = [*history[-(WINDOWS - 1) :], _today(report)]
    parts = [
        f"<h1>{badge(outcome)} {escape(sentence(report, result))}</h1>",
        f"<p>{TRIGGERED}</p>",
        _facts(report),
        *(f"<p class=dim>{escape(note)}</p>" for note in report["notes"]),
        _trend(past, features),
        _quality(features),
        *_whole(result, past),
        _table("Columns", features, past),
        _table("Predictions", result.predictions if result else [], past),
        _reading() if features else "",
    ]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'>"
        f"<title>Drift: {outcome}</title><style>{STYLE}</style>{''.join(parts)}</html>"
    )


def _whole(result: Result | None, past: Sequence[Json]) -> list[str]:
    if result is None or result.outcome not in CONCLUSIVE:
        return []
    return [joint_section(result.joint, past), estimate_section(result.estimated, past)]


def sentence(report: Json, result: Result | None = None) -> str:
    """Return the verdict as a sentence, or as several."""
    outcome = report["outcome"]
    if outcome in SENTENCES:
        return f"{SENTENCES[outcome]} {report.get('reason', '')}".strip()
    whole = whole_sentences(result.joint, result.estimated) if result else []
    moved = [row for row in [*report["features"], *report["predictions"]] if row["status"] != "OK"]
    return " ".join([*([_columns_say(report)] if moved or not whole else []), *whole])


def _columns_say(report: Json) -> str:
    firm = bool(report["columns"]) or (report["outcome"] == "ALERT" and not report["warned"])
    names = report["columns"] if firm else report["warned"]
    answers = "" if names else "The predictions"
    subject = f"{len(names)} of {len(report['features'])} columns" if names else answers
    alone = len(names) == 1
    unlike = "not as it was" if alone else "not as they were"
    word = unlike if firm else "a little away from the baseline"
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    listed = f": {', '.join(names[:5])}{more}" if names else ""
    return f"{subject} {'is' if alone else 'are'} {word}{listed}."


def _today(report: Json) -> Json:
    rows = [*report["features"], *report["predictions"]]
    joint, estimated = whole(report)
    return {
        "window_end": report["window"]["end"],
        "outcome": report["outcome"],
        "distances": {row["name"]: row["distance"] for row in rows},
        "joint": joint,
        "estimated": estimated,
    }


def _facts(report: Json) -> str:
    window = report["window"]
    span = f"{_short(window['start'])} to {_short(window['end'])}" if window["end"] else "all rows"
    against = f"{report['baseline_rows']:,} rows" if report["baseline_rows"] else "none"
    kind = report["baseline_kind"] or ""
    gap = report["detectable_distance"]
    least = f"{in_sigmas(gap):.2f} standard deviations" if gap else "-"
    items = {
        **({"Model": escape(report["model"])} if report["model"] else {}),
        "Window (UTC)": span,
        "Rows": f"{report['rows']:,}",
        f"Baseline: {kind}": f"{against} {escape(report['baseline'] or '')}",
        "Smallest detectable shift": least,
        "Drift": report["drift"] or "-",
        "Data quality": report["data_quality"] or "-",
    }
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in items.items())
    return f"<dl>{cells}</dl>"


def _short(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else "the first"


def _trend(past: Sequence[Json], features: Sequence[Verdict]) -> str:
    if len(past) < 2:
        return ""
    warn = min((v.warn for v in features if v.warn), default=0.05)
    alert = min((v.alert for v in features if v.alert), default=0.1)
    windows = [
        (_short(w["window_end"]), w["outcome"], max(w["distances"].values(), default=None))
        for w in past
    ]
    title = f"<h2>Last {len(past)} windows: largest distance of any column</h2>"
    return title + trend(windows, warn, alert)


def _quality(features: Sequence[Verdict]) -> str:
    findings = [f for v in features for f in v.findings if f.kind == QUALITY]
    if not findings:
        return ""
    items = "".join(
        f"<tr><td class={f.status.name}>{f.status.name}<td>{escape(f.message)}"
        for f in findings[:SHOWN]
    )
    return (
        f"<h2>Data quality: fix it upstream, do not train on it</h2><table class=q>{items}</table>"
    )


def _table(title: str, verdicts: Sequence[Verdict], past: Sequence[Json]) -> str:
    if not verdicts:
        return ""
    rows = "".join(_row(verdict, past) for verdict in verdicts[:SHOWN])
    rest = [verdict.name for verdict in verdicts[SHOWN:]]
    more = f"<p class=dim>Smaller distances: {escape(', '.join(rest))}.</p>" if rest else ""
    return (
        f"<h2>{title}</h2><div class=wide><table><tr><th>Column<th>Verdict<th>Distance<th>Shift"
        f"<th>Detectable<th>Missing<th>Baseline (bars), now (line)<th>Distance over time{rows}"
        f"</table></div>{more}"
    )


def _row(verdict: Verdict, past: Sequence[Json]) -> str:
    row = verdict.to_json()
    distances = [window["distances"].get(verdict.name) for window in past]
    findings = "".join(
        f"<small>{escape(f.message)}</small>" for f in verdict.findings if f.check != "distance"
    )
    return (
        f"<tr><td>{escape(verdict.name)}<small>{row['type']}</small>{findings}"
        f"<td class={row['status']}>{row['status']}"
        f"<td class=n>{verdict.distance:.3f}<small>of {verdict.threshold:g}</small>"
        f"<td class=n>{_shift(row['shift'])}<td class=n>{_could(row)}"
        f"<td class=n>{row['missing_share']:.1%}"
        f"<small>was {row['baseline_missing_share']:.1%}</small>"
        f"<td>{distributions(verdict.was, verdict.now)}<td>{spark(distances, verdict.threshold)}"
    )


def _shift(change: Json | None) -> str:
    if not change:
        return "-"
    if "points" in change:
        return f"{change['points']:+.1f} points<small>{escape(str(change['value'])[:20])}</small>"
    return "-" if change["sigma"] is None else f"{change['sigma']:+.2f} &sigma;"


def _could(row: Json) -> str:
    if row["detectable_distance"] is None:
        return "-"
    sigma = row["detectable_sigma"]
    words = f"<small>{sigma:.2f} &sigma;</small>" if sigma else ""
    return f"{row['detectable_distance']:.3f}{words}"


def _reading() -> str:
    return (
        "<p class=dim>Distance: the largest gap between the two distribution functions, or between "
        "the shares of a category, less what chance allows for this many rows. 0.05 is an eighth "
        "of a standard deviation or five points, 0.10 a quarter or ten. Could show: the smallest "
        "true distance that these rows would have flagged; a smaller one may be there, "
        "unseen.</p>"
    )
