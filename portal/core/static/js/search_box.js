// The box on every page answers as it is typed: a combobox with a list of links below. <form data-search-box>
import { counter, isEnough, Lookup, settled, WAIT } from "./lookup.js";
import { debounce, each } from "./page.js";

let boxes = 0;

each("[data-search-box]", (form) => {
  const input = form.querySelector("input[type=search]");
  const panel = form.querySelector("[data-suggest-panel]");
  if (!input || !panel) return;
  const name = `search-list-${boxes++}`;
  const lookup = new Lookup(form.dataset.suggestUrl);
  const region = document.createElement("span");
  const count = counter(region);
  form.append(region);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  let active = -1;
  let asked = "";

  const options = () => [...panel.querySelectorAll("[role=option]")];
  const open = (is) => {
    panel.hidden = !is;
    input.setAttribute("aria-expanded", String(is));
    if (!is) mark(-1);
  };
  function mark(at) {
    active = at;
    options().forEach((option, n) => {
      option.classList.toggle("is-active", n === at);
      option.setAttribute("aria-selected", String(n === at));
      if (n === at) option.scrollIntoView({ block: "nearest" });
    });
    const id = options()[at]?.id;
    if (id) input.setAttribute("aria-activedescendant", id);
    else input.removeAttribute("aria-activedescendant");
  }
  const show = (html) => {
    panel.innerHTML = html;
    const list = panel.querySelector("ul");
    if (list) {
      list.id = name;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", input.getAttribute("aria-label"));
      input.setAttribute("aria-controls", name);
      for (const item of list.children) item.setAttribute("role", "presentation");
      [...list.querySelectorAll("[data-option]")].forEach((option, n) => {
        option.setAttribute("role", "option");
        option.id = `${name}-${n}`;
        option.tabIndex = -1;
      });
    }
    const found = options().length;
    count(found);
    mark(-1);
    open(found > 0 && document.activeElement === input);
  };
  const look = debounce(async () => {
    const text = settled(input.value);
    if (!isEnough(text)) {
      lookup.cancel();
      count(null);
      asked = "";
      return open(false);
    }
    if (text === asked && !panel.hidden) return; // only a letter was begun: what is chosen stays chosen
    const html = await lookup.find({ q: text, compact: "1", product: form.elements.product?.value || "" });
    if (html === null || settled(input.value) !== text) return;
    asked = text;
    show(html);
  }, WAIT);

  input.addEventListener("input", look); // fires during IME composition as well
  input.addEventListener("focus", () => {
    if (options().length) open(true);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // Enter that ends a syllable is not ours
    const all = options();
    if (event.key === "Escape") {
      event.preventDefault(); // the browser would empty the box
      if (panel.hidden) input.blur();
      open(false);
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && all.length) {
      event.preventDefault();
      open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active + step >= all.length ? -1 : active + step < -1 ? all.length - 1 : active + step);
    } else if (event.key === "Enter" && active >= 0 && !panel.hidden) {
      event.preventDefault();
      all[active].click();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => form.contains(document.activeElement) || open(false), 100);
  });
});
