// Single keys, unless somebody is typing or has turned them off in the settings (<html data-shortcuts="off">).
// A control says its own key with data-key="r"; rows of a list are [data-row].

const isOff = () => document.documentElement.dataset.shortcuts === "off";
const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const help = document.getElementById("shortcuts");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
let at = -1;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  at = Math.min(Math.max((focused >= 0 ? focused : at) + step, 0), all.length - 1);
  all.forEach((row, n) => row.classList.toggle("is-current", n === at));
  const row = all[at];
  const link = row.querySelector(".row-title a, .result-title a");
  if (!link) row.tabIndex = -1;
  (link || row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function current() {
  return rows()[at] || document.activeElement.closest?.("[data-row]");
}

const keys = {
  "/": () => document.querySelector("main input[type=search], .topbar input[type=search]")?.focus(),
  "?": () => help?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  a: () => document.querySelector("#answer-form textarea, #answer-form a")?.focus(),
  e: () => (current()?.querySelector("[data-edit]") || document.querySelector("[data-edit]"))?.click(),
};

document.addEventListener("keydown", (event) => {
  if (isOff() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  // Hangul keys stand on the same places: ㅓ is j, ㅏ is k, ㅁ is a, ㄷ is e.
  const key = event.key === "/" || event.key === "?" ? event.key : /^Key[A-Z]$/.test(event.code) && !event.shiftKey ? event.code.at(-1).toLowerCase() : "";
  const control = key && [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((item) => item.offsetParent);
  if (!control && !keys[key]) return;
  event.preventDefault();
  if (control) control.click();
  else keys[key]();
});

const opener = document.querySelector("[data-open-shortcuts]");
if (opener && help && !isOff()) {
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
}
