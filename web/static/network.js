// Walking along the streets of the map: all of it here, so that where somebody walks is asked of nobody.

const METRES_PER_DEGREE = 111320;

/** Streets that meet where they have a point in common; `noWalk` are those that nobody walks along. */
export class Network {
  constructor(segments, noWalk) {
    this.turn = Math.cos((segments[0].path[0][1] * Math.PI) / 180);
    this.paths = segments.map((one) => one.path);
    this.length = this.paths.map((path) => this.measure(path));
    this.noWalk = new Set(noWalk);
    this.nodes = new Map();
    this.ends = this.paths.map((path) => [this.node(path[0]), this.node(path.at(-1))]);
    this.ways = Array.from({ length: this.nodes.size }, () => []);
    this.ends.forEach(([from, to], segment) => {
      if (this.noWalk.has(segment)) return;
      this.ways[from].push([to, segment]);
      this.ways[to].push([from, segment]);
    });
  }

  node(point) {
    const name = point.join();
    if (!this.nodes.has(name)) this.nodes.set(name, this.nodes.size);
    return this.nodes.get(name);
  }

  metres([lon, lat], [otherLon, otherLat]) {
    return Math.hypot((otherLon - lon) * this.turn, otherLat - lat) * METRES_PER_DEGREE;
  }

  measure(path) {
    return path.slice(1).reduce((sum, point, n) => sum + this.metres(path[n], point), 0);
  }

  /**
   * Everything within a walk of a spot. `felt` makes a metre of some segments feel longer or shorter:
   * the way is then the most pleasant one, and `far` still says how long it is.
   */
  walk({ segment, along }, most, felt = () => 1) {
    const far = new Map();
    const cost = new Map();
    const came = new Map();
    const open = new Map();
    const [start, end] = this.ends[segment];
    const own = felt(segment);
    const reach = (node, metres, price, from) => {
      if (metres > most || (cost.get(node) ?? Infinity) <= price) return;
      cost.set(node, price);
      far.set(node, metres);
      came.set(node, from);
      open.set(node, price);
    };
    const rest = Math.max(this.length[segment] - along, 0);
    reach(start, along, along * own, null);
    reach(end, rest, rest * own, null);
    while (open.size) {
      let next = null;
      for (const [node, price] of open) if (next === null || price < open.get(next)) next = node;
      open.delete(next);
      for (const [node, way] of this.ways[next]) {
        reach(node, far.get(next) + this.length[way], cost.get(next) + this.length[way] * felt(way), [next, way]);
      }
    }
    return new Walk(this, { segment, along }, far, cost, came, felt);
  }
}

class Walk {
  constructor(network, from, far, cost, came, felt) {
    Object.assign(this, { network, from, far, cost, came, felt });
  }

  /** The metres to a spot on a segment; infinite beyond the walk. */
  to(segment, along = this.network.length[segment] / 2) {
    return this.last(segment, along).metres;
  }

  last(segment, along) {
    const { ends, length } = this.network;
    const felt = this.felt(segment);
    const choices = [[ends[segment][0], along], [ends[segment][1], Math.max(length[segment] - along, 0)]]
      .filter(([node]) => this.far.has(node))
      .map(([node, more]) => ({ node, metres: this.far.get(node) + more, price: this.cost.get(node) + more * felt }));
    if (segment === this.from.segment) {
      const metres = Math.abs(along - this.from.along);
      choices.push({ node: null, metres, price: metres * felt });
    }
    return choices.reduce((best, one) => (one.price < best.price ? one : best), { node: null, metres: Infinity, price: Infinity });
  }

  /** The segments of the way to a spot, from there to here. */
  segments(segment, along) {
    const found = [segment];
    let node = this.last(segment, along).node;
    while (node !== null && this.came.get(node)) {
      const [before, way] = this.came.get(node);
      found.push(way);
      node = before;
    }
    if (found.at(-1) !== this.from.segment) found.push(this.from.segment);
    return found;
  }
}
