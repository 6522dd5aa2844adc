// The neighbourhood's page: every link works without this script; with it, the page changes in place.
import { FigureMap } from "./figures.js";
import { follow } from "./live.js";
import { suggest } from "./search.js";

const SWAPPED = ["tabs", "part-now", "part-place", "picked", "legend", "part-table", "found"];
const KEPT_PAGES = 80;
const DEBOUNCE_MS = 70;

const pages = new Map();
const plan = new FigureMap(document.getElementById("map"), (unit) => choose(unit));
const wide = window.matchMedia("(min-width: 1000px)");
let asked = null;
let timer = 0;

/** Fetch a page of this site, or take it from those fetched before. */
async function page(href, signal) {
  if (!pages.has(href)) {
    const response = await fetch(href, { signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(`${response.status}`);
    pages.set(href, await response.text());
    if (pages.size > KEPT_PAGES) pages.delete(pages.keys().next().value);
  }
  return new DOMParser().parseFromString(pages.get(href), "text/html");
}

/** Show the view at an address in place; if that fails, go there as a link would. */
async function show(href, { remember = "push", reveal = null } = {}) {
  asked?.abort();
  asked = new AbortController();
  document.body.classList.add("is-loading");
  try {
    const next = await page(href, asked.signal);
    if (remember === "push") history.pushState(null, "", href);
    if (remember === "replace") history.replaceState(null, "", href);
    swap(next);
    if (reveal) document.getElementById(reveal)?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (error.name === "AbortError") return;
    if (remember !== "none") location.assign(href);
  } finally {
    document.body.classList.remove("is-loading");
  }
}

/** Take over what changed from another page, and keep the focus where it was. */
function swap(next) {
  const focus = document.activeElement?.dataset?.key ?? document.activeElement?.id;
  document.title = next.title;
  document.getElementById("home").className = next.getElementById("home").className;
  document.querySelector(".language").href = next.querySelector(".language").href;
  document.querySelector('input[name="show"]').value = next.querySelector('input[name="show"]').value;
  for (const id of SWAPPED) {
    document.getElementById(id).replaceChildren(...next.getElementById(id).childNodes);
  }
  swapTime(next);
  plan.take(next.getElementById("map"));
  if (focus && document.activeElement === document.body) {
    (document.querySelector(`[data-key="${CSS.escape(focus)}"]`) ?? document.getElementById(focus))?.focus();
  }
}

/** Change the slider without replacing it, so that it can go on being moved. */
function swapTime(next) {
  const slider = document.getElementById("slider");
  const other = next.getElementById("slider");
  if (!slider || !other) {
    document.getElementById("time").replaceWith(next.getElementById("time"));
    startSlider();
    return;
  }
  for (const id of ["kind", "period", "before", "after", "stops"]) {
    document.getElementById(id).replaceWith(next.getElementById(id));
  }
  slider.max = other.max;
  slider.value = other.value;
  slider.setAttribute("aria-valuetext", other.getAttribute("aria-valuetext"));
}

function startSlider() {
  const slider = document.getElementById("slider");
  if (!slider) return;
  slider.disabled = false;
  slider.addEventListener("input", () => {
    const stops = JSON.parse(document.getElementById("stops").textContent);
    const stop = stops[Number(slider.value)];
    document.getElementById("period").textContent = stop[1];
    slider.setAttribute("aria-valuetext", stop[1]);
    clearTimeout(timer);
    timer = setTimeout(() => show(stop[2], { remember: "replace" }), DEBOUNCE_MS);
  });
}

function choose(unit) {
  const link = document.querySelector(`#part-table a[data-unit="${CSS.escape(unit)}"]`);
  if (link) show(link.getAttribute("href"), { reveal: wide.matches ? "place" : null });
}

document.getElementById("home").addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
  event.preventDefault();
  const inWords = link.closest("#part-now, #part-table");
  show(url.pathname + url.search, { reveal: inWords && link.dataset.unit ? "place" : null });
});
document.addEventListener("click", (event) => {
  const sort = event.target.closest("a[data-sort]");
  if (!sort) return;
  event.preventDefault();
  const url = new URL(sort.href, location.href);
  show(url.pathname + url.search, { remember: "replace" });
});
window.addEventListener("popstate", () => show(location.pathname + location.search, { remember: "none" }));

/** Tell the style sheet how high the top of the page is, for what sticks below it. */
const above = document.getElementById("above");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--above", `${above.offsetHeight}px`);
}).observe(above);

startSlider();
const search = document.getElementById("search");
suggest(search, ({ spot }) => {
  const query = new URLSearchParams({ show: search.elements.show.value, spot });
  show(`${new URL(search.action).pathname}?${query}`, { reveal: wide.matches ? "place" : null });
});
follow({
  trouble: document.getElementById("trouble"),
  changed(names) {
    pages.clear();
    if (names.includes("place")) location.reload();
    else show(location.pathname + location.search, { remember: "none" });
  },
});
plan.start();
