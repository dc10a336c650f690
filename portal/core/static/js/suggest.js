// While a question is typed: what already answers it, beside the form. <form data-suggest-form data-suggest-url>
import { forget } from "./drafts.js";
import { isEnough, Lookup, WAIT } from "./lookup.js";
import { debounce, each, word } from "./page.js";

each("[data-suggest-form]", (form) => {
  const slot = form.querySelector("[data-suggest-slot]");
  const empty = slot?.innerHTML;
  const reviewed = form.querySelector("[data-reviewed]");
  const { title, body, product } = form.elements;
  if (!slot || !title) return;
  const lookup = new Lookup(form.dataset.suggestUrl);
  const count = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  count.setAttribute("aria-live", "polite");
  slot.removeAttribute("aria-live"); // the count is read out, not the whole list at every letter
  slot.before(count);

  const links = () => [...slot.querySelectorAll("[data-option]")];
  const show = (html) => {
    slot.innerHTML = html;
    const found = links().length;
    if (!found) slot.innerHTML = empty;
    count.textContent = found === 1 ? word("found_one") : found ? word("found_many", { n: found }) : word("found_none");
  };
  const look = debounce(async () => {
    const text = `${title.value.trim()}\n${body?.value.trim().slice(0, 1500) || ""}`.trim();
    if (!isEnough(text)) {
      lookup.cancel();
      slot.innerHTML = empty;
      count.textContent = "";
      return;
    }
    const html = await lookup.find({ q: text, product: product?.selectedOptions?.[0]?.dataset.slug || product?.value || "" });
    if (html === null) return;
    show(html);
    if (reviewed) reviewed.value = "1"; // seen while typing: no second list before posting
  }, WAIT);

  const changed = () => {
    if (reviewed) reviewed.value = "";
    look();
  };
  title.addEventListener("input", changed); // fires during IME composition as well
  body?.addEventListener("input", changed);
  product?.addEventListener("change", changed);
  if (title.value) look();

  // Down from the title goes into the list, Escape back.
  title.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing || !links().length) return;
    event.preventDefault();
    links()[0].focus();
  });
  slot.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return title.focus();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = links().indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    if (at + step < 0) title.focus();
    else links()[Math.min(at + step, links().length - 1)].focus();
  });
  slot.addEventListener("click", (event) => {
    if (event.target.closest("[data-outcome=solved]")) forget(form.dataset.draftForm);
  });
});
