// The results of the search page follow what is typed. <form data-search-live="id of what is renewed">
import { isEnough, WAIT } from "./lookup.js";
import { debounce, each, headers } from "./page.js";

const QUIET = 700; // the count is read out once the results have stood this long
const REST = 2000; // then the search is meant, and is written down

each("[data-search-live]", (form) => {
  const input = form.querySelector("input[type=search]");
  const found = document.getElementById(form.dataset.searchLive);
  if (!input || !found) return;
  const spoken = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  spoken.setAttribute("aria-live", "polite");
  form.append(spoken);
  let running = null;
  let shown = input.value.trim();

  async function ask(address, how) {
    running?.abort();
    const controller = (running = new AbortController());
    try {
      const answer = await fetch(address, { headers: { ...headers(), "X-Search": how }, signal: controller.signal });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null; // overtaken by newer words, or no connection: what stands there stays
    }
  }

  const say = debounce(() => {
    spoken.textContent = found.querySelector("[data-result-count]")?.textContent.trim() || "";
  }, QUIET);

  const rest = debounce(async () => {
    if (input.value.trim() !== shown) return;
    const html = await ask(location.href, "rested");
    const list = found.querySelector(".results");
    if (html === null || input.value.trim() !== shown || !list) return;
    // The same results: only their name is taken over, so that nothing moves under a reader's focus.
    const named = new DOMParser().parseFromString(html, "text/html").querySelector(".results");
    if (named) Object.assign(list.dataset, named.dataset);
  }, REST);

  const look = debounce(async () => {
    const text = input.value.trim();
    if (text === shown || !isEnough(text)) return;
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const html = await ask(address, "typing");
    if (html === null || input.value.trim() !== text) return;
    shown = text;
    found.innerHTML = html;
    found.dispatchEvent(new CustomEvent("haedap:added", { bubbles: true }));
    history.replaceState(history.state, "", address);
    say();
    rest();
  }, WAIT);

  input.addEventListener("input", look); // fires during IME composition as well
});
