// A vote shows at once; the server's answer replaces it, and a refusal takes it back.
import { each } from "./page.js";

const before = new WeakMap();

function press(form, button) {
  before.set(form, form.innerHTML);
  const withdraws = button.getAttribute("aria-pressed") === "true";
  for (const other of form.querySelectorAll("[data-vote-button]")) {
    const was = other.getAttribute("aria-pressed") === "true";
    const is = other === button && !withdraws;
    if (was === is) continue;
    other.setAttribute("aria-pressed", String(is));
    const count = other.querySelector("[data-count]");
    const shown = Number(count.textContent);
    if (Number.isInteger(shown)) count.textContent = String(Math.max(0, shown + (is ? 1 : -1)));
  }
}

each("[data-vote]", (form) => {
  form.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.requestConfig.triggeringEvent?.submitter;
    if (button) press(form, button);
  });
  const back = () => {
    if (before.has(form)) form.innerHTML = before.get(form);
  };
  form.addEventListener("htmx:responseError", back);
  form.addEventListener("htmx:sendError", back);
});
