// Sending: Ctrl+Enter from any text, a button that shows it was pressed, the first wrong field in view.
import { each } from "./page.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("textarea, input")?.form;
  if (!form || form.method === "dialog") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.primary[type=submit]") || undefined);
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.matches("[data-vote], [method=dialog]")) return;
  event.submitter?.classList.add("is-busy");
});

// Back from the next page: everything can be pressed again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
});

const wrong = document.querySelector(".has-error :is(input, select, textarea)");
if (wrong) wrong.focus();

// A release belongs to a product: choosing the product leaves only its releases (grouped by the product's name).
each("select:has(optgroup)", (releases) => {
  const product = releases.form?.elements.product;
  if (!product?.options) return;
  const show = () => {
    const name = product.selectedOptions[0]?.textContent.trim();
    for (const group of releases.querySelectorAll("optgroup")) {
      const fits = group.label === name;
      group.hidden = group.disabled = !fits;
      if (!fits && group.contains(releases.selectedOptions[0])) releases.value = "";
    }
    const field = releases.closest(".field");
    if (field) field.hidden = ![...releases.querySelectorAll("optgroup")].some((group) => !group.hidden);
  };
  product.addEventListener("change", show);
  show();
});
