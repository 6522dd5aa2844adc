// Pointing on the map of a plan: what stands at a spot is dragged; the keys point as a finger does.

const GRAB_PX = 22;
const STEP_PX = 12;
const LEAP_PX = 60;
const MOVED_PX = 5;
const MARGIN_PX = 20;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Let people drag what stands at a spot: the spot of an open form, or what is in the plan. */
export function drags(map) {
  const canvas = document.getElementById("deck");
  let held = null;

  const place = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const spot = (event) => map.coordinate(...place(event)).map((value) => Number(value.toFixed(7)));

  canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = place(event);
    const near = (at) => {
      const [px, py] = map.deck.getViewports()[0].project(at);
      return Math.hypot(px - x, py - y) <= GRAB_PX;
    };
    const own = map.spot && map.spot.split(",").map(Number);
    if (own && near(own)) held = { shape: null, from: [x, y] };
    else if (!map.picks) {
      const shape = map.shapes.find((one) => one.at && near(one.at));
      if (shape) held = { shape, from: [x, y], at: shape.at };
    }
    if (!held) return;
    event.stopPropagation();
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
  }, true);
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    event.stopPropagation();
    if (held.shape) held.shape.at = spot(event);
    else map.spot = spot(event).join();
    map.draw();
  }, true);
  canvas.addEventListener("pointerup", (event) => {
    if (!held) return;
    event.stopPropagation();
    const { shape, from, at } = held;
    held = null;
    const [x, y] = place(event);
    const isMoved = Math.hypot(x - from[0], y - from[1]) > MOVED_PX;
    if (!shape) return isMoved && map.tapped.spot(spot(event).join());
    if (isMoved) return map.tapped.moved(shape.measure, spot(event).join());
    shape.at = at;
  }, true);
  canvas.addEventListener("pointercancel", () => { held = null; }, true);
}

/** Let people point with the keys: a cross that arrows move and Enter chooses with. */
export function points(map) {
  const cross = document.getElementById("cross");
  let [x, y] = [map.element.clientWidth / 2, map.element.clientHeight / 2];
  const put = () => {
    x = Math.min(Math.max(MARGIN_PX, x), map.element.clientWidth - MARGIN_PX);
    y = Math.min(Math.max(MARGIN_PX, y), map.element.clientHeight - MARGIN_PX);
    cross.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  };
  put();
  cross.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const far = event.shiftKey ? LEAP_PX : STEP_PX;
    x += way[0] * far;
    y += way[1] * far;
    put();
  });
  cross.addEventListener("click", () => map.tap(x, y));
}
