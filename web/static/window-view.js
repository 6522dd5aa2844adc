// The view from a window or a front door, drawn by deck.gl in first person.
import { inside } from "./shapes.js";
import { json, load, webGL } from "./webgl.js";

const STOREY_M = 3.2;
const EYES_M = 1.6;
const OFF_THE_WALL_M = 1.2;
const METRES_PER_DEGREE = 111320;
const POST_M = 1.0;
const STOREYS_WITHIN_M = 250;
const ASKANCE_DEG = 38;

const dark = window.matchMedia("(prefers-color-scheme: dark)");

export class WindowView {
  constructor(element) {
    this.element = element;
    this.state = "coming";
    this.eye = null;
  }

  /** Fetch everything that the view needs, wherever somebody will stand: `state` becomes "ready", or "impossible" here. */
  async prepare() {
    if (!webGL()) {
      this.state = "impossible";
      return;
    }
    const data = this.element.dataset;
    [this.buildings, this.light, this.dark] = await Promise.all([
      json(data.buildings), json(data.windowLight), json(data.windowDark), load(data.bundle),
    ]);
    this.files = new Map();
    const urls = new Set([this.light, this.dark].flatMap(({ layers }) => layers.map((layer) => layer.data)).filter((one) => typeof one === "string"));
    await Promise.all([...urls].map(async (url) => this.files.set(url, await json(url))));
    this.state = "ready";
  }

  /** The building that a spot is in or nearest to: one that the plan adds, or one of the map. */
  building(spot) {
    if (spot.outline) return { p: spot.outline, h: spot.high };
    let best = null;
    let least = 40;
    for (const one of this.buildings) {
      const far = inside(spot.at, one.p[0]) ? 0 : wall(spot.at, one.p[0]);
      if (far < least) [best, least] = [one, far];
    }
    return best;
  }

  /** How many floors a building has above the street. */
  floors(spot) {
    return Math.max(1, Math.round((this.building(spot)?.h ?? STOREY_M) / STOREY_M));
  }

  /** Where somebody stands who looks out of a side (0 the street, then clockwise) of a floor. */
  stand(spot, floor, side, towards) {
    const building = this.building(spot);
    const own = building && inside(spot.at, building.p[0]) ? spot.at : building ? middle(building.p[0]) : spot.at;
    const bearing = (direction(own, towards) + 90 * side + 360) % 360;
    const out = building ? exit(own, bearing, building.p[0]) : 0;
    // Straight ahead is only the wall opposite: who looks out looks along the street as well.
    return { at: moved(own, bearing, out + OFF_THE_WALL_M), high: floor * STOREY_M + EYES_M, bearing: (bearing + ASKANCE_DEG) % 360 };
  }

  /** Draw the view from there; `changes` are the plan's shapes, new buildings and posts. */
  show(eye, changes) {
    this.eye = eye;
    this.changes = changes;
    if (this.deck) this.deck.finalize?.();
    this.element.replaceChildren();
    const spec = dark.matches ? this.dark : this.light;
    const storeys = [...this.buildings, ...changes.buildings].filter(({ p }) => away(eye.at, p[0][0]) < STOREYS_WITHIN_M).flatMap(lines);
    const rows = { site: changes.paths, new: changes.buildings, posts: changes.posts, storeys };
    const layers = spec.layers.map((layer) => ({
      ...layer, data: rows[layer.id] ?? this.files.get(layer.data) ?? [],
    }));
    this.view = { longitude: eye.at[0], latitude: eye.at[1], position: [0, 0, eye.high], bearing: eye.bearing, pitch: eye.high > 5 ? 8 : 0, maxPitch: 60, minPitch: -60 };
    this.deck = globalThis.createDeck({
      container: this.element,
      jsonInput: { ...spec, layers, initialViewState: this.view, useDevicePixels: Math.min(devicePixelRatio, 2) },
      tooltip: false,
      handleEvent: (event, info) => {
        if (event === "deck-view-state-change-event") this.view = { ...this.view, bearing: info.bearing ?? this.view.bearing, pitch: info.pitch ?? this.view.pitch };
      },
    });
  }

  turn(bearing, pitch) {
    if (!this.deck) return;
    this.view = { ...this.view, bearing: (this.view.bearing + bearing + 360) % 360, pitch: Math.max(-45, Math.min(45, this.view.pitch + pitch)) };
    this.deck.setProps({ initialViewState: { ...this.view } });
  }

  /** The picture as it is, for paper. */
  picture() {
    const canvas = this.element.querySelector("canvas");
    if (!this.deck || !canvas) return "";
    this.deck.redraw("print");
    return canvas.toDataURL("image/png");
  }
}

/** The lines along the walls of a building between its storeys, and along its roof. */
function lines({ p: [ring], h }) {
  const floors = Array.from({ length: Math.max(0, Math.round(h / STOREY_M) - 1) }, (_, floor) => (floor + 1) * STOREY_M);
  return [...floors, h].map((high) => ({ path: ring.map(([lon, lat]) => [lon, lat, high]) }));
}

function away([lon, lat], [otherLon, otherLat]) {
  return Math.hypot((otherLon - lon) * Math.cos((lat * Math.PI) / 180), otherLat - lat) * METRES_PER_DEGREE;
}

/** A bicycle stand as a few posts. */
export function posts([room, lon, lat]) {
  return Array.from({ length: Math.min(8, Math.ceil(room / 4)) }, (_, n) => ({
    at: moved([lon, lat], 90, (n - 2) * 1.8), h: POST_M,
  }));
}

/** How far it is from a point to the nearest wall, in metres. */
function wall([lon, lat], ring) {
  const turn = Math.cos((lat * Math.PI) / 180);
  const flat = ring.map(([x, y]) => [(x - lon) * turn * METRES_PER_DEGREE, (y - lat) * METRES_PER_DEGREE]);
  return Math.min(...flat.slice(1).map(([bx, by], n) => {
    const [ax, ay] = flat[n];
    const [dx, dy] = [bx - ax, by - ay];
    const part = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(ax + dx * part, ay + dy * part);
  }));
}

function direction([lon, lat], [otherLon, otherLat]) {
  const turn = Math.cos((lat * Math.PI) / 180);
  return (Math.atan2((otherLon - lon) * turn, otherLat - lat) * 180) / Math.PI;
}

function moved([lon, lat], bearing, far) {
  const turn = Math.cos((lat * Math.PI) / 180);
  const angle = (bearing * Math.PI) / 180;
  return [lon + (Math.sin(angle) * far) / METRES_PER_DEGREE / turn, lat + (Math.cos(angle) * far) / METRES_PER_DEGREE];
}

function middle(ring) {
  const points = ring.slice(0, -1);
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
}

/** How far it is from a point in a building to the last wall in a direction. */
function exit(from, bearing, ring) {
  const far = moved(from, bearing, 400);
  let most = 0;
  for (let n = 1; n < ring.length; n += 1) {
    const part = crossing(from, far, ring[n - 1], ring[n]);
    if (part !== null) most = Math.max(most, part * 400);
  }
  return most;
}

function crossing([ax, ay], [bx, by], [cx, cy], [dx, dy]) {
  const [rx, ry, sx, sy] = [bx - ax, by - ay, dx - cx, dy - cy];
  const cross = rx * sy - ry * sx;
  if (!cross) return null;
  const t = ((cx - ax) * sy - (cy - ay) * sx) / cross;
  const u = ((cx - ax) * ry - (cy - ay) * rx) / cross;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : null;
}
