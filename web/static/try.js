// Trying a plan out: every link and form works without this script; with it, the page changes in place.
import { fetchPage, isPlainClick, takeParts } from "./parts.js";
import { suggest } from "./search.js";
import { PlanMap } from "./try-map.js";

const PARTS = ["part-plan", "part-form", "part-effects", "part-tools", "legend", "flows"];
const KEPT_STEPS = 100;
const PATIENCE_MS = 5000;

const root = document.getElementById("try");
if (root) begin();
document.getElementById("file-faults")?.focus();

function begin() {
  root.classList.add("has-script");
  const map = new PlanMap(document.getElementById("map"), { spot: pickSpot, segment: pickSegment, corner: pickCorner, moved: move });
  const past = [];
  const future = [];
  let asked = null;
  let events = null;
  let stopped = null;
  let latest = null;
  let refreshing = false;
  let lost = 0;

  /** Show the page at an address in place. `remember` says what becomes of this one. */
  async function show(href, remember = "push") {
    asked?.abort();
    asked = new AbortController();
    document.body.classList.add("is-loading");
    try {
      const next = await fetchPage(href, asked.signal);
      const before = root.dataset.plan;
      const from = location.pathname + location.search;
      if (!next.isRefused && remember !== "none") {
        const address = new URL(next.href, location.href);
        history[remember === "push" ? "pushState" : "replaceState"](null, "", address.pathname + address.search);
      }
      take(next.page);
      if (remember === "push" && before !== root.dataset.plan) {
        past.push(from);
        if (past.length > KEPT_STEPS) past.shift();
        future.length = 0;
      }
      if (next.isRefused) document.getElementById("faults")?.focus();
      else if (remember === "push" && document.getElementById("tool")) focusTool();
      buttons();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(href);
    } finally {
      document.body.classList.remove("is-loading");
    }
  }

  function take(page) {
    const next = page.getElementById("try");
    if (!next) return location.reload();
    document.title = page.title;
    document.querySelector(".language").href = page.querySelector(".language").href;
    takeParts(page, PARTS);
    Object.assign(root.dataset, { plan: next.dataset.plan, figure: next.dataset.figure });
    document.getElementById("legend").className = page.getElementById("legend").className;
    document.getElementById("map").className = page.getElementById("map").className + (map.deck ? " is-ready" : "");
    for (const name of ["plan", "budget"]) {
      const field = document.querySelector(`#figure-form [name="${name}"]`);
      const other = page.querySelector(`#figure-form [name="${name}"]`);
      if (field && other) field.value = other.value;
    }
    document.getElementById("figure").value = next.dataset.figure;
    ready();
  }

  /** Make the parts that have just come in work. */
  function ready() {
    const tool = document.getElementById("tool");
    map.pick(tool?.dataset.picks ?? "");
    map.site(JSON.parse(document.getElementById("shapes").textContent));
    map.showChosen(tool?.elements.segment?.value, tool?.elements.spot?.value);
    map.corner(corners().length ? corners() : null);
    document.getElementById("draw")?.addEventListener("click", () => drawing(map.corners ? null : []));
    document.getElementById("corner-back")?.addEventListener("click", () => drawing(map.corners?.slice(0, -1) ?? []));
    showDrawing();
    if (tool?.elements.where) {
      suggest(tool, ({ title, spot }) => chosen(title, spot, ""));
      tool.elements.where.addEventListener("input", () => chosen(null, "", ""));
    }
    document.getElementById("share")?.removeAttribute("hidden");
    document.getElementById("share")?.addEventListener("click", share);
    document.getElementById("undo")?.addEventListener("click", () => step(past, future));
    document.getElementById("redo")?.addEventListener("click", () => step(future, past));
    document.getElementById("stop")?.addEventListener("click", stop);
    buttons();
    showLegend();
    follow();
    values();
  }

  function buttons() {
    for (const [id, steps] of [["undo", past], ["redo", future]]) {
      const button = document.getElementById(id);
      if (button) button.disabled = !steps.length;
    }
  }

  function step(from, to) {
    const href = from.pop();
    if (!href) return;
    to.push(location.pathname + location.search);
    history.pushState(null, "", href);
    show(href, "none");
  }

  function focusTool() {
    const first = document.querySelector("#tool input:not([type=hidden]), #tool select");
    document.getElementById("tool").scrollIntoView({ block: "nearest" });
    first?.focus({ preventScroll: true });
  }

  /** The corners in the form, each longitude and latitude. */
  function corners() {
    const text = document.getElementById("tool")?.elements.area?.value;
    return text ? text.split(";").map((corner) => corner.split(",").map(Number)) : [];
  }

  /** Draw with these corners; null: not at all. */
  function drawing(made) {
    const tool = document.getElementById("tool");
    tool.elements.area.value = made?.map((corner) => corner.join()).join(";") ?? "";
    map.corner(made);
    if (made) {
      tool.elements.where.value = tool.elements.spot.value = tool.elements.segment.value = "";
      map.showChosen("", "");
    }
    showDrawing();
  }

  function showDrawing() {
    const button = document.getElementById("draw");
    if (!button) return;
    button.setAttribute("aria-pressed", String(Boolean(map.corners)));
    document.getElementById("corner-back").hidden = !map.corners?.length;
    if (!map.corners) return;
    const said = document.getElementById("picked-where");
    said.textContent = `${map.corners.length < 3 ? said.dataset.corners : said.dataset.area} ${map.corners.length}`;
  }

  function pickCorner(corner) {
    drawing([...map.corners, corner]);
  }

  /** Move what a measure puts at a spot: open its form, and send it with the new spot. */
  async function move(measure, spot) {
    const link = document.querySelector(`[data-key="edit-${CSS.escape(measure)}"]`);
    if (!link) return show(location.pathname + location.search, "none");
    const url = new URL(link.href, location.href);
    await show(url.pathname + url.search, "none");
    const tool = document.getElementById("tool");
    if (!tool?.elements.spot) return;
    chosen("", spot, "");
    tool.requestSubmit();
  }

  /** What was picked: its name for people, and where it is for the plan. */
  function chosen(title, spot, segment) {
    const tool = document.getElementById("tool");
    if (!tool?.elements.where) return;
    if (title !== null) tool.elements.where.value = title;
    const isStreet = tool.dataset.picks === "street" && !segment;
    tool.elements.spot.value = isStreet ? "" : spot;
    tool.elements.segment.value = segment;
    if (tool.elements.area) drawing(null);
    const said = document.getElementById("picked-where");
    said.textContent = segment ? said.dataset.part : spot && !isStreet && title === "" ? said.dataset.spot : "";
    const line = document.getElementById("part-line");
    if (line) line.hidden = !segment;
    map.showChosen(segment, tool.elements.spot.value);
  }

  function pickSegment(segment, name) {
    chosen(name ?? "", "", segment);
    const part = document.querySelector('#part-line input[name="part"]');
    if (part && !name) part.checked = true;
  }

  function pickSpot(spot) {
    chosen("", spot, "");
  }

  async function share() {
    const button = document.getElementById("share");
    const link = new URL(location.href);
    link.searchParams.delete("tool");
    link.searchParams.delete("edit");
    const said = document.getElementById("shared");
    try {
      await navigator.clipboard.writeText(link.href);
      said.textContent = button.dataset.done;
    } catch {
      said.textContent = link.href;
    }
  }

  /** Explain the colours that the map has: those of a difference, or of how much there is. */
  function showLegend() {
    const isLevel = document.querySelector('[name="mode"]:checked').value !== "change";
    document.querySelector(".legend-change")?.toggleAttribute("hidden", isLevel);
    document.querySelector(".legend-level")?.toggleAttribute("hidden", !isLevel);
  }

  /** Follow the effects of the plan while they are worked out. */
  function follow() {
    const effects = document.getElementById("effects");
    const wanted = effects?.dataset.wanted;
    const part = document.getElementById("parts")?.dataset.wanted;
    if (part && events?.wanted !== part) return followPart(part);
    if (part) return;
    if (events && (events.wanted !== wanted || effects.dataset.state === "done")) close();
    if (!wanted || effects.dataset.state === "done" || events || stopped === wanted) return say();
    events = new EventSource(`/api/v1/effects/events?plan=${encodeURIComponent(wanted)}`);
    events.wanted = wanted;
    events.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
    events.addEventListener("error", () => {
      lost ||= setTimeout(() => say({ state: "lost" }), PATIENCE_MS);
      again(follow);
    });
    say();
  }

  /** A browser tries again by itself, but not after a refusal: too many people at once, say. */
  function again(action) {
    const refused = events;
    if (refused?.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      if (events !== refused) return;
      events = null;
      action();
    }, PATIENCE_MS);
  }

  /** Wait for the plan without one of its changes, and then for the next. */
  function followPart(part) {
    close();
    events = new EventSource(`/api/v1/effects/events?plan=${encodeURIComponent(part)}`);
    events.wanted = part;
    events.addEventListener("progress", async (event) => {
      const now = JSON.parse(event.data);
      if (now.state === "waiting") return;
      close();
      if (now.state === "done") show(location.pathname + location.search, "none");
    });
    events.addEventListener("error", () => again(() => followPart(part)));
  }

  function close() {
    clearTimeout(lost);
    lost = 0;
    events?.close();
    events = null;
  }

  function stop() {
    stopped = document.getElementById("effects").dataset.wanted;
    close();
    say({ state: "stopped" });
  }

  async function progress(now) {
    clearTimeout(lost);
    lost = 0;
    const wanted = events?.wanted;
    if (!wanted || wanted !== document.getElementById("effects")?.dataset.wanted) return;
    if (now.state !== "waiting") close();
    latest = { ...now, wanted };
    say(now);
    await refresh();
    say(now);
  }

  /** Show what is known of the effects by now; what comes meanwhile is shown after it. */
  async function refresh() {
    if (refreshing) return;
    refreshing = true;
    try {
      while (await isRefreshed());
    } finally {
      refreshing = false;
    }
  }

  async function isRefreshed() {
    const shown = document.getElementById("effects")?.dataset;
    if (!shown || shown.wanted !== latest.wanted || Number(shown.done) >= latest.done) return false;
    const { page } = await fetchPage(location.pathname + location.search);
    const next = page.getElementById("effects")?.dataset;
    const now = document.getElementById("effects")?.dataset;
    if (!next || next.wanted !== now?.wanted || Number(next.done) <= Number(now.done)) return false;
    const open = [...document.querySelectorAll("#effects details")].map((one) => one.open);
    takeParts(page, ["part-effects", "legend", "flows"]);
    document.querySelectorAll("#effects details").forEach((one, at) => { one.open = open[at] ?? false; });
    document.getElementById("stop")?.addEventListener("click", stop);
    showLegend();
    values();
    return true;
  }

  function say(now = { state: "waiting", done: 0, of: 20, ahead: 0 }) {
    const box = document.getElementById("working");
    if (!box) return;
    const said = document.getElementById("said");
    const bar = document.getElementById("progress");
    const { ahead, first, more, failed, lost, stopped: halted } = box.dataset;
    const done = Number(document.getElementById("effects").dataset.done);
    box.hidden = now.state === "done" || document.getElementById("effects").dataset.state === "done";
    bar.hidden = document.getElementById("stop").hidden = !["waiting", "lost"].includes(now.state);
    bar.max = now.of ?? bar.max;
    bar.value = done;
    said.textContent = {
      failed, lost, stopped: halted, done: "",
      waiting: done ? `${more} ${done} / ${bar.max}` : now.ahead ? `${ahead} ${now.ahead}` : first,
    }[now.state];
  }

  /** Fetch what the map shows of the plan. */
  async function values() {
    const effects = document.getElementById("effects");
    const done = Number(effects?.dataset.done ?? 0);
    const modes = document.getElementById("modes");
    modes.hidden = !done;
    if (!done) return map.show(null);
    const query = new URLSearchParams({ plan: effects.dataset.wanted, figure: root.dataset.figure, runs: done });
    const response = await fetch(`/api/v1/effects/streets?${query}`);
    if (response.ok) map.show(await response.json());
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!isPlainClick(event, link)) return;
    event.preventDefault();
    const url = new URL(link.href, location.href);
    show(url.pathname + url.search);
  });
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-swap]");
    if (!form) return;
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    show(`${new URL(form.action).pathname}?${query}`);
  });
  document.getElementById("figure").addEventListener("change", (event) => event.target.form.requestSubmit());
  document.getElementById("modes").addEventListener("change", (event) => {
    map.showAs(event.target.value);
    showLegend();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, select, textarea")) return;
    if (event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.shiftKey ? step(future, past) : step(past, future);
  });
  window.addEventListener("popstate", () => show(location.pathname + location.search, "none"));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  const above = document.getElementById("above");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--above", `${above.offsetHeight}px`);
  }).observe(above);
  ready();
  map.start();
}
