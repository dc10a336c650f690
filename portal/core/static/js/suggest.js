// While a question is typed: what already answers it, beside the form. <form data-suggest-form data-suggest-url>
import { forget } from "./drafts.js";
import { counter, isEnough, Lookup, settled, WAIT } from "./lookup.js";
import { debounce, each } from "./page.js";

each("[data-suggest-form]", (form) => {
  const slot = form.querySelector("[data-suggest-slot]");
  const empty = slot?.innerHTML;
  const reviewed = form.querySelector("[data-reviewed]");
  const { title, body, product } = form.elements;
  if (!slot || !title) return;
  const lookup = new Lookup(form.dataset.suggestUrl);
  const region = document.createElement("p");
  const count = counter(region);
  slot.removeAttribute("aria-live"); // the count is read out, not the whole list at every letter
  slot.before(region);
  let asked = "";

  const links = () => [...slot.querySelectorAll("[data-option]")];
  const show = (html) => {
    slot.innerHTML = html;
    const found = links().length;
    if (!found) slot.innerHTML = empty;
    count(found);
  };
  const look = debounce(async () => {
    const text = `${settled(title.value)}\n${settled(body?.value.slice(0, 1500) || "")}`.trim();
    if (!isEnough(text)) {
      lookup.cancel();
      slot.innerHTML = empty;
      asked = "";
      count(null);
      return;
    }
    const parameters = { q: text, product: product?.selectedOptions?.[0]?.dataset.slug || product?.value || "" };
    const html = await lookup.find(parameters);
    if (html === null) return;
    const shown = JSON.stringify(parameters);
    if (shown !== asked) show(html); // else only a letter was begun: what has the focus stays as it is
    asked = shown;
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
