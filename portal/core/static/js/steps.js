// The steps of an article can be ticked; this browser remembers how far one came. <div class="prose" data-steps="key">
import { each, store, word } from "./page.js";

each("[data-steps]", (text) => {
  const key = `steps:${text.dataset.steps}`;
  const done = new Set(store.read(key) || []);
  const lists = [...text.querySelectorAll("ol")].filter((list) => !list.parentElement.closest("li"));
  let number = 0;
  for (const list of lists) {
    if (list.children.length < 2) continue;
    list.classList.add("has-ticks");
    for (const step of list.children) {
      const id = number++;
      const tick = Object.assign(document.createElement("button"), { type: "button", className: "tick" });
      tick.setAttribute("aria-label", word("step_done"));
      const show = () => {
        tick.setAttribute("aria-pressed", String(done.has(id)));
        step.classList.toggle("is-done", done.has(id));
      };
      tick.addEventListener("click", () => {
        if (!done.delete(id)) done.add(id);
        store.write(key, [...done]);
        show();
      });
      step.prepend(tick);
      show();
    }
  }
});
