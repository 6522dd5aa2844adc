// Suggestions under the search box: a combobox as the ARIA Authoring Practices describe it.

const WAIT_MS = 120;

/** Find by name on the server: streets, addresses and names. */
async function findHere(text, signal) {
  const query = new URLSearchParams({ q: text, language: document.documentElement.lang });
  const response = await fetch(`/api/v1/search?${query}`, { signal });
  return (await response.json()).found;
}

/**
 * Suggest while somebody types; `chosen` is called with the title and spot of what was chosen, and what
 * `find` had found. A page that knows the whole place finds by itself, and asks nobody.
 */
export function suggest(form, chosen, find = findHere) {
  const box = form.querySelector('input[type="search"]');
  const list = form.querySelector("ul");
  let timer = 0;
  let asked = null;
  let at = -1;
  let hits = [];

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  function close() {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = [...list.children];
    if (!options.length) return;
    at = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    box.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    box.value = option.dataset.title;
    close();
    chosen({ ...option.dataset, hit: hits[[...list.children].indexOf(option)] });
  }

  async function ask() {
    const text = box.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    asked = new AbortController();
    try {
      fill(await find(text, asked.signal));
    } catch {
      close();
    }
  }

  function fill(found) {
    hits = found;
    list.replaceChildren(
      ...found.map((hit, index) => {
        const option = document.createElement("li");
        const title = document.createElement("span");
        const kind = document.createElement("span");
        title.textContent = hit.label;
        kind.textContent = hit.kind_title;
        kind.className = "kind";
        option.append(title, kind);
        option.id = `suggestion-${index}`;
        option.setAttribute("role", "option");
        option.dataset.title = hit.label;
        option.dataset.spot = `${hit.lon},${hit.lat}`;
        return option;
      }),
    );
    at = -1;
    const isOpen = found.length > 0 && document.activeElement === box;
    list.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(at < 0 && event.key === "ArrowUp" ? -1 : at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(list.children[at]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) take(option);
  });
  box.addEventListener("blur", close);
}
