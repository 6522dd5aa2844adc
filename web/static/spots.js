// What a page that tells of one spot knows of the whole place, taken before anybody chooses.
import { Network } from "./network.js";
import { json } from "./webgl.js";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
const AGAIN_MS = 4000;
const MOST_FOUND = 8;

const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language === "nl" ? "nl-NL" : "en-GB", { maximumFractionDigits: 0 });

/** A sentence with its gaps filled. */
export function fill(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "").replaceAll("%%", "%");
}

/** A number as people say it: no more precise than it is known. */
export function about(value) {
  const size = value < 20 ? 1 : value < 100 ? 5 : value < 500 ? 10 : value < 1000 ? 50 : 100;
  return numbers.format(Math.round(value / size) * size);
}

/** Metres as people say them. */
export function metres(value) {
  return numbers.format(Math.max(10, Math.round(value / 10) * 10));
}

/** The 10th, 50th and 90th percentile; infinite values are the largest. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.1, 0.5, 0.9].map((part) => {
    const at = part * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low === high ? low : low + (high - low) * (at - Math.floor(at));
  });
}

/** The words of a text as they are compared: any case, with or without accents. */
function wordsOf(text) {
  return text.toLowerCase().replaceAll("ß", "ss").replaceAll("ø", "o").replaceAll("æ", "ae")
    .normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Find entries ({label, …}) by the beginnings of their words. */
export function finder(entries) {
  const known = entries.map((entry) => ({ entry, words: wordsOf(entry.label) }));
  return (text) => {
    const asked = wordsOf(text);
    const fits = ({ words }) => asked.every((one) => words.some((word) => word.startsWith(one)));
    const order = ({ words }) => [
      asked.every((one, n) => words[n] === one) ? 0 : words[0]?.startsWith(asked[0]) ? 1 : 2, words.length,
    ];
    return known.filter(fits).map((one) => ({ one, order: order(one) }))
      .sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]
        || a.one.entry.label.localeCompare(b.one.entry.label, language, { numeric: true }))
      .slice(0, MOST_FOUND).map(({ one }) => one.entry);
  };
}

/** The place, and what a plan does in it. */
export class Place {
  constructor(spots, segments) {
    this.spots = spots;
    this.segments = segments;
    this.network = new Network(segments, spots.no_walk);
  }

  /** Take over what is known of the effects by now. */
  take(effects) {
    this.effects = effects;
    this.runs = effects.runs;
    this.felt = new Map(effects.felt);
    this.green = new Map(effects.green);
  }

  /** What stands on each segment in each pair of days: a map from segment to [now, then]. */
  stands(name) {
    const { at, now, changed, then } = this.effects.stands[name];
    const other = new Map(changed.map((place, n) => [place, then[n]]));
    return new Map(at.map((segment, n) => [segment, [counts(now[n]), counts(other.get(n) ?? now[n])]]));
  }

  /** People or cars a day on a segment: [low, middle, high] now, and of the change. */
  passing(name, segment) {
    const { low, now, high, changed, change, change_low: least, change_high: most } = this.effects.passes[name];
    const at = changed.indexOf(segment);
    return {
      now: [low[segment], now[segment], high[segment]],
      change: at < 0 ? [0, 0, 0] : [least[at], change[at], most[at]],
    };
  }

  /** In each pair of days, how far it is to the nearest segment with one free: {now, then}. */
  nearestFree(name, walk) {
    const near = [...this.stands(name)].map(([segment, both]) => [walk.to(segment), both])
      .filter(([far]) => Number.isFinite(far)).sort((a, b) => a[0] - b[0]);
    const first = (which) => Array.from({ length: this.runs }, (_, run) => (
      near.find(([, both]) => both[which][run] > 0)?.[0] ?? Infinity
    ));
    return { now: first(0), then: first(1) };
  }

  /** In each pair of days, how many stand within some metres: {now, then}. */
  nearby(name, walk, within) {
    const sum = { now: Array(this.runs).fill(0), then: Array(this.runs).fill(0) };
    for (const [segment, [now, then]] of this.stands(name)) {
      if (walk.to(segment) > within && segment !== walk.from.segment) continue;
      now.forEach((count, run) => { sum.now[run] += count; });
      then.forEach((count, run) => { sum.then[run] += count; });
    }
    return sum;
  }

  /** The nearest bicycle stand: {now, then} in metres. */
  nearestRack(walk) {
    const least = (racks) => Math.min(Infinity, ...racks.map(([, , , segment, along]) => walk.to(segment, along)));
    return { now: least(this.spots.racks), then: least(this.effects.racks ?? this.spots.racks) };
  }
}

function counts(text) {
  return [...text].map((digit) => DIGITS.indexOf(digit));
}

/** Follow the days that are being played; `taken` is called whenever more is known. */
export function follow(plan, { taken, said, failed }) {
  let events = null;
  let known = 0;
  let asking = false;
  const query = (runs) => new URLSearchParams({ plan, runs });

  async function take(runs) {
    if (asking || runs <= known) return;
    asking = true;
    try {
      const effects = await json(`/api/v1/effects/around?${query(runs)}`);
      known = effects.runs;
      taken(effects);
    } finally {
      asking = false;
    }
  }

  function begin() {
    events = new EventSource(`/api/v1/effects/events?${new URLSearchParams({ plan })}`);
    events.addEventListener("progress", async (event) => {
      const now = JSON.parse(event.data);
      if (now.state !== "waiting") events.close();
      if (now.state === "failed") return failed();
      if (now.state === "done" || !known) await take(now.done).catch(() => again());
      said(now);
    });
    events.addEventListener("error", () => events.readyState === EventSource.CLOSED && again());
  }

  function again() {
    events?.close();
    setTimeout(begin, AGAIN_MS);
  }

  begin();
  window.addEventListener("pagehide", () => events?.close());
}
