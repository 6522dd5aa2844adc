// A study that is being worked out: says how far it is, and shows what came of it. Without script one looks again.
const queue = document.getElementById("queue");
if (queue) follow();

function follow() {
  const progress = document.getElementById("progress");
  const said = document.getElementById("said");
  const words = said.textContent;
  const events = new EventSource(queue.dataset.events);
  document.getElementById("again").hidden = true;

  events.addEventListener("progress", (event) => {
    const { state, done, of, ahead } = JSON.parse(event.data);
    if (state !== "waiting" && state !== "running") {
      events.close();
      return location.reload();
    }
    progress.max = of;
    progress.value = done;
    let at = 0;
    const counted = words.split(queue.dataset.ahead)[0].replace(/\d+/g, (old) => [done, of][at++] ?? old);
    said.textContent = ahead ? `${counted} ${queue.dataset.ahead} ${ahead}.` : counted;
  });
  events.addEventListener("error", () => (said.textContent = queue.dataset.lost));
  window.addEventListener("pagehide", () => events.close());
}
