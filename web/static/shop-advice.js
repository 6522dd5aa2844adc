// What we would do: from what is usual at each hour, and from what the model says of a plan.
import { about, fill, metres } from "./spots.js";

const MOST_M = 400;
const LIKELY = 0.8;
const POSSIBLE = 0.5;
const ENOUGH_SHARE = 1.1;
const GREEN_M = 20;
const GREEN_FEELS = 0.8;
const MANY_CARS = 1500;
const CARS_FEEL = 1.3;
const LONGER_M = 10;

/** Advise on a trip to some shops: sentences, a table by hour, and what the map shows of it. */
export function advise(asked) {
  const { place, goals, from, until, texts, hasPlan } = asked;
  const rows = Array.from({ length: until - from }, (_, n) => [
    from + n, people(asked, from + n), usual(asked, "parking", "parking_occupied", goals[0].segment, from + n),
  ]);
  const said = [];
  const best = quietest(asked, rows, said);
  const start = asked.hours[best];
  const walk = place.network.walk(goals[0], 2 * MOST_M);
  const bay = freeBay(asked, walk, best);
  const shop = goals[0].label;
  said.push(bay === null ? fill(texts.bay_unknown, { shop })
    : bay.chance < POSSIBLE ? fill(texts.bay_unlikely, { start, shop, most: MOST_M })
      : fill(bay.chance >= LIKELY ? texts.bay_likely : texts.bay_possible, {
        start, shop, street: place.segments[bay.segment].name ?? texts.street, far: metres(bay.far),
      }));
  const isBay = bay !== null && bay.chance >= POSSIBLE;
  const garage = isBay ? null : fullness(asked, best);
  if (garage) said.push(garage);
  const rack = nearestRack(asked, walk, best, said);
  const begin = isBay ? bay : rack;
  const ways = begin ? routes(asked, begin) : { short: [], nice: [], far: 0, more: 0 };
  if (begin) {
    const names = goals.map((one) => one.label).join(` ${texts.and} `);
    said.push(`${fill(isBay ? texts.way : texts.way_rack, { shops: names, far: metres(ways.far) })} ${
      ways.more > LONGER_M ? fill(texts.pleasant, { more: metres(ways.more) }) : texts.pleasant_same}`);
  }
  if (hasPlan) said.push(`${planSaid(asked)} ${texts.plan_spaces}`);
  return { said, rows, bay: isBay ? bay : null, rack, short: ways.short, nice: ways.more > LONGER_M ? ways.nice : [] };
}

/** What is usual in the unit around a segment at an hour of the chosen day: [low, mean, high], or null. */
function usual({ shops, weeks, day }, domain, quantity, segment, hour) {
  const week = weeks[quantity];
  const known = shops.units[domain];
  const unit = known?.units[known.of_segment[segment]];
  const row = week && unit ? week.units.indexOf(unit) : -1;
  if (row < 0) return null;
  return at(week, row, day * 24 + hour);
}

/** The figure of a unit at a slot, or of the last slot of that day before it. */
function at(week, row, slot) {
  const slots = week.slots.map((one, n) => [one, n]).filter(([one, n]) => (
    Math.floor(one / 24) === Math.floor(slot / 24) && week.mean[row][n] !== null
  ));
  if (!slots.length) return null;
  const [, n] = slots.reduce((best, one) => (Math.abs(one[0] - slot) < Math.abs(best[0] - slot) ? one : best));
  return [week.low[row][n], week.mean[row][n], week.high[row][n]];
}

/** How many pass the chosen shops in an hour: each area counted once. */
function people(asked, hour) {
  const { goals, shops } = asked;
  const known = shops.units.footfall;
  const seen = new Set();
  const found = goals.filter(({ segment }) => {
    const unit = known?.of_segment[segment];
    return unit >= 0 && !seen.has(unit) && seen.add(unit);
  }).map(({ segment }) => usual(asked, "footfall", "footfall_passages", segment, hour)).filter(Boolean);
  return found.length ? [0, 1, 2].map((end) => found.reduce((sum, one) => sum + one[end], 0)) : null;
}

function quietest({ texts, hours, dayName, from }, rows, said) {
  const counted = rows.filter(([, people]) => people);
  if (!counted.length) {
    said.push(texts.uncounted);
    return from;
  }
  const [quiet, busy] = [(a, b) => a[1][1] <= b[1][1], (a, b) => a[1][1] >= b[1][1]]
    .map((better) => counted.reduce((best, one) => (better(best, one) ? best : one)));
  if (busy[1][1] < quiet[1][1] * ENOUGH_SHARE) {
    said.push(fill(texts.alike, { day: dayName }));
    return quiet[0];
  }
  const ends = (hour) => ({ start: hours[hour], end: hours[hour + 1] });
  const [low, middle, high] = quiet[1].map((value) => about(value));
  said.push(`${fill(texts.quiet, { day: dayName, ...ends(quiet[0]), low, middle, high })} ${fill(texts.busy, { ...ends(busy[0]), middle: about(busy[1][1]) })}`);
  return quiet[0];
}

/** Where a free space is likely: the nearest street where it is, else the best there is; null if not known. */
function freeBay(asked, walk, hour) {
  const { place } = asked;
  const spaces = place.effects.spaces ?? place.spots.spaces;
  const before = new Map(place.spots.spaces);
  const free = place.stands("free_shopping");
  const found = spaces.map(([segment, room]) => {
    const taken = usual(asked, "parking", "parking_occupied", segment, hour);
    const far = walk.to(segment);
    if (!taken || far > MOST_M) return null;
    const [now, then] = free.get(segment) ?? [[0], [0]];
    const moved = room - mean(then) - ((before.get(segment) ?? 0) - mean(now));
    const share = Math.max(0, Math.min(1, ((taken[1] / 100) * (before.get(segment) ?? room) + moved) / room));
    return { segment, far, chance: 1 - share ** room, at: middle(place.segments[segment].path), along: place.network.length[segment] / 2 };
  }).filter(Boolean).sort((a, b) => a.far - b.far);
  if (!found.length) return null;
  return found.find((one) => one.chance >= LIKELY) ?? found.reduce((best, one) => (one.chance > best.chance ? one : best));
}

function mean(counts) {
  return counts.reduce((sum, one) => sum + one, 0) / counts.length;
}

function middle(path) {
  return path[Math.floor(path.length / 2)];
}

function fullness({ place, shops, weeks, goals, day, texts }, hour) {
  const week = weeks.parking_garage;
  const near = shops.garages.map(([unit, name, lon, lat]) => ({ unit, name, far: place.network.metres([lon, lat], goals[0].at) }))
    .filter(({ unit }) => week?.units.includes(unit)).sort((a, b) => a.far - b.far)[0];
  const found = near && at(week, week.units.indexOf(near.unit), day * 24 + hour);
  if (!found) return null;
  return fill(texts.garage, { name: near.name, low: found[0], share: found[1], high: found[2] });
}

function nearestRack(asked, walk, hour, said) {
  const { place, texts, goals } = asked;
  const shop = goals[0].label;
  const racks = (place.effects.racks ?? place.spots.racks)
    .map(([, lon, lat, segment, along]) => ({ at: [lon, lat], segment, along, far: walk.to(segment, along) }))
    .filter(({ far }) => far <= MOST_M).sort((a, b) => a.far - b.far);
  if (!racks.length) {
    said.push(fill(texts.no_rack, { shop, most: MOST_M }));
    return null;
  }
  const full = usual(asked, "bikes", "bikes_racked", racks[0].segment, hour);
  said.push(full ? fill(texts.rack, { shop, far: metres(racks[0].far), low: full[0], share: full[1], high: full[2] })
    : fill(texts.rack_unmeasured, { shop, far: metres(racks[0].far) }));
  return racks[0];
}

/** The shortest way past all shops, nearest first, and the one that feels best. */
function routes({ place, goals }, begin) {
  const cars = place.effects.passes.driven;
  const feels = (segment) => {
    const green = place.green.get(segment) ?? place.spots.green_m[segment];
    const beside = green >= 0 && green <= GREEN_M ? GREEN_FEELS : 1;
    const busy = cars.now[segment] > MANY_CARS ? CARS_FEEL : 1;
    return beside * busy * (place.felt.get(segment) ?? 1);
  };
  const go = (felt) => {
    const left = [...goals];
    let from = begin;
    let far = 0;
    const segments = [];
    while (left.length) {
      const walk = place.network.walk(from, 4 * MOST_M, felt);
      const next = left.reduce((best, one) => (walk.to(one.segment, one.along) < walk.to(best.segment, best.along) ? one : best));
      const metres = walk.to(next.segment, next.along);
      if (Number.isFinite(metres)) {
        far += metres;
        segments.push(...walk.segments(next.segment, next.along));
      }
      left.splice(left.indexOf(next), 1);
      from = next;
    }
    return { far, segments };
  };
  const short = go(() => 1);
  const nice = go(feels);
  return { short: short.segments, nice: nice.segments, far: short.far, more: nice.far - short.far };
}

function planSaid({ place, goals, texts }) {
  const found = goals.map((one) => ({ one, change: place.passing("walked", one.segment).change }))
    .sort((a, b) => Math.abs(b.change[1]) - Math.abs(a.change[1]))[0];
  const [low, , high] = found.change;
  const shop = found.one.label;
  if (low > 0) return fill(texts.plan_more, { low: about(low), high: about(high), shop });
  if (high < 0) return fill(texts.plan_fewer, { low: about(-high), high: about(-low), shop });
  return texts.plan_same;
}
