// Looks up what already exists for a text, one request at a time; a newer text takes the place of an older one.
import { debounce, headers, word } from "./page.js";

export const WAIT = 300;
const QUIET = 700; // a count is read out once nothing has changed for so long

/** What is typed so far, without a letter that the keyboard has only begun a syllable with: "배터ㄹ" asks for "배터". */
export function settled(text) {
  return text.trim().replace(/(^|[^ㄱ-ㅎㅏ-ㅣ])[ㄱ-ㅎㅏ-ㅣ]$/, "$1").trim();
}

/** What says into a polite region how many were found; null says nothing any more. */
export function counter(region) {
  region.className = "visually-hidden";
  region.setAttribute("aria-live", "polite");
  let found = null;
  const say = debounce(() => {
    if (found !== null) region.textContent = found === 1 ? word("found_one") : found ? word("found_many", { n: found }) : word("found_none");
  }, QUIET);
  return (now) => {
    found = now;
    if (found === null) region.textContent = "";
    else say();
  };
}

/** Whether there is enough to look for: four letters, or two Hangul syllables. */
export function isEnough(text) {
  const syllables = (text.match(/[가-힣]/g) || []).length;
  const letters = (text.match(/[\p{L}\p{N}]/gu) || []).length;
  return syllables >= 2 || letters >= 4;
}

export class Lookup {
  #running = null;
  #answers = new Map();

  constructor(url) {
    this.url = url;
  }

  /** The list for these parameters as HTML, or null if a newer question has overtaken it or it failed. */
  async find(parameters) {
    this.cancel();
    const address = `${this.url}?${new URLSearchParams(parameters)}`;
    if (this.#answers.has(address)) return this.#answers.get(address);
    const controller = (this.#running = new AbortController());
    try {
      const answer = await fetch(address, { headers: headers(), signal: controller.signal });
      if (!answer.ok) return null;
      const html = await answer.text();
      if (this.#answers.size > 30) this.#answers.clear();
      this.#answers.set(address, html);
      return html;
    } catch {
      return null;
    }
  }

  cancel() {
    this.#running?.abort();
    this.#running = null;
  }
}

/** Tell the server what became of a list; never in the way of the reader. */
export function tell(list, act, kind, id) {
  const url = list?.dataset.outcomeUrl;
  if (!url || !list.dataset.queryId) return;
  fetch(url, { method: "POST", body: new URLSearchParams({ [act]: `${kind}:${id}` }), headers: headers(), keepalive: true }).catch(() => {});
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-option]");
  const item = link?.closest("[data-suggestion]");
  if (item) tell(item.closest("[data-suggestions]"), "opened", item.dataset.kind, item.dataset.id);
});
