// Changing a page in place: another page of this site is fetched, and its parts taken over.

/** Fetch a page; what is answered with a fault is a page too. */
export async function fetchPage(href, signal) {
  const response = await fetch(href, { signal, headers: { Accept: "text/html" } });
  if (!response.ok && response.status !== 422) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, href: response.redirected ? response.url : href, isRefused: response.status === 422 };
}

/** Take over parts of another page by their id, and keep the focus where it was. */
export function takeParts(page, ids) {
  const focus = document.activeElement?.dataset?.key ?? document.activeElement?.id;
  for (const id of ids) {
    const part = page.getElementById(id);
    if (part) document.getElementById(id).replaceChildren(...part.childNodes);
  }
  if (focus && document.activeElement === document.body) {
    (document.querySelector(`[data-key="${CSS.escape(focus)}"]`) ?? document.getElementById(focus))?.focus();
  }
}

/** Whether a click on a link is meant for this page, and not for a new window. */
export function isPlainClick(event, link) {
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.hasAttribute("download")) return false;
  const url = new URL(link.href, location.href);
  return url.origin === location.origin && url.pathname === location.pathname && !url.hash;
}
