// The map where no graphics processor draws it: the same layers on a flat canvas, asked in deck.gl's words.
import { grouped, ink, metreAt, pathOf, placeOf, told, touches, turned, worldOf } from "./shapes.js";
import { json } from "./webgl.js";

const FINE = 2 ** 16;
const WHEEL = 0.004;
const WHEEL_MOST = 0.5;
const LINE_PX = 16;

/** Begin a map in a container; the same settings as `createDeck` takes. */
export function createDrawing(settings) {
  return new Drawing(settings);
}

/** Draw other layers. */
export function updateDrawing({ layers }, drawing) {
  drawing.take(layers);
}

class Drawing {
  constructor({ container, jsonInput, handleEvent }) {
    this.container = container;
    this.told = handleEvent;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "drawing";
    container.append(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.density = jsonInput.useDevicePixels;
    this.files = new Map();
    this.layers = [];
    this.layerManager = { getLayers: () => this.layers };
    this.set(jsonInput.initialViewState);
    this.origin = worldOf([this.view.longitude, this.view.latitude]);
    this.fields = new AbortController();
    this.moves();
    this.watch = new ResizeObserver(() => this.measure());
    this.watch.observe(container);
    this.take(jsonInput.layers);
  }

  finalize() {
    this.watch.disconnect();
    this.fields.abort();
    this.canvas.remove();
  }

  setProps({ initialViewState, onAfterRender, touchAction }) {
    if (onAfterRender) this.afterwards = onAfterRender;
    if (touchAction) this.canvas.style.touchAction = touchAction;
    if (initialViewState) this.go(initialViewState);
    this.ask();
  }

  getViewports() {
    return [{ project: (at) => this.project(at), unproject: (at) => this.unproject(at) }];
  }

  project(at) {
    const [x, y] = worldOf(at);
    const scale = 2 ** this.view.zoom;
    return [(x - this.centre[0]) * scale + this.width / 2, (y - this.centre[1]) * scale + this.height / 2];
  }

  unproject([x, y]) {
    const scale = 2 ** this.view.zoom;
    return placeOf([this.centre[0] + (x - this.width / 2) / scale, this.centre[1] + (y - this.height / 2) / scale]);
  }

  /** What lies at a point of the picture, the uppermost first. */
  pickObject({ x, y, radius = 0 }) {
    const [wx, wy] = this.fine(this.unproject([x, y]));
    const perPx = FINE / 2 ** this.view.zoom;
    for (const layer of this.layers.toReversed()) {
      if (!layer.pickable || !layer.shapes) continue;
      for (let index = layer.shapes.length - 1; index >= 0; index -= 1) {
        const shape = layer.shapes[index];
        const reach = (radius + shape.half * (layer.isInPx ? 1 : 0)) * perPx + (layer.isInPx ? 0 : shape.half);
        if (touches(layer.kind, shape, wx, wy, reach)) return { layer, index, object: layer.rows[index], x, y };
      }
    }
    return null;
  }

  /** Take over layers; files are fetched once, and shapes are made anew only where rows changed. */
  take(specs) {
    const before = new Map(this.layers.map((layer) => [layer.id, layer]));
    this.layers = specs.map((spec) => {
      const kept = before.get(spec.id);
      return kept && kept.data === spec.data ? kept : this.layer(spec);
    });
    this.ask();
  }

  layer(spec) {
    const kind = spec["@@type"].replace("Solid", "").replace("Layer", "");
    const layer = { ...spec, kind, isInPx: [spec.widthUnits, spec.radiusUnits].includes("pixels"), isLoaded: false };
    const filled = (rows) => {
      layer.rows = rows;
      layer.shapes = rows.map((row) => this.shape(layer, row));
      layer.drawn = kind === "Polygon" || kind === "Path" ? grouped(layer) : null;
      layer.isLoaded = true;
    };
    if (Array.isArray(spec.data)) filled(spec.data);
    else {
      if (!this.files.has(spec.data)) this.files.set(spec.data, json(spec.data));
      this.files.get(spec.data).then(filled).then(() => this.ask());
    }
    return layer;
  }

  /** One row's form in fine units of the world, its colours, and half of what it is wide. */
  shape(layer, row) {
    const of = (name, otherwise) => told(layer[name], row, otherwise);
    if (layer.kind === "Polygon") {
      const rings = of("getPolygon");
      const parts = (typeof rings[0][0] === "number" ? [rings] : rings).map((ring) => ring.map((at) => this.fine(at)));
      const fill = ink(of("getFillColor"));
      return { parts: parts.map(turned), fill, line: layer.stroked && ink(of("getLineColor")), half: 0 };
    }
    if (layer.kind === "Path") {
      const width = of("getWidth", 1) * (layer.isInPx ? 1 : this.metre());
      return { parts: [of("getPath").map((at) => this.fine(at))], line: ink(of("getColor")), width, half: width / 2 };
    }
    const at = this.fine(of("getPosition"));
    if (layer.kind === "Text") return { at, text: of("getText"), angle: of("getAngle", 0), fill: ink(of("getColor")), half: 0 };
    return { at, fill: ink(of("getFillColor")), line: layer.stroked && ink(of("getLineColor")), half: of("getRadius") };
  }

  fine(at) {
    const [x, y] = worldOf(at);
    return [(x - this.origin[0]) * FINE, (y - this.origin[1]) * FINE];
  }

  /** A metre here, in fine units. */
  metre() {
    return FINE * metreAt(this.view.latitude);
  }

  measure() {
    this.width = this.container.clientWidth;
    this.height = this.container.clientHeight;
    this.canvas.width = Math.round(this.width * this.density);
    this.canvas.height = Math.round(this.height * this.density);
    this.draw();
  }

  ask() {
    this.asked ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.asked);
    this.asked = undefined;
    if (!this.width || !this.height) return;
    const { context, density } = this;
    const scale = (2 ** this.view.zoom / FINE) * density;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const left = (this.width / 2) * density - (this.centre[0] - this.origin[0]) * FINE * scale;
    const top = (this.height / 2) * density - (this.centre[1] - this.origin[1]) * FINE * scale;
    for (const layer of this.layers) {
      if (!layer.shapes?.length) continue;
      context.setTransform(scale, 0, 0, scale, left, top);
      context.lineJoin = context.lineCap = layer.jointRounded ? "round" : "butt";
      if (layer.drawn) this.paths(layer, density / scale);
      else this.marks(layer, scale, left, top);
    }
    this.afterwards?.();
  }

  paths(layer, px) {
    const { context } = this;
    for (const { path, fill, line, width } of layer.drawn) {
      if (fill) {
        context.fillStyle = fill;
        context.fill(path);
      }
      if (!line) continue;
      const least = (layer.lineWidthMinPixels ?? 0) * px;
      const metres = (layer.getLineWidth ?? 0) * this.metre();
      context.lineWidth = layer.kind === "Polygon" ? Math.max(least, metres) : width * (layer.isInPx ? px : 1);
      context.strokeStyle = line;
      context.stroke(path);
    }
    if (layer.autoHighlight && this.hovered?.layer.id === layer.id) this.light(layer, layer.shapes[this.hovered.index], px);
  }

  light(layer, shape, px) {
    if (!shape) return;
    const { context } = this;
    const path = pathOf(shape.parts, layer.kind === "Polygon");
    context.fillStyle = context.strokeStyle = ink(layer.highlightColor);
    context.lineWidth = shape.width * (layer.isInPx ? px : 1);
    if (layer.kind === "Polygon") context.fill(path);
    else context.stroke(path);
  }

  marks(layer, scale, left, top) {
    const { context, density } = this;
    for (const shape of layer.shapes) {
      const [x, y] = [left + shape.at[0] * scale, top + shape.at[1] * scale];
      context.setTransform(density, 0, 0, density, x, y);
      if (layer.kind === "Text") {
        context.rotate((-shape.angle * Math.PI) / 180);
        context.font = `${layer.fontWeight} ${layer.getSize}px ${layer.fontFamily}`;
        context.textAlign = "center";
        context.textBaseline = "middle";
        context.fillStyle = context.strokeStyle = shape.fill;
        context.lineJoin = "round";
        context.lineWidth = 2 * (layer.outlineWidth ?? 0);
        if (layer.outlineWidth) context.strokeText(shape.text, 0, 0);
        else context.fillText(shape.text, 0, 0);
        continue;
      }
      context.beginPath();
      context.arc(0, 0, shape.half, 0, 2 * Math.PI);
      context.fillStyle = shape.fill;
      context.fill();
      if (!shape.line) continue;
      context.lineWidth = layer.getLineWidth;
      context.strokeStyle = shape.line;
      context.stroke();
    }
  }

  set(view) {
    this.view = { ...this.view, ...view, pitch: 0, bearing: 0 };
    this.view.zoom = Math.min(this.view.maxZoom, Math.max(this.view.minZoom, this.view.zoom));
    this.centre = worldOf([this.view.longitude, this.view.latitude]);
  }

  /** Go to a view, in so many milliseconds. */
  go({ transitionDuration = 0, ...view }) {
    const [from, since] = [this.view, performance.now()];
    cancelAnimationFrame(this.going);
    const step = () => {
      const part = transitionDuration ? Math.min(1, (performance.now() - since) / transitionDuration) : 1;
      const eased = part * (2 - part);
      const between = (name) => from[name] + (view[name] - from[name]) * eased;
      this.set({ ...view, longitude: between("longitude"), latitude: between("latitude"), zoom: between("zoom") });
      this.draw();
      if (part < 1) this.going = requestAnimationFrame(step);
    };
    step();
  }

  /** Move by so many pixels and zoom about a point; tell who listens. */
  shift(dx, dy, zoom = 0, about = [this.width / 2, this.height / 2]) {
    cancelAnimationFrame(this.going);
    const held = worldOf(this.unproject(about));
    this.set({ zoom: this.view.zoom + zoom });
    const scale = 2 ** this.view.zoom;
    const [longitude, latitude] = placeOf([
      held[0] - (about[0] + dx - this.width / 2) / scale, held[1] - (about[1] + dy - this.height / 2) / scale,
    ]);
    this.set({ longitude, latitude });
    this.told("deck-view-state-change-event", this.view);
    this.ask();
  }

  /** Hear fingers, mouse and wheel. */
  moves() {
    const fingers = new Map();
    const here = (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const on = (name, action, options) => this.canvas.addEventListener(name, action, { signal: this.fields.signal, ...options });
    on("pointerdown", (event) => {
      fingers.set(event.pointerId, here(event));
      this.canvas.setPointerCapture(event.pointerId);
    });
    on("pointermove", (event) => {
      const at = here(event);
      const from = fingers.get(event.pointerId);
      if (!from) return this.hover(at);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      if (!other) this.shift(at[0] - from[0], at[1] - from[1]);
      else if (apart(from) > 0 && apart(at) > 0) {
        const middle = [(from[0] + other[0]) / 2, (from[1] + other[1]) / 2];
        this.shift((at[0] - from[0]) / 2, (at[1] - from[1]) / 2, Math.log2(apart(at) / apart(from)), middle);
      }
      fingers.set(event.pointerId, at);
    });
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => fingers.delete(event.pointerId));
    on("pointerleave", () => this.hover(null));
    on("wheel", (event) => {
      event.preventDefault();
      const turned = -event.deltaY * (event.deltaMode ? LINE_PX : 1) * WHEEL;
      this.shift(0, 0, Math.max(-WHEEL_MOST, Math.min(WHEEL_MOST, turned)), here(event));
    }, { passive: false });
    on("dblclick", (event) => this.shift(0, 0, event.shiftKey ? -1 : 1, here(event)));
  }

  hover(at) {
    const found = at && this.pickObject({ x: at[0], y: at[1] });
    const isSame = found?.layer.id === this.hovered?.layer.id && found?.index === this.hovered?.index;
    this.hovered = found;
    if (!isSame) this.ask();
    this.told("deck-hover-event", found ?? { index: -1, x: at?.[0], y: at?.[1] });
  }
}
