// A plan that residents are asked about: its effects come in by themselves, and one browser answers once.
import { fetchPage, takeParts } from "./parts.js";

const root = document.getElementById("proposal");
const KEY = `wijktwin-answer-${root?.dataset.id}`;

/** What this browser keeps of its answer; nothing before it has answered. */
const kept = {
  get: () => { try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; } },
  set: (value) => { try { localStorage.setItem(KEY, JSON.stringify(value)); } catch { /* it may be off */ } },
};

function answering() {
  const form = document.getElementById("answer-form");
  const thanks = document.getElementById("thanks");
  const answer = kept.get();
  if (answer && !thanks.hidden) kept.set({ ...answer, done: true });
  if (answer?.done && form) {
    form.hidden = true;
    thanks.hidden = false;
  }
  form?.addEventListener("submit", () => {
    const token = kept.get()?.token ?? form.elements.token.value;
    form.elements.token.value = token;
    kept.set({ token });
  });
}

function follow() {
  root.classList.add("has-script");
  const effects = document.getElementById("effects");
  if (!effects || effects.dataset.state === "done") return;
  const events = new EventSource(`/api/v1/effects/events?plan=${encodeURIComponent(effects.dataset.wanted)}`);
  let busy = false;
  let latest = null;
  const stop = () => document.getElementById("stop")?.addEventListener("click", () => {
    events.close();
    say({ state: "stopped" });
  });
  events.addEventListener("progress", async (event) => {
    latest = JSON.parse(event.data);
    if (latest.state !== "waiting") events.close();
    say(latest);
    if (busy) return;
    busy = true;
    while (Number(document.getElementById("effects").dataset.done) < latest.done) {
      const { page } = await fetchPage(location.pathname);
      takeParts(page, ["part-effects", "part-measured"]);
      stop();
      say(latest);
    }
    busy = false;
  });
  window.addEventListener("pagehide", () => events.close());
  stop();
  say({ state: "waiting", done: 0, ahead: 0 });
}

function say(now) {
  const box = document.getElementById("working");
  if (!box) return;
  const { ahead, first, more, failed, stopped } = box.dataset;
  const { done, state } = document.getElementById("effects").dataset;
  const bar = document.getElementById("progress");
  box.hidden = state === "done";
  bar.hidden = document.getElementById("stop").hidden = now.state !== "waiting";
  bar.max = now.of ?? bar.max;
  bar.value = Number(done);
  document.getElementById("said").textContent = {
    failed, stopped, done: "",
    waiting: Number(done) ? `${more} ${done} / ${bar.max}` : now.ahead ? `${ahead} ${now.ahead}` : first,
  }[now.state] ?? "";
}

if (root) {
  answering();
  follow();
}
