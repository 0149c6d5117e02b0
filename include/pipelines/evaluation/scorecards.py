"""Scorecards side by side, for a person who decides."""

from __future__ import annotations

from collections.abc import Mapping

from include.pipelines.contracts import Window


def scorecards(challenger: Mapping[str, float], champion: Mapping[str, float] | None) -> str:
    """Both scorecards as a Markdown table, for a person who decides."""
    shown = champion or {}
    lines = ["| score | this model | in production |", "|---|---|---|"]
    for name, value in challenger.items():
        other = f"{shown[name]:.4f}" if name in shown else "no model"
        lines.append(f"| {name} | {value:.4f} | {other} |")
    return "\n".join(lines)


def basis(window: Window, pinned: int | None, board: str) -> str:
    """What the scores rest on, and what decides besides the answer, as a Markdown list."""
    lines = [
        f"- window {window['start']} to {window['end']}, {window['rows']} rows",
        f"- [leaderboard of this run]({board})",
        "- lineage: the task `lineage` of this run writes it after the deployment",
    ]
    if pinned is not None:
        lines.append(
            f"- **version {pinned} is pinned and stays in production whatever the answer**; "
            "trigger deploy_model with release_pin to let this one be deployed"
        )
    return "\n".join(lines)
