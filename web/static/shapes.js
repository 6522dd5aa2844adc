// Forms on a flat map: where places lie in the world, what joins into one path, and what a point touches.

const WORLD_PX = 512;
const EARTH_M = 40075016.686;

/** A metre at a latitude, in a world of 512 pixels. */
export function metreAt(latitude) {
  return WORLD_PX / (EARTH_M * Math.cos((latitude * Math.PI) / 180));
}

/** Where a place lies in a world of 512 pixels, from the upper left. */
export function worldOf([longitude, latitude]) {
  const y = Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  return [(WORLD_PX * (longitude + 180)) / 360, (WORLD_PX * (1 - y / Math.PI)) / 2];
}

export function placeOf([x, y]) {
  const latitude = (360 / Math.PI) * (Math.atan(Math.exp(Math.PI * (1 - (2 * y) / WORLD_PX))) - Math.PI / 4);
  return [(360 * x) / WORLD_PX - 180, latitude];
}

/** A value of a layer: its own, or that of a column of the row. */
export function told(value, row, otherwise) {
  if (value === undefined) return otherwise;
  return typeof value === "string" && value.startsWith("@@=") ? row[value.slice(3)] : value;
}

/** A colour as a canvas wants it; nothing for one that cannot be seen. */
export function ink([red, green, blue, alpha = 255]) {
  return alpha && `rgb(${red} ${green} ${blue} / ${alpha / 255})`;
}

/** Let outlines turn one way and holes the other: then polygons that overlap are filled as one. */
export function turned(ring, number) {
  let area = 0;
  for (let n = 0, before = ring.at(-1); n < ring.length; before = ring[n], n += 1) {
    area += before[0] * ring[n][1] - ring[n][0] * before[1];
  }
  return area > 0 === (number === 0) ? ring : ring.toReversed();
}

/** Join what looks the same into one path. */
export function grouped(layer) {
  const groups = new Map();
  for (const shape of layer.shapes) {
    const look = `${shape.fill}/${shape.line}/${shape.width}`;
    if (!groups.has(look)) groups.set(look, { ...shape, path: new Path2D() });
    trace(groups.get(look).path, shape.parts, Boolean(shape.fill));
  }
  return [...groups.values()];
}

export function pathOf(parts, isClosed) {
  const path = new Path2D();
  trace(path, parts, isClosed);
  return path;
}

function trace(path, parts, isClosed) {
  for (const part of parts) {
    part.forEach(([x, y], n) => (n ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (isClosed) path.closePath();
  }
}

export function touches(kind, shape, x, y, reach) {
  if (shape.at) return Math.hypot(shape.at[0] - x, shape.at[1] - y) <= reach;
  if (kind === "Path") return shape.parts.some((part) => isNear(part, x, y, reach));
  return shape.parts.filter((ring) => inside([x, y], ring)).length % 2 === 1;
}

/** Whether a point lies in a ring. */
export function inside([x, y], ring) {
  let inside = false;
  for (let n = 0, before = ring.at(-1); n < ring.length; before = ring[n], n += 1) {
    const [[x1, y1], [x2, y2]] = [before, ring[n]];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

function isNear(path, x, y, reach) {
  for (let n = 1; n < path.length; n += 1) {
    const [[x1, y1], [x2, y2]] = [path[n - 1], path[n]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const part = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
    if (Math.hypot(x - x1 - part * dx, y - y1 - part * dy) <= reach) return true;
  }
  return false;
}
