// The map of measured figures: areas and garages in the colours of what they say.
import { DeckMap, rgb } from "./map.js";

const UNCERTAIN_ALPHA = 90;
const FEW_ALPHA = 95;
const CELL_ALPHA = 205;
const SPOT_ZOOM = 15.5;

/** The map of the neighbourhood's page. `chosen` is called with the unit that somebody picks. */
export class FigureMap extends DeckMap {
  constructor(element, chosen) {
    super(element);
    this.chosen = chosen;
  }

  start() {
    this.read();
    super.start();
  }

  /** Take over the figures of another page's map. */
  take(other) {
    const plan = other.querySelector(".plan");
    this.element.querySelector(".plan").replaceWith(plan);
    for (const name of ["units", "points", "spot"]) {
      if (other.dataset[name]) this.element.dataset[name] = other.dataset[name];
      else delete this.element.dataset[name];
    }
    this.read();
    if (this.deck && this.element.dataset.spot && this.element.dataset.spot !== this.seen) this.visit();
    else this.draw();
  }

  /** Move to the place that was searched for. */
  visit() {
    this.seen = this.element.dataset.spot;
    const [longitude, latitude] = this.seen.split(",").map(Number);
    this.go({ longitude, latitude, zoom: Math.max(this.view.zoom, SPOT_ZOOM) });
  }

  /** Read from the drawn plan what each unit says: the drawn and the deck.gl map cannot differ. */
  read() {
    this.marks = new Map();
    for (const link of this.element.querySelectorAll(".plan a[data-unit]")) {
      const shape = link.firstElementChild;
      this.marks.set(link.dataset.unit, {
        style: shape.getAttribute("class"),
        title: shape.querySelector("title").textContent,
        isChosen: link.hasAttribute("data-chosen"),
      });
    }
  }

  files() {
    return [this.element.dataset.units, this.element.dataset.points];
  }

  picked(info) {
    if (info.object?.unit) this.chosen(info.object.unit);
  }

  said(info) {
    return info.object?.unit && this.marks.get(info.object.unit)?.title;
  }

  rows(units, points) {
    const style = getComputedStyle(this.element);
    const colour = (name, alpha) => rgb(style.getPropertyValue(name).trim(), alpha);
    const made = { cells: [], hatch: [], outlines: [], points: [], marks: [], chosen: [] };
    const grey = colour("--silent");
    for (const point of Object.values(points)) {
      if (this.element.querySelector(".points > circle")) {
        made.points.push({ middle: point.middle, fill: colour("--label", 200), radius: 4 });
      }
    }
    for (const [unit, mark] of this.marks) {
      const shape = units[unit];
      if (!shape) continue;
      const [step, state] = mark.style.replace("cell ", "").replace("unit ", "").split(" ");
      const strong = step === "silent" ? grey : colour(`--${step}`, CELL_ALPHA);
      if (!shape.rings) {
        const fill = step === "silent" ? colour("--halo") : strong;
        made.marks.push({ unit, middle: shape.middle, fill, radius: mark.isChosen ? 15 : 10 });
        continue;
      }
      const alpha = { few: FEW_ALPHA, uncertain: UNCERTAIN_ALPHA }[state] ?? CELL_ALPHA;
      const fill = step === "silent" ? colour("--silent", 18) : colour(state === "uncertain" ? "--s0" : `--${step}`, alpha);
      const edge = step === "silent" ? grey : state === "few" ? colour("--s2") : colour("--halo", 150);
      for (const rings of shape.rings) {
        made.cells.push({ unit, rings, fill });
        for (const path of rings) {
          made.outlines.push({ path, line: edge, width: 1.2 });
          if (mark.isChosen) made.chosen.push({ path });
        }
      }
      if (step === "silent" || state === "uncertain") {
        const line = step === "silent" ? grey : colour("--s3", 200);
        for (const path of shape.hatch) made.hatch.push({ path, line });
      }
    }
    if (this.element.dataset.spot) {
      const middle = this.element.dataset.spot.split(",").map(Number);
      made.points.push({ middle, fill: colour("--chosen"), radius: 8 });
    }
    return made;
  }
}
