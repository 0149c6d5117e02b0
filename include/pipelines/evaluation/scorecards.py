"""Scorecards side by side, for a person who decides."""

from __future__ import annotations

from collections.abc import Mapping


def scorecards(challenger: Mapping[str, float], champion: Mapping[str, float] | None) -> str:
    """Both scorecards as a Markdown table, for a person who decides."""
    shown = champion or {}
    lines = ["| score | this model | in production |", "|---|---|---|"]
    for name, value in challenger.items():
        other = f"{shown[name]:.4f}" if name in shown else "no model"
        lines.append(f"| {name} | {value:.4f} | {other} |")
    return "\n".join(lines)
