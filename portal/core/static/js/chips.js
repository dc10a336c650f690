// A short choice shown whole: <select data-chips> becomes a row of buttons. The select stays what the form sends.
import { each } from "./page.js";

const MOST = 9;

each("select[data-chips]", (select) => {
  const label = select.labels[0];
  const row = Object.assign(document.createElement("div"), { className: "chips" });
  row.setAttribute("role", "group");
  if (label) {
    label.id ||= `${select.id}_label`;
    row.setAttribute("aria-labelledby", label.id);
  }
  const shown = () => [...select.options].filter((option) => !option.closest("optgroup")?.hidden);
  const chip = (option) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip large", textContent: option.textContent });
    button.setAttribute("aria-pressed", String(option.selected));
    button.addEventListener("click", () => {
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      row.querySelector("[aria-pressed=true]")?.focus();
    });
    return button;
  };
  const draw = () => {
    const options = shown();
    row.hidden = options.length > MOST;
    select.hidden = !row.hidden;
    row.replaceChildren(...(row.hidden ? [] : options.map(chip)));
  };
  select.before(row);
  select.addEventListener("change", draw);
  // Another product, other releases: forms.js has hidden what does not fit before this runs.
  const product = select.form?.elements.product;
  if (product && product !== select) product.addEventListener("change", draw);
  window.addEventListener("pageshow", draw); // the browser puts back what was chosen when somebody comes back
  draw();
});
