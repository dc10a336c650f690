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

document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.shouldSwap) toast(word("failed"));
});
document.addEventListener("htmx:sendError", () => toast(word("offline")));

// A session that ended answers with the sign-in page: go there instead of showing it inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const url = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (url.pathname.startsWith("/accounts/login/")) {
    event.detail.shouldSwap = false;
    location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});
