// For my home: somebody chooses a spot, and this page tells of it. Nothing is asked, sent or kept.
import { suggest } from "./search.js";
import { about, fill, finder, follow, metres, Place, spread } from "./spots.js";
import { json } from "./webgl.js";
import { posts, WindowView } from "./window-view.js";

const MOST_M = 500;
const NEAR_M = 60;
const ROAD_M = 30;
const AT_DOOR_M = 15;
const GREEN_HERE_M = 12;
const FEW = 20;
const TIMES = [["free_night", "night"], ["free_day", "day"], ["free_evening", "evening"]];

const root = document.getElementById("my-home");
const texts = JSON.parse(document.getElementById("texts").textContent);
const shapes = JSON.parse(document.getElementById("shapes").textContent);
const byId = (id) => document.getElementById(id);
const hasPlan = "hasPlan" in root.dataset;
const view = new WindowView(byId("window"));

let place = null;
let chosen = null;

begin().catch((error) => {
  console.warn(error);
  byId("spot-said").textContent = texts.failed;
});

async function begin() {
  const [spots, segments] = await Promise.all([json(root.dataset.spots), json(root.dataset.segments)]);
  place = new Place(spots, segments);
  await new Promise((resolve, reject) => {
    follow(root.dataset.plan, {
      taken: (effects) => {
        place.take(effects);
        resolve();
        if (chosen) tell();
      },
      said: ({ state, done, of }) => {
        byId("spot-days").textContent = state === "waiting" ? (done ? fill(texts.estimate, { done, of }) : texts.first) : "";
      },
      failed: () => reject(new Error("failed")),
    });
  });
  open();
  await draw();
}

/** Get the view ready once people can read and choose: what draws it is large, and starting it takes a while. */
async function draw() {
  try {
    await view.prepare();
  } catch (error) {
    console.warn(error);
    view.state = "failed";
  }
  byId("window").dataset.state = view.state;
  if (!chosen) return;
  fillFloors();
  look();
}

/** Let people choose: everything that is needed for it is here. */
function open() {
  const form = byId("spot-form");
  const find = finder(entries());
  byId("spot").disabled = false;
  byId("spot-said").textContent = texts.ready;
  suggest(form, ({ hit }) => choose(hit), async (text) => find(text));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("spot").value.trim();
    const [hit] = text ? find(text) : [];
    if (hit) choose(hit);
    else if (text) byId("spot-said").textContent = fill(texts.none_found, { q: text });
  });
  for (const one of newHomes()) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: one.label });
    button.addEventListener("click", () => choose(one));
    byId("new-homes").append(button);
    byId("new-homes").hidden = false;
  }
  for (const id of ["floor", "side", "with-plan"]) byId(id)?.addEventListener("change", look);
  for (const button of byId("turns").children) {
    button.addEventListener("click", () => view.turn(...button.dataset.turn.split(",").map(Number)));
  }
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    const picture = view.picture();
    byId("window-print").hidden = !picture;
    if (picture) byId("window-print").src = picture;
  });
}

function entries() {
  const { streets, addresses, buildings } = place.spots;
  return [
    ...addresses.map(([street, number, lon, lat, segment, along]) => (
      { label: `${streets[street]} ${number}`, kind_title: texts.address, at: [lon, lat], segment, along }
    )),
    ...buildings.map(([label, lon, lat, segment, along]) => ({ label, kind_title: texts.building, at: [lon, lat], segment, along })),
    ...newHomes(),
  ];
}

function newHomes() {
  return place.effects.buildings.map((one, n) => ({
    label: one.name || fill(texts.new_building, { n: n + 1 }),
    kind_title: texts.new,
    at: center(one.p[0]),
    outline: one.p,
    high: one.h,
    segment: one.segment,
    along: one.along_m,
    isNew: true,
  }));
}

function center(ring) {
  return [0, 1].map((axis) => ring.slice(1).reduce((sum, point) => sum + point[axis], 0) / (ring.length - 1));
}

function choose(spot) {
  chosen = spot;
  byId("spot").value = spot.label;
  byId("spot-said").textContent = "";
  byId("spot-name").textContent = spot.label;
  byId("spot-result").hidden = false;
  tell();
  fillFloors();
  byId("side").value = "0";
  look();
  byId("spot-name").focus({ preventScroll: true });
  byId("spot-name").scrollIntoView({ block: "start" });
}

function fillFloors() {
  const floors = Array.from({ length: view.state === "ready" ? view.floors(chosen) : 1 }, (_, floor) => {
    const said = floor ? fill(texts.floor, { n: floor }) : texts.door;
    return new Option(said, floor);
  });
  byId("floor").replaceChildren(...floors);
}

/** Tell of the spot that was chosen. */
function tell() {
  const walk = place.network.walk(chosen, MOST_M);
  const free = TIMES.map(([name]) => place.nearestFree(name, walk));
  rows(byId("free"), TIMES.map(([, time], n) => [texts[time], freeSaid(free[n])]));
  const loose = place.nearby("loose", walk, NEAR_M);
  paragraph("loose", bikes(loose, texts.loose, texts.no_loose));
  paragraph("dumped", bikes(place.nearby("dumped", walk, NEAR_M), texts.dumped, texts.no_dumped));
  const rack = rackSaid(place.nearestRack(walk));
  paragraph("rack", rack);
  const people = passing("walked", texts.walked, texts.walked_few);
  paragraph("walked", people);
  paragraph("driven", passing("driven", texts.driven, texts.driven_none, busiest(walk)));
  paragraph("green", green());
  rows(byId("hours"), [
    [texts.night, fill(texts.space, { said: freeSaid(free[0]) })],
    [texts.day, [fill(texts.space, { said: freeSaid(free[1]) }), bikes(loose, texts.loose, texts.no_loose), people].join(" ")],
    [texts.evening, fill(texts.space, { said: freeSaid(free[2]) })],
  ]);
  paragraph("minutes", minutes());
}

function paragraph(id, text) {
  byId(id).textContent = text;
  byId(id).hidden = !text;
}

function rows(list, told) {
  list.replaceChildren(...told.flatMap(([term, said]) => [
    Object.assign(document.createElement("dt"), { textContent: term }),
    Object.assign(document.createElement("dd"), { textContent: said }),
  ]));
}

function freeSaid({ now, then }) {
  const [low, middle, high] = spread(now);
  const most = MOST_M;
  const said = !Number.isFinite(middle) ? fill(texts.none_free, { most })
    : !Number.isFinite(high) ? fill(texts.sometimes_free, { middle: metres(middle), most })
      : high <= AT_DOOR_M ? fill(texts.at_door, { high: metres(high) })
        : fill(texts.free, { low: metres(low), middle: metres(middle), high: metres(high) });
  return hasPlan && !chosen.isNew ? `${said} ${freeChange(now, then)}` : said;
}

function freeChange(now, then) {
  const found = (list) => list.filter(Number.isFinite).length;
  const of = now.length;
  if (now.every((far, run) => far === then[run])) return texts.same;
  if (Math.abs(found(now) - found(then)) > of / 5) {
    const text = found(then) < found(now) ? texts.less_often : texts.more_often;
    return fill(text, { now: found(now), then: found(then), of });
  }
  const both = now.map((far, run) => then[run] - far).filter(Number.isFinite);
  const [low, , high] = spread(both.length ? both : [0]);
  if (low > 0) return fill(texts.further, { low: metres(low), high: metres(high) });
  if (high < 0) return fill(texts.nearer, { low: metres(-high), high: metres(-low) });
  return texts.no_difference;
}

function bikes({ now, then }, some, hardly) {
  const [low, middle, high] = spread(now);
  const values = { low: about(low), middle: about(middle), high: about(Math.max(1, high)), near: NEAR_M };
  const said = fill(middle < 1 ? hardly : some, values);
  return hasPlan ? `${said} ${changed(spread(now.map((count, run) => then[run] - count)), texts.more_bikes, texts.fewer_bikes)}` : said;
}

function changed([low, , high], more, fewer) {
  if (low === 0 && high === 0) return texts.same;
  // What would be said as "0 to 0" is no difference that anybody meets.
  if (about(Math.max(-low, high)) === about(0)) return texts.no_difference;
  if (low > 0) return fill(more, { low: about(low), high: about(high) });
  if (high < 0) return fill(fewer, { low: about(-high), high: about(-low) });
  return texts.no_difference;
}

function rackSaid({ now, then }) {
  const said = Number.isFinite(now) ? fill(texts.rack, { far: metres(now) }) : fill(texts.no_rack, { most: MOST_M });
  if (!hasPlan) return said;
  return `${said} ${now === then ? texts.same : Number.isFinite(then) ? fill(texts.rack_then, { far: metres(then) }) : ""}`;
}

/** The carriageway before the door is often another line on the map than the pavement. */
function busiest(walk) {
  const near = place.segments.map((_, segment) => segment).filter((segment) => walk.to(segment) <= ROAD_M);
  const cars = place.effects.passes.driven.now;
  return [chosen.segment, ...near].reduce((best, segment) => (cars[segment] > cars[best] ? segment : best));
}

function passing(name, some, few, segment = chosen.segment) {
  const { now: [low, middle, high], change } = place.passing(name, segment);
  const said = fill(high < FEW ? few : some, { low: about(low), middle: about(middle), high: about(high) });
  return hasPlan ? `${said} ${changed(change, texts.more, texts.fewer)}` : said;
}

function green() {
  const now = place.spots.green_m[chosen.segment];
  const then = place.green.get(chosen.segment) ?? now;
  const said = (far) => (far < 0 ? texts.green_none : far <= GREEN_HERE_M ? texts.green_here : fill(texts.green, { far: metres(far) }));
  const parts = [said(now)];
  if (then !== now) parts.push(fill(texts.green_then, { far: metres(then) }));
  if (place.felt.has(chosen.segment)) parts.push(texts.felt);
  return parts.join(" ");
}

function minutes() {
  const line = place.effects.lines.search_residents;
  if (!line || line.now[1] === null) return "";
  const [low, middle, high] = line.now.map((value) => about(value));
  const said = fill(texts.minutes, { low, middle, high });
  return hasPlan ? `${said} ${changed(line.change, texts.minutes_longer, texts.minutes_shorter)}` : said;
}

/** Show what is seen from the floor and the side that were chosen. */
function look() {
  const isReady = view.state === "ready";
  byId("window").hidden = !isReady && view.state !== "coming";
  for (const one of [byId("turns"), document.querySelector(".view-form")]) one.hidden = !isReady;
  if (!isReady) {
    byId("view-said").textContent = { coming: texts.view_coming, impossible: texts.no_webgl, failed: texts.view_failed }[view.state];
    return;
  }
  const isWith = byId("with-plan")?.checked ?? false;
  const path = place.segments[chosen.segment].path;
  const eye = view.stand(chosen, Number(byId("floor").value), Number(byId("side").value), alongPath(path, chosen.along));
  const racks = isWith && place.effects.racks ? added(place.spots.racks, place.effects.racks) : [];
  view.show(eye, {
    buildings: isWith ? place.effects.buildings.filter((one) => one.p !== chosen.outline) : [],
    paths: isWith ? shapes.filter((one) => one.path) : [],
    posts: [...racks.flatMap(posts), ...(isWith ? shapes.filter((one) => one.at).map(({ at }) => ({ at, h: 1 })) : [])],
  });
  const ways = texts.ways.split(",");
  byId("view-said").textContent = fill(texts.seen, {
    what: byId("floor").selectedOptions[0].textContent,
    high: about(eye.high),
    way: ways[Math.round(eye.bearing / 45) % 8],
  });
}

function added(before, after) {
  const known = new Set(before.map(String));
  return after.filter((one) => !known.has(String(one)));
}

function alongPath(path, along) {
  let left = along;
  for (let n = 1; n < path.length; n += 1) {
    const far = place.network.metres(path[n - 1], path[n]);
    if (left <= far && far > 0) {
      const part = left / far;
      return [0, 1].map((axis) => path[n - 1][axis] + (path[n][axis] - path[n - 1][axis]) * part);
    }
    left -= far;
  }
  return path.at(-1);
}
