// Write numbers, amounts and times as text.
//
// Without `Intl` and what uses it: a browser takes 50 ms to load the rules of a language.

export function score(value: number): string {
  return value.toFixed(4);
}

export const count = (value: number) => grouped(value, 0);

/** Return a number with so many decimals, and commas between its thousands. */
function grouped(value: number, decimals: number): string {
  const [whole, fraction] = value.toFixed(decimals).split(".");
  const thousands = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction ? `${thousands}.${fraction}` : thousands;
}

/** Compare texts by their characters, for `sort`. */
export const byText = (left: string, right: string) => (left < right ? -1 : +(left > right));

/** Return an amount with as many digits as it takes to see it. */
export function money(usd: number | null): string {
  if (usd === null) return "–";
  const digits = usd === 0 || usd >= 1 ? 2 : usd >= 0.1 ? 3 : 4;
  return usd > 0 && usd < 0.0001 ? "<$0.0001" : `$${grouped(usd, digits)}`;
}

const STEPS: [number, string][] = [
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

/** Return how long ago, or in how long, an ISO time is: "3 hours ago", "in 2 days". */
export function relative(time: string, now = Date.now()): string {
  const seconds = (now - new Date(time).getTime()) / 1000;
  const size = Math.abs(seconds);
  for (const [length, unit] of STEPS) {
    if (size < length) continue;
    const number = Math.floor(size / length);
    const words = `${number} ${unit}${number === 1 ? "" : "s"}`;
    return seconds > 0 ? `${words} ago` : `in ${words}`;
  }
  return seconds >= 0 ? "just now" : "in less than a minute";
}

export function day(time: string): string {
  return time.slice(0, 10);
}

/** Return an ISO time as "2026-11-29 06:24 UTC". */
export function instant(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Return a text as HTML, which the hints of pictures are. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
