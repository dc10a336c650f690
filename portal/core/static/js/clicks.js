// Which result of a search was opened: told beside the click, never in its way. <ol data-click-url>, <li data-kind data-id data-position>
import { headers } from "./page.js";

document.addEventListener("click", (event) => {
  const item = event.target.closest("a")?.closest("[data-click-url] [data-kind]");
  if (!item) return;
  const { kind, id, position } = item.dataset;
  const body = new URLSearchParams({ kind, id, position });
  fetch(item.closest("[data-click-url]").dataset.clickUrl, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {});
});
