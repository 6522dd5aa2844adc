// A map: a picture is there first, then a canvas; deck.gl takes over where there is a graphics processor.
import { json, load, webGL } from "./webgl.js";

const MARGIN_PX = 14;
const DRAG_PX = 6;
const TAP_PX = 4;
const SOON_MS = 800;
const LATER_MS = 4000;
const PAINT_MS = 50;
const METRES_PER_PX = 78271.517;

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const canHover = window.matchMedia("(hover: hover)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A hexadecimal colour as deck.gl wants it. */
export function rgb(hex, alpha = 255) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).concat(alpha);
}

/** A map. What it shows besides the place is up to those who extend it: `files`, `rows`, `said`, `picked`. */
export class DeckMap {
  constructor(element) {
    this.element = element;
    this.deck = null;
    this.before = null;
    this.taking = null;
    this.raised = false;
    this.kept = new Map();
    this.bubble = document.getElementById("bubble");
  }

  /** Begin once the map is about to be seen and the page has nothing better to do. */
  start() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      whenIdle(() => this.begin().catch((error) => console.warn("the map stays a picture", error)), SOON_MS);
    }, { rootMargin: "300px" });
    seen.observe(this.element);
  }

  async file(url) {
    if (!this.kept.has(url)) this.kept.set(url, json(url));
    return this.kept.get(url);
  }

  async spec() {
    const name = `deck-${dark.matches ? "dark" : "light"}-${this.raised ? "raised" : "flat"}`;
    return this.file(this.element.dataset[camel(name)]);
  }

  async begin() {
    const data = this.element.dataset;
    this.files().concat(data.labels).forEach((url) => this.file(url));
    const [west, south, east, north] = data.bbox.split(",").map(Number);
    this.bounds = { west, south, east, north };
    this.view = this.whole();
    await this.use(flat());
    this.buttons();
    this.taps();
    dark.addEventListener("change", () => this.draw());
  }

  /** Let deck.gl take over where there is a graphics processor. To ask takes seconds where there is none. */
  async hasMore() {
    const can = webGL();
    document.getElementById("raise").hidden = !can;
    if (can === "fast") await this.takeOver().catch((error) => console.warn("the map stays flat", error));
  }

  /** Let deck.gl draw from now on: once, whoever asks for it. */
  takeOver() {
    this.taking ??= this.use(inSpace(this.element.dataset.bundle)).catch((error) => {
      this.taking = null;
      throw error;
    });
    return this.taking;
  }

  /** Draw with one of the two from now on. */
  async use(drawer) {
    const { create, update } = await drawer;
    const [spec, layers] = await Promise.all([this.spec(), this.layers()]);
    this.before = this.deck;
    this.update = update;
    this.deck = create({
      container: document.getElementById("deck"),
      jsonInput: { ...spec, layers, initialViewState: this.view, useDevicePixels: Math.min(devicePixelRatio, 2) },
      tooltip: false,
      handleEvent: (event, info) => this.happened(event, info),
    });
    const options = { onAfterRender: () => this.isReady(), pickingRadius: 4 };
    if (window.matchMedia("(pointer: coarse)").matches) options.touchAction = "pan-y";
    this.deck.setProps(options);
  }

  isReady() {
    const layers = this.deck.layerManager?.getLayers() ?? [];
    if (!layers.length || !layers.every((layer) => layer.isLoaded)) return;
    this.deck.setProps({ onAfterRender: () => {} });
    this.before?.finalize();
    if (!this.before) whenIdle(() => this.hasMore(), LATER_MS);
    this.before = null;
    // The first pick compiles its shaders: done before anybody can click, a click is not lost.
    setTimeout(() => {
      this.deck.pickObject({ x: 1, y: 1 });
      this.element.classList.add("is-ready");
      document.getElementById("controls").hidden = false;
    });
  }

  async draw() {
    if (!this.deck) return;
    const layers = await this.layers();
    this.update({ layers }, this.deck);
  }

  /** The specification's layers, those that change filled with what is shown now. */
  async layers() {
    const [spec, labels, ...files] = await Promise.all(
      [this.spec(), this.file(this.element.dataset.labels), ...this.files().map((url) => this.file(url))],
    );
    const rows = { ...this.rows(...files), labels: labels.filter((label) => label.z <= this.view.zoom + 0.01) };
    return spec.layers.map((layer) => {
      const name = layer.id.split("-")[0];
      return name in rows ? { ...layer, data: rows[name] } : layer;
    });
  }

  /** The view that shows the whole place. */
  whole() {
    const { west, south, east, north } = this.bounds;
    const latitude = (south + north) / 2;
    const turn = Math.cos((latitude * Math.PI) / 180);
    const beside = this.beside();
    const wide = (this.element.clientWidth - beside - 2 * MARGIN_PX) / ((east - west) * 111320 * turn);
    const high = (this.element.clientHeight - 2 * MARGIN_PX) / ((north - south) * 111320);
    const zoom = Math.log2(Math.min(wide, high) * METRES_PER_PX * turn);
    const longitude = (west + east) / 2 - (beside / 2 / 2 ** zoom) * (360 / 512);
    return { longitude, latitude, zoom, pitch: this.raised ? 48 : 0, bearing: 0, minZoom: zoom - 1, maxZoom: 19 };
  }

  /** How much of the map's left side the legend covers. */
  beside() {
    const legend = document.getElementById("legend");
    return getComputedStyle(legend).position === "absolute" ? legend.offsetLeft + legend.offsetWidth : 0;
  }

  go(view) {
    this.view = { ...this.view, ...view };
    this.deck.setProps({ initialViewState: { ...this.view, transitionDuration: calm.matches ? 0 : 350 } });
    this.draw();
  }

  buttons() {
    const on = (id, action) => document.getElementById(id).addEventListener("click", action);
    on("zoom-in", () => this.go({ zoom: Math.min(19, this.view.zoom + 1) }));
    on("zoom-out", () => this.go({ zoom: Math.max(this.view.minZoom, this.view.zoom - 1) }));
    on("whole", () => this.go(this.whole()));
    on("raise", async ({ currentTarget }) => {
      currentTarget.ariaBusy = "true";
      await new Promise((painted) => setTimeout(painted, PAINT_MS));
      const isThere = await this.takeOver().then(() => true, () => false);
      currentTarget.ariaBusy = "false";
      if (!isThere) return;
      this.raised = !this.raised;
      currentTarget.setAttribute("aria-pressed", String(this.raised));
      this.go({ pitch: this.raised ? 48 : 0, bearing: this.raised ? this.view.bearing : 0 });
    });
  }

  happened(event, info) {
    if (event === "deck-hover-event" && canHover.matches) this.hover(info);
    if (event === "deck-view-state-change-event") {
      const { longitude, latitude, zoom, pitch, bearing, minZoom, maxZoom } = info;
      const changed = Math.round(zoom * 2) !== Math.round(this.view.zoom * 2);
      this.view = { longitude, latitude, zoom, pitch, bearing, minZoom, maxZoom };
      if (changed) this.draw();
      else this.moved();
    }
  }

  /** Hear taps ourselves: deck.gl takes one on a slow machine for a long press, and drops it. */
  taps() {
    const canvas = document.getElementById("deck");
    let from = null;
    canvas.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; }, true);
    canvas.addEventListener("click", (event) => {
      if (!from || Math.hypot(event.clientX - from[0], event.clientY - from[1]) > DRAG_PX) return;
      const { left, top } = canvas.getBoundingClientRect();
      this.tap(event.clientX - left, event.clientY - top);
    });
  }

  tap(x, y) {
    const info = this.deck.pickObject({ x, y, radius: TAP_PX });
    this.picked({ object: info?.object, coordinate: this.coordinate(x, y) });
  }

  /** The longitude and latitude of a point of the picture. */
  coordinate(x, y) {
    return this.deck.getViewports()[0].unproject([x, y]);
  }

  /** Called when the view has moved a little, without anything else to draw. */
  moved() {}

  hover(info) {
    const text = this.said(info);
    this.bubble.hidden = !text;
    if (!text) return;
    this.bubble.textContent = text;
    const left = Math.min(info.x + 14, this.element.clientWidth - this.bubble.offsetWidth - 8);
    const top = Math.min(info.y + 14, this.element.clientHeight - this.bubble.offsetHeight - 8);
    this.bubble.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  }
}

function whenIdle(action, mostMs) {
  "requestIdleCallback" in window ? requestIdleCallback(action, { timeout: mostMs }) : setTimeout(action, mostMs / 4);
}

/** What draws in space: deck.gl. */
async function inSpace(bundle) {
  if (!globalThis.createDeck) await load(bundle);
  return { create: globalThis.createDeck, update: globalThis.updateDeck };
}

/** What draws on a flat canvas. */
async function flat() {
  const { createDrawing, updateDrawing } = await import("./drawing.js");
  return { create: createDrawing, update: updateDrawing };
}

function camel(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
