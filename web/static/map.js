// The map: the drawn plan is there first; deck.gl takes over where WebGL works.

const UNCERTAIN_ALPHA = 90;
const FEW_ALPHA = 95;
const CELL_ALPHA = 205;
const MARGIN_PX = 14;
const SPOT_ZOOM = 15.5;
const METRES_PER_PX = 78271.517;

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const canHover = window.matchMedia("(hover: hover)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A hexadecimal colour as deck.gl wants it. */
function rgb(hex, alpha = 255) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).concat(alpha);
}

async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

function hasWebGL() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(context);
  } catch {
    return false;
  }
}

function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

/** The map of a page. `chosen` is called with the unit that somebody picks. */
export class Plan {
  constructor(element, chosen) {
    this.element = element;
    this.chosen = chosen;
    this.deck = null;
    this.raised = false;
    this.files = new Map();
    this.bubble = document.getElementById("bubble");
  }

  /** Load deck.gl once the map is about to be seen and the page has nothing better to do. */
  start() {
    this.read();
    if (!hasWebGL()) return;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      const begin = () => this.begin().catch((error) => console.warn("the map stays drawn", error));
      "requestIdleCallback" in window ? requestIdleCallback(begin, { timeout: 800 }) : setTimeout(begin, 200);
    }, { rootMargin: "300px" });
    seen.observe(this.element);
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

  async file(url) {
    if (!this.files.has(url)) this.files.set(url, json(url));
    return this.files.get(url);
  }

  async spec() {
    const name = `deck-${dark.matches ? "dark" : "light"}-${this.raised ? "raised" : "flat"}`;
    return this.file(this.element.dataset[camel(name)]);
  }

  async begin() {
    const data = this.element.dataset;
    const [, spec] = await Promise.all([
      load(data.bundle), this.spec(), this.file(data.units), this.file(data.points), this.file(data.labels),
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

  /** The specification's layers, those that change filled with what the figures say now. */
  async layers() {
    const data = this.element.dataset;
    const [spec, units, points] = await Promise.all([this.spec(), this.file(data.units), this.file(data.points)]);
    const rows = this.rows(units, points);
    const labels = (await this.file(data.labels)).filter((label) => label.z <= this.view.zoom + 0.01);
    return spec.layers.map((layer) => {
      const name = layer.id.split("-")[0];
      if (name === "labels") return { ...layer, data: labels };
      return name in rows ? { ...layer, data: rows[name] } : layer;
    });
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
    if (event === "deck-click-event" && info.object?.unit) this.chosen(info.object.unit);
    if (event === "deck-hover-event" && canHover.matches) this.hover(info);
    if (event === "deck-view-state-change-event") {
      const { longitude, latitude, zoom, pitch, bearing, minZoom, maxZoom } = info;
      const changed = Math.round(zoom * 2) !== Math.round(this.view.zoom * 2);
      this.view = { longitude, latitude, zoom, pitch, bearing, minZoom, maxZoom };
      if (changed) this.draw();
    }
  }

  hover(info) {
    const mark = info.object?.unit && this.marks.get(info.object.unit);
    this.bubble.hidden = !mark;
    if (!mark) return;
    this.bubble.textContent = mark.title;
    const left = Math.min(info.x + 14, this.element.clientWidth - this.bubble.offsetWidth - 8);
    const top = Math.min(info.y + 14, this.element.clientHeight - this.bubble.offsetHeight - 8);
    this.bubble.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  }
}

function camel(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}
