// The map of a plan: streets in the colours of what the plan does, and places to tap.
import { DeckMap, rgb } from "./map.js";
import { drags, points } from "./try-pointing.js";

const WIDTHS = { level: 4, change: [0, 3.5, 5.5, 8] };
const UNSEEN = [0, 0, 0, 0];
const TAP_PX = 18;
const NEARBY = 3;
const CLOSE_ZOOM = 17;
const NAMELESS = "–";

/** `picked` has what is called when somebody taps a `segment` or a `spot`. */
export class PlanMap extends DeckMap {
  constructor(element, picked) {
    super(element);
    this.tapped = picked;
    this.picks = "";
    this.values = null;
    this.mode = "change";
    this.shapes = [];
    this.seen = "[]";
    this.corners = null;
    this.line = document.getElementById("curtain-at");
    this.line.addEventListener("input", () => this.moved());
  }

  files() {
    return [this.element.dataset.segments];
  }

  /** Mark where the plan changes something, and go there if it is another plan than before. */
  site(shapes) {
    this.shapes = shapes;
    const points = shapes.flatMap((shape) => shape.path ?? [shape.at]);
    const name = JSON.stringify(points);
    if (this.deck && points.length && name !== this.seen) this.fit(points);
    this.seen = name;
    this.draw();
  }

  /** The view in which the plan is first seen. */
  whole() {
    const whole = super.whole();
    const points = this.shapes.flatMap((shape) => shape.path ?? [shape.at]);
    return !this.deck && points.length ? { ...whole, ...this.around(points, whole) } : whole;
  }

  fit(points) {
    this.go(this.around(points, super.whole()));
  }

  /** The view around some points, wide enough to see what happens nearby. */
  around(points, whole) {
    const [lon, lat] = [0, 1].map((axis) => points.map((point) => point[axis]));
    const [west, east, south, north] = [Math.min(...lon), Math.max(...lon), Math.min(...lat), Math.max(...lat)];
    const span = Math.max((east - west) / (this.bounds.east - this.bounds.west), (north - south) / (this.bounds.north - this.bounds.south), 0.12);
    const zoom = Math.min(whole.zoom + Math.log2(1 / (span * NEARBY)), CLOSE_ZOOM);
    const shift = (this.beside() / 2 / 2 ** Math.max(zoom, whole.zoom)) * (360 / 512);
    if (zoom <= whole.zoom) return { longitude: whole.longitude, latitude: whole.latitude, zoom: whole.zoom };
    return { longitude: (west + east) / 2 - shift, latitude: (south + north) / 2, zoom };
  }

  buttons() {
    super.buttons();
    drags(this);
    points(this);
    this.pick(this.picks);
  }

  /** What a tap means from now on: `street`, `spot`, or nothing. */
  pick(what) {
    this.picks = what;
    this.element.classList.toggle("is-picking", Boolean(what));
    document.getElementById("cross").hidden = !what || what === "thing" || !this.deck;
    this.draw();
  }

  /** Mark the segment or the spot that was chosen. */
  showChosen(segment, spot) {
    this.segment = segment || "";
    this.spot = spot || "";
    this.draw();
  }

  /** Draw an area, from these corners on; null: a tap chooses a street or a spot again. */
  corner(corners) {
    this.corners = corners;
    this.draw();
  }

  /** Show the figures of a plan; null before there are any. */
  show(values) {
    this.values = values;
    this.changes = new Map(values?.at.map((at, n) => [at, n]));
    this.showAs(values ? this.mode : "change");
  }

  /** Show the difference, how it is now, with the plan, or both beside a line. */
  showAs(mode) {
    this.mode = mode;
    const isBoth = mode === "both" && Boolean(this.values);
    document.getElementById("curtain").hidden = !isBoth;
    if (isBoth && this.raised) document.getElementById("raise").click();
    this.draw();
  }

  moved() {
    this.element.style.setProperty("--curtain", `${this.line.value}%`);
    if (this.mode !== "both" || !this.values || this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  picked(info) {
    if (!this.picks || !info.coordinate) return;
    if (this.corners) return this.tapped.corner(info.coordinate.map((value) => Number(value.toFixed(6))));
    if (this.picks === "street") {
      if (info.object?.key) this.tapped.segment(info.object.key, info.object.name);
    } else {
      this.tapped.spot(info.coordinate.map((value) => value.toFixed(7)).join(","));
    }
  }

  said(info) {
    const at = info.index;
    if (at < 0 || !info.object) return "";
    const name = info.object.name ?? "";
    if (!this.values) return name;
    const now = this.values.now[at];
    const change = this.change(at);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const arrow = change.change ? ` → ${number.format(this.then(at))}` : "";
    return `${name || NAMELESS}: ${number.format(now)}${arrow}`;
  }

  /** How a segment changes: the middle and both ends. */
  change(at) {
    const n = this.changes.get(at);
    if (n === undefined) return { change: 0, low: 0, high: 0 };
    return { change: this.values.change[n], low: this.values.low[n], high: this.values.high[n] };
  }

  then(at) {
    return Math.max(0, Math.round(10 * (this.values.now[at] + this.change(at).change)) / 10);
  }

  rows(segments) {
    const style = getComputedStyle(this.element);
    const colour = (name, alpha) => rgb(style.getPropertyValue(name).trim(), alpha);
    const made = { flows: [], picks: [], new: [], chosen: [], site: [] };
    for (const { at, path } of this.shapes) {
      if (path) made.site.push({ path });
      else made.new.push({ middle: at, fill: colour("--chosen"), radius: 6 });
    }
    made.picks = segments.map((one) => ({ ...one, fill: UNSEEN, width: TAP_PX }));
    if (this.values) {
      made.flows = this.mode === "change" ? this.differences(segments, colour) : this.levels(segments, colour);
    }
    const chosen = segments.find((one) => one.key === this.segment);
    if (chosen) made.chosen.push({ path: chosen.path });
    if (this.corners) {
      made.new.push(...this.corners.map((middle) => ({ middle, fill: colour("--chosen"), radius: 5 })));
      if (this.corners.length > 1) made.chosen.push({ path: [...this.corners, this.corners[0]] });
    }
    if (this.spot) made.new.push({ middle: this.spot.split(",").map(Number), fill: colour("--chosen"), radius: 9 });
    return made;
  }

  differences(segments, colour) {
    const { at, change, low, high, steps } = this.values;
    const made = [];
    at.forEach((index, n) => {
      if (low[n] <= 0 && high[n] >= 0) return;
      const step = 1 + steps.filter((edge) => Math.abs(change[n]) >= edge).length;
      const name = `--${change[n] < 0 ? "less" : "more"}${step}`;
      made.push({ path: segments[index].path, fill: colour(name, 235), width: WIDTHS.change[step] });
    });
    return made;
  }

  levels(segments, colour) {
    const { now, breaks } = this.values;
    const fills = [0, 1, 2, 3, 4].map((step) => colour(`--s${step}`, 235));
    const fill = (value) => fills[breaks.filter((edge) => value >= edge).length];
    const made = [];
    const add = (path, value) => value > 0 && made.push({ path, fill: fill(value), width: WIDTHS.level });
    const border = this.mode === "both" ? this.border() : null;
    segments.forEach(({ path }, at) => {
      const before = now[at];
      if (this.mode === "now") return add(path, before);
      const after = this.changes.has(at) ? this.then(at) : before;
      if (this.mode === "plan") return add(path, after);
      const [left, right] = parted(path, border);
      for (const piece of left) add(piece, before);
      for (const piece of right) add(piece, after);
    });
    return made;
  }

  /** The longitude at which the line of the curtain stands; the map is flat and north is up. */
  border() {
    const across = (Number(this.line.value) / 100 - 0.5) * this.element.clientWidth;
    return this.view.longitude + (across / 2 ** this.view.zoom) * (360 / 512);
  }
}

/** Part a path at a longitude: the pieces to its left, and those to its right. */
function parted(path, border) {
  const sides = [[], []];
  const side = (point) => (point[0] < border ? 0 : 1);
  let piece = [path[0]];
  for (let n = 1; n < path.length; n += 1) {
    const [from, to] = [path[n - 1], path[n]];
    if (side(from) !== side(to)) {
      const part = (border - from[0]) / (to[0] - from[0]);
      const crossing = [border, from[1] + part * (to[1] - from[1])];
      piece.push(crossing);
      sides[side(from)].push(piece);
      piece = [crossing];
    }
    piece.push(to);
  }
  sides[side(path.at(-1))].push(piece);
  return sides;
}
