// Keeps the page up to date: server-sent events, and a word when the connection is lost.

const PATIENCE_MS = 6000;

/** Listen for new figures; `changed` is called with the names of what changed. */
export function follow({ trouble, changed }) {
  const events = new EventSource("/api/v1/events");
  let lost = 0;
  let missed = false;

  function say(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  events.addEventListener("open", () => {
    clearTimeout(lost);
    lost = 0;
    if (missed) changed([]);
    missed = false;
  });
  events.addEventListener("status", (event) => {
    say(JSON.parse(event.data).is_running ? "" : trouble.dataset.stopped);
  });
  events.addEventListener("changed", (event) => changed(JSON.parse(event.data).names));
  events.addEventListener("error", () => {
    missed = true;
    lost ||= setTimeout(() => say(trouble.dataset.lost), PATIENCE_MS);
  });
  window.addEventListener("pagehide", () => events.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
