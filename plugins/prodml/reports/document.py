"""Share the layout of all report pages: one file without scripts, in a light or dark theme."""

from __future__ import annotations

from html import escape

from prodml.reports.pictures import DARK, LIGHT


def _palette(colours: tuple[str, ...]) -> str:
    return "".join(f"--c{index}:{colour};" for index, colour in enumerate(colours))


STYLE = f"""
:root{{color-scheme:light dark;--ink:#222;--dim:#5b6472;--line:#ddd;--paper:#fff;--card:#fafafa;
--shade:45%;{_palette(LIGHT)}}}
@media(prefers-color-scheme:dark){{:root{{--ink:#e8e6e1;--dim:#a3a8b0;--line:#3d434c;
--paper:#15181c;--card:#1c2026;--shade:65%;{_palette(DARK)}}}}}
body{{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1320px;padding:0 1rem;
color:var(--ink);background:var(--paper)}}
table{{border-collapse:collapse;margin:1rem 0;display:block;overflow-x:auto}}
td,th{{padding:.3rem .7rem;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}}
td.n,th.n{{text-align:right;font-variant-numeric:tabular-nums}}.none td{{color:var(--dim)}}
svg{{background:var(--card);border:1px solid var(--line);margin:.3rem}}
svg text{{font-size:10px;fill:var(--dim)}}.axis{{fill:none;stroke:var(--dim)}}
.mark{{fill:none;stroke:var(--ink);stroke-dasharray:4 3}}
td.text{{white-space:normal;vertical-align:top}}
figure{{display:inline-block;margin:0;max-width:440px;vertical-align:top}}
.key{{display:inline-block;width:.8em;height:.8em;border-radius:50%}}
"""


def document(title: str, body: str) -> str:
    """Return a page with *title* as heading; *body* is markup."""
    name = escape(title)
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{name}</title><style>{STYLE}</style>"
    )
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body><h1>{name}</h1>{body}</body></html>"
    )


def key(colour: str) -> str:
    """Return the dot that explains a colour."""
    return f'<span class=key style="background:{colour}"></span>'
