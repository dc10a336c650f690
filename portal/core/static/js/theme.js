// Light, dark or as the device: shown at once, told to the server beside it (which sets the cookie, so no page flashes).
import { each, headers } from "./page.js";

each("[data-theme-form]", (form) => {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const root = document.documentElement;
    if (button.value) root.dataset.theme = button.value;
    else delete root.dataset.theme;
    document.querySelector('meta[name="color-scheme"]').content = button.value || "light dark";
    for (const other of form.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button));
    const body = new FormData(form);
    body.set("theme", button.value);
    fetch(form.action, { method: "POST", body, headers: headers(), redirect: "manual", keepalive: true }).catch(() => {});
  });
});
