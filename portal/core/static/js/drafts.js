// What is typed survives a reload, an ended session and a failed server: kept in this browser until it was sent.
// <form data-draft-form="key">; the page after a success says ?sent=key.
import { debounce, each, store, word } from "./page.js";

const PREFIX = "draft:";
const KEPT_FOR = 14 * 24 * 3600 * 1000;
const PENDING = "sent-draft";

const keyOf = (form) => form.dataset.draftForm || form.dataset.draft || "";
const fields = (form) =>
  [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type]), input[type=text], input[type=url]"));
const given = (field) => (field.matches("select") ? [...field.options].find((option) => option.defaultSelected)?.value ?? "" : field.defaultValue);

/** Forget a form's draft: it was sent, or its writer threw it away. */
export function forget(key) {
  if (key) store.remove(PREFIX + key);
}

function save(form, key) {
  const values = {};
  for (const field of fields(form)) if (field.value !== given(field)) values[field.name] = { value: field.value, given: given(field) };
  if (Object.keys(values).length) store.write(PREFIX + key, { at: Date.now(), values });
  else forget(key);
}

function restore(form, key) {
  const kept = store.read(PREFIX + key);
  if (!kept) return;
  if (Date.now() - kept.at > KEPT_FOR) return forget(key);
  let restored = false;
  for (const field of fields(form)) {
    const was = kept.values[field.name];
    // Only over the text it was typed over: what the server has sent since is at least as new.
    if (!was || was.given !== given(field) || was.value === field.value) continue;
    field.value = was.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    restored = true;
  }
  if (restored) say(form, key);
}

function say(form, key) {
  const note = Object.assign(document.createElement("p"), { className: "draft-note hint" });
  const discard = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: word("discard") });
  note.setAttribute("role", "status");
  note.append(`${word("restored")} `, discard);
  discard.addEventListener("click", () => {
    forget(key);
    for (const field of fields(form)) {
      field.value = given(field);
      for (const kind of ["change", "input"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    forget(key);
    note.remove();
  });
  form.prepend(note);
}

function clearSent() {
  const address = new URL(location.href);
  const sent = address.searchParams.get("sent");
  if (sent) {
    forget(sent);
    address.searchParams.delete("sent");
    history.replaceState(history.state, "", address);
  }
  const pending = sessionStorage.getItem(PENDING);
  if (!pending) return;
  sessionStorage.removeItem(PENDING);
  const back = [...document.querySelectorAll("form")].some((form) => keyOf(form) === pending);
  const refused = document.querySelector(".stop-page, .entrance");
  if (!back && !refused) forget(pending);
}

try {
  clearSent();
} catch {
  // a browser without stores keeps no drafts
}

each("form[data-draft-form], form[data-draft]", (form) => {
  const key = keyOf(form);
  if (!key) return;
  restore(form, key);
  form.addEventListener("input", debounce(() => save(form, key), 400));
  form.addEventListener("submit", () => {
    save(form, key);
    try {
      sessionStorage.setItem(PENDING, key);
    } catch {
      // forbidden
    }
  });
  addEventListener("pagehide", () => save(form, key));
});

// Somebody who signs out leaves nothing behind for the next person at this device.
each("form[action$='/accounts/logout/']", (form) => {
  form.addEventListener("submit", () => {
    for (const key of store.keys()) if (key.startsWith(PREFIX)) store.remove(key);
  });
});
