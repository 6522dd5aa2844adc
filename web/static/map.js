// A map: the drawn one is there first; deck.gl takes over where WebGL works.
import { hasWebGL, json, load } from "./webgl.js";

const MARGIN_PX = 14;
const DRAG_PX = 6;
const TAP_PX = 4;
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
    this.raised = false;
    this.kept = new Map();
    this.bubble = document.getElementById("bubble");
  }

  /** Load deck.gl once the map is about to be seen and the page has nothing better to do. */
  start() {
    if (!hasWebGL()) return;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      const begin = () => this.begin().catch((error) => console.warn("the map stays drawn", error));
      "requestIdleCallback" in window ? requestIdleCallback(begin, { timeout: 800 }) : setTimeout(begin, 200);
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
    const [, spec] = await Promise.all([
      load(data.bundle), this.spec(), this.file(data.labels), ...this.files().map((url) => this.file(url)),
    ]);
    const [west, south, east, north] = data.bbox.split(",").map(Number);
    this.bounds = { west, south, east, north };
    this.view = this.whole();
    this.deck = globalThis.createDeck({
      container: document.getElementById("deck"),
      jsonInput: { ...spec, layers: await this.layers(), initialViewState: this.view, useDevicePixels: Math.min(devicePixelRatio, 2) },
      tooltip: false,
      handleEvent: (event, info) => this.happened(event, info),
    });
    if (!this.deck) return;
    const options = { onAfterRender: () => this.isReady(), pickingRadius: 4 };
    if (window.matchMedia("(pointer: coarse)").matches) options.touchAction = "pan-y";
    this.deck.setProps(options);
    this.buttons();
    this.taps();
    dark.addEventListener("change", () => this.draw());
  }

  isReady() {
    const layers = this.deck.layerManager?.getLayers() ?? [];
    if (!layers.length || !layers.every((layer) => layer.isLoaded)) return;
    this.deck.setProps({ onAfterRender: () => {} });
    // The first pick compiles its shaders: done before anybody can click, a click is not lost.
    setTimeout(() => {
      this.deck.pickObject({ x: 1, y: 1 });
      this.element.classList.add("has-deck");
      document.getElementById("controls").hidden = false;
    });
  }

  async draw() {
    if (!this.deck) return;
    globalThis.updateDeck({ layers: await this.layers() }, this.deck);
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
    on("raise", (event) => {
      this.raised = !this.raised;
      event.currentTarget.setAttribute("aria-pressed", String(this.raised));
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

function camel(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
