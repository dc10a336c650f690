// A gentle word while a number is typed that nobody else should read: resident registration, card, mobile phone.
import { debounce, each, word } from "./page.js";

const NUMBERS = [
  /(?<!\d)\d{6}-?[1-8]\d{6}(?!\d)/,
  /(?<!\d)\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?!\d)/,
  /(?<![\d-])(?:\+82[- ]?|0)1[016789][- ]?\d{3,4}[- ]?\d{4}(?!\d)/,
];

each("form[data-draft-form] :is(textarea, input[type=text]), [data-draft] textarea", (field) => {
  const note = Object.assign(document.createElement("p"), { className: "hint personal-note" });
  note.setAttribute("role", "status"); // there from the start: a region that appears with its words is not read
  (field.closest("[data-editor]") || field).after(note);
  const look = debounce(() => {
    const said = NUMBERS.some((number) => number.test(field.value)) ? word("personal") : "";
    if (note.textContent !== said) note.textContent = said;
  }, 400);
  field.addEventListener("input", look);
  if (field.value) look();
});
