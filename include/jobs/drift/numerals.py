"""Numbers as people and spreadsheets write them, and the words that stand for a missing one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

NUMBER = r"^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)\s*$"
POINT, COMMA = "point", "comma"  # the sign before the decimals
MOST = 0.5  # share of the cells that a notation explains, or the column is one of texts
SPACES = " \u00a0\u2007\u2009\u202f'\u2019_"  # group digits in some countries, and in code
POWER = r"(?:[eE][-+]?\d+)?"
LAKHS = rf"[1-9]\d{{0,2}}(?:[,{SPACES}]\d{{2,3}})*[,{SPACES}]\d{{3}}"  # 12,34,567 in India
WRITTEN = {  # the whole of a number in a notation, once signs and units are off
    POINT: rf"^-?(?:\d+|{LAKHS})?(?:\.\d*)?{POWER}$",
    COMMA: rf"^-?(?:\d+|[1-9]\d{{0,2}}(?:[.{SPACES}]\d{{3}})+)?(?:,\d*)?{POWER}$",
}
GROUPS = {POINT: f"[,{SPACES}]", COMMA: f"[.{SPACES}]"}
CURRENCIES = (
    *(r"[\p{Sc}%‰元円]", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "KRW", "SEK"),
    *("NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD", "BRL", "MXN", "ZAR", "TRY", "ILS"),
    *("SGD", "HKD", "TWD", "THB", "IDR", "MYR", "PHP", "VND", "AED", "SAR", "EGP", "NGN", "KES"),
    *("RON", "BGN", "UAH", "RUB", r"(?:US|A|C|R|HK|S|NZ|NT|Mex)\$", r"S/\.?", r"Rs\.?", r"Rp\.?"),
    *("RM", r"S?Fr\.?", r"kr\.?", "zł", "Kč", "Ft", "lei", "TL"),
)
CURRENCY = f"(?:{'|'.join(CURRENCIES)})"
# Digits of other scripts, which databases and forms of those countries write.
DIGITS = {zero + n: str(n) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for n in range(10)} | {
    0x66B: ".",
    0x66C: ",",
    0xFF0E: ".",
    0xFF0C: ",",
}
OTHER_DIGITS = "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]"
MARKERS = pa.array(
    [
        *("", "-", "--", "---", "\u2013", "\u2014", "?", "??", ".", "..", "...", "*", "_"),
        *("na", "n/a", "n.a.", "n.a", "n/d", "nd", "nan", "-nan", "+nan", "nat", "nil", "none"),
        *("null", "undefined", "missing", "unknown", "not available", "not applicable", "empty"),
        *("\\n", "<na>", "<nan>", "<null>", "<none>", "(null)", "[null]", "(none)", "(blank)"),
        *("#n/a", "#na", "#n/a n/a", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?"),
        *("#error", "1.#qnan", "-1.#qnan", "1.#ind", "-1.#ind", "k.a.", "k. a.", "s/d", "blank"),
        *("1.#inf", "-1.#inf", "∞", "-∞", "+∞", "**", "***", "…", "·", "•", "--.--", "-.-", "0/0"),
        *("n/k", "n/r", "n.d.", "n.c.", "nd.", "nr", "s.o.", "k.a", "keine", "keine angabe", "#"),
        *("undef", "void", "tbd", "tba", "leer", "no data", "no value", "not known", "n\\a"),
        *("not provided", "not recorded", "not reported", "not specified"),
    ]
)


def is_marker(cells: pa.Array) -> pa.Array:
    """Return which cells are a word for a missing number, in any case and between any blanks."""
    return pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(cells)), value_set=MARKERS)


def notation_of(values: pa.Array, times: pa.Array) -> str | None:
    """Return the notation that explains most cells; None if none explains enough of them."""
    bare = _bare(values)
    total = pc.sum(times).as_py() or 0
    explained = {
        name: pc.sum(times.filter(_matches(bare, name))).as_py() or 0 for name in (POINT, COMMA)
    }
    best = max((POINT, COMMA), key=lambda name: explained[name])  # of equals, the point
    return best if total and explained[best] >= MOST * total else None


def read(values: pa.Array, notation: str | None) -> tuple[pa.Array, pa.Array]:
    """Return the numbers among texts as float64, and the mask of the texts that are numbers."""
    if notation is None:
        numeric = pc.match_substring_regex(values, NUMBER)
        return pc.cast(pc.utf8_trim_whitespace(values.filter(numeric)), pa.float64()), numeric
    bare = _bare(values)
    written = _matches(bare, notation)
    plain = pc.match_substring_regex(values, NUMBER)
    numeric = pc.or_(written, plain) if notation == POINT else written
    digits = pc.replace_substring_regex(bare.filter(numeric), GROUPS[notation], "")
    if notation == COMMA:
        digits = pc.replace_substring(digits, ",", ".")
    return pc.cast(digits, pa.float64()), numeric


def _matches(bare: pa.Array, notation: str) -> pa.Array:
    has_digit = pc.match_substring_regex(bare, r"\d")
    return pc.and_(has_digit, pc.match_substring_regex(bare, WRITTEN[notation]))


def _bare(values: pa.Array) -> pa.Array:
    """Return the texts without currency, percent and plus signs; parentheses become a minus."""
    texts = pc.utf8_trim_whitespace(values)
    if pc.any(pc.match_substring_regex(texts, OTHER_DIGITS)).as_py():
        texts = pa.array([text.translate(DIGITS) for text in texts.to_pylist()], pa.string())
    for pattern, by in (
        ("^[='\"]+|[\"']+$", ""),
        ("^[\u2212\u2013]", "-"),
        (r"^\((.*)\)$", r"-\1"),
        (rf"^([-+]?)\s*{CURRENCY}\s*", r"\1"),
        (rf"\s*{CURRENCY}$", ""),
        ("[.,][-\u2013\u2014]{1,2}$", ""),
        (r"^(.*\d)-$", r"-\1"),
        (r"^\+", ""),
    ):
        texts = pc.replace_substring_regex(texts, pattern, by)
    return texts
