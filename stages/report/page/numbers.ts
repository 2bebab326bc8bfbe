import type { Interval } from "../../../shared/wilson.ts";

const none = "–";

/** A share of one as a percentage with a digit: 0.8912 → "89.1 %", its blank not to be broken at. */
export function percent(share: number | null, digits = 1): string {
  return share !== null && Number.isFinite(share) ? `${(100 * share).toFixed(digits)}\u00a0%` : none;
}

/** The two ends of an interval of shares: "85.4 – 92.0 %". */
export function percentRange({ low, high }: Interval): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return none;
  return `${(100 * low).toFixed(1)}\u00a0–\u00a0${(100 * high).toFixed(1)}\u00a0%`;
}

export function decimal(value: number, digits = 3): string {
  return Number.isFinite(value) ? value.toFixed(digits) : none;
}

/** A difference with its sign: +1.2, −0.4. */
export function signed(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return none;
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return `${value < 0 ? "−" : "+"}${text}`;
}

/** A count with its thousands apart: "10,222". */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en") : none;
}

/** "4.2 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return none;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
