// <details data-menu>: closes on Escape, on a press elsewhere, and when the focus leaves; arrows move inside.
import { each } from "./page.js";

each("[data-menu]", (menu) => {
  const summary = menu.querySelector("summary");
  const items = () => [...menu.querySelectorAll(".menu-panel :is(a, button)")].filter((item) => item.offsetParent);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      summary.focus();
      event.stopPropagation();
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    menu.open = true;
    const all = items();
    const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    all.at(next % all.length)?.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
});
