// Short words after an act, and messages that can be put away.
import { each, word } from "./page.js";

/** Say something for a few seconds; an action (say, undo) stays longer. */
export function toast(text, { action = "", run = null } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "toast";
  note.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: action });
    button.addEventListener("click", () => {
      note.remove();
      run();
    });
    note.append(button);
  }
  place.append(note);
  setTimeout(() => note.remove(), action ? 10000 : 5000);
}

each("[data-dismiss]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => button.closest("[data-message]").remove());
});

// A refusal to a part of a page comes as a whole page: its sentence is said, the page stays as it is.
// A session that ended answers with the sign-in page: go there instead of showing it inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const url = new URL(xhr.responseURL || location.href, location.href);
  if (url.pathname.startsWith("/accounts/login/")) {
    event.detail.shouldSwap = false;
    location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  } else if (/<html[\s>]/i.test(xhr.responseText)) {
    event.detail.shouldSwap = false;
    event.detail.isError = xhr.status >= 400;
    if (xhr.status < 400) location.assign(url); // a redirect was followed: the reader follows it too
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const sentence = page.querySelector(".stop-page .lead")?.textContent.trim();
  if (sentence || xhr.status >= 500 || !xhr.responseText) toast(sentence || word("failed"));
});
document.addEventListener("htmx:sendError", () => toast(word("offline")));
