// Smart shopping: somebody chooses shops, and this page advises. Nothing is asked, sent or kept.
import { suggest } from "./search.js";
import { advise } from "./shop-advice.js";
import { about, fill, finder, follow, Place } from "./spots.js";
import { json } from "./webgl.js";

const MOST_CHOSEN = 4;
const AROUND = 900;

const root = document.getElementById("shops");
const texts = JSON.parse(document.getElementById("texts").textContent);
const kinds = JSON.parse(document.getElementById("kinds").textContent);
const byId = (id) => document.getElementById(id);
const hours = texts.hours.split("|");
const hasPlan = "hasPlan" in root.dataset;

let place = null;
let shops = null;
let weeks = null;
let chosen = [];

begin().catch((error) => {
  console.warn(error);
  byId("shop-said").textContent = texts.failed;
});

async function begin() {
  const [spots, segments, known, typical] = await Promise.all([
    json(root.dataset.spots), json(root.dataset.segments), json(root.dataset.shops), json("/api/v1/typical"),
  ]);
  place = new Place(spots, segments);
  shops = known;
  weeks = typical;
  await new Promise((resolve, reject) => {
    follow(root.dataset.plan, {
      taken: (effects) => {
        place.take(effects);
        resolve();
        if (chosen.length) tell();
      },
      said: ({ state, done, of }) => {
        byId("shop-days").textContent = state === "waiting" ? (done ? fill(texts.estimate, { done, of }) : texts.first) : "";
      },
      failed: () => reject(new Error("failed")),
    });
  });
  open();
}

function open() {
  const form = byId("shop-form");
  const find = finder(entries());
  byId("shop").disabled = false;
  byId("shop-said").textContent = texts.ready;
  suggest(form, ({ hit }) => add(hit), async (text) => find(text));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = byId("shop").value.trim();
    const [hit] = text ? find(text) : [];
    if (hit) add(hit);
    else if (text) byId("shop-said").textContent = fill(texts.none_found, { q: text });
  });
  for (const id of ["day", "from", "until"]) byId(id).addEventListener("change", () => chosen.length && tell());
}

function entries() {
  const rows = shops.shops.map(([kind, name, lon, lat, segment, along]) => ({
    kind: shops.kinds[kind], label: name, at: [lon, lat], segment, along,
  })).filter((one) => one.kind in kinds);
  const any = [...new Set(rows.map((one) => one.kind))].map((kind) => ({
    label: fill(texts.any, { kind: kinds[kind] }), kind_title: texts.any_kind, any: rows.filter((one) => one.kind === kind), kind,
  }));
  return [...any, ...rows.filter((one) => one.label).map((one) => ({ ...one, kind_title: kinds[one.kind] }))];
}

function add(one) {
  byId("shop").value = "";
  if (chosen.length >= MOST_CHOSEN) {
    byId("shop-said").textContent = texts.enough;
    return;
  }
  if (!chosen.some((other) => other.label === one.label)) chosen.push(one);
  byId("shop-said").textContent = "";
  draw();
}

function draw() {
  byId("chips").replaceChildren(...chosen.map((one) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: `${one.label} ×` });
    button.setAttribute("aria-label", fill(texts.remove, { what: one.label }));
    button.addEventListener("click", () => {
      chosen = chosen.filter((other) => other !== one);
      draw();
      byId("shop").focus();
    });
    item.append(button);
    return item;
  }));
  byId("shop-result").hidden = !chosen.length;
  if (chosen.length) tell();
}

/** The shops that are meant: of a kind, the one nearest to the others. */
function meant() {
  const named = chosen.filter((one) => !one.any);
  const first = named[0] ?? chosen[0].any[Math.floor(chosen[0].any.length / 2)];
  return chosen.map((one) => {
    if (!one.any) return one;
    if (!named.length && one === chosen[0]) return { ...first, label: first.label || one.label };
    const near = one.any.reduce((best, each) => (far(each, first) < far(best, first) ? each : best));
    return { ...near, label: near.label || one.label };
  });
}

function far(one, other) {
  return place.network.metres(one.at, other.at);
}

function tell() {
  const day = Number(byId("day").value);
  const from = Number(byId("from").value);
  const until = Math.max(from + 1, Number(byId("until").value));
  const goals = meant();
  const advice = advise({ place, shops, weeks, goals, day, from, until, hasPlan, texts, hours, dayName: byId("day").selectedOptions[0].textContent });
  byId("advice").replaceChildren(...advice.said.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  byId("table-day").textContent = byId("day").selectedOptions[0].textContent;
  byId("by-hour").replaceChildren(...advice.rows.map(([hour, people, parking]) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: `${hours[hour]}–${hours[hour + 1]}` });
    row.append(head, ...[said(people, texts.about), said(parking, texts.about_share)]);
    return row;
  }));
  map(goals, advice);
}

function said(range, text) {
  const cell = document.createElement("td");
  const [low, middle, high] = (range ?? []).map((value) => about(value));
  cell.textContent = range ? fill(text, { low, middle, high }) : texts.unknown;
  return cell;
}

function map(goals, { bay, rack, short, nice }) {
  const point = ([lon, lat]) => [
    (lon - Number(root.dataset.west)) * Number(root.dataset.unitsPerLon),
    (Number(root.dataset.north) - lat) * 111320 * 10,
  ].map(Math.round);
  const shape = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const way = (segments, style) => segments.map((one) => shape("path", {
    class: style, d: `M${place.segments[one].path.map((each) => point(each).join(" ")).join("L")}`,
  }));
  byId("little-ways").replaceChildren(...way(short, "way-short"), ...way(nice, "way-nice"));
  const spots = [...goals.map((one) => [one.at, "spot-shop"]), ...(bay ? [[bay.at, "spot-bay"]] : []), ...(rack ? [[rack.at, "spot-rack"]] : [])];
  byId("little-spots").replaceChildren(...spots.map(([at, style]) => {
    const [cx, cy] = point(at);
    return shape("circle", { class: style, cx, cy, r: 60 });
  }));
  const xy = spots.map(([at]) => point(at));
  const [left, right, top, bottom] = [
    Math.min(...xy.map(([x]) => x)), Math.max(...xy.map(([x]) => x)), Math.min(...xy.map(([, y]) => y)), Math.max(...xy.map(([, y]) => y)),
  ];
  const high = Math.max(bottom - top, (right - left) * 0.6) + AROUND;
  const wide = Math.max(right - left + AROUND, high / 0.6);
  byId("little").setAttribute("viewBox", [(left + right - wide) / 2, (top + bottom - high) / 2, wide, high].map(Math.round).join(" "));
}
