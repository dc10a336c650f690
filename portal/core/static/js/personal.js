// A gentle word while a number is typed that nobody else should read: resident registration, card, mobile phone.
import { debounce, each, word } from "./page.js";

const NUMBERS = [
  /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-?[1-8]\d{6}(?!\d)/, // begins with a day of birth
  /(?<![\d-])(?:\+82[- ]?|0)1[016789][- ]?\d{3,4}[- ]?\d{4}(?!\d)/,
];
const CARD = /(?<!\d)\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?!\d)/g;

/** Whether the last digit is the one that the others ask for (Luhn, 1954): most long numbers are no card's. */
function isCard(number) {
  const digits = [...number.replace(/\D/g, "")].reverse().map(Number);
  const sum = digits.reduce((total, digit, n) => total + (n % 2 ? digit * 2 - (digit > 4 ? 9 : 0) : digit), 0);
  return sum % 10 === 0;
}

const isPersonal = (text) => NUMBERS.some((number) => number.test(text)) || (text.match(CARD) || []).some(isCard);

each("form[data-draft-form] :is(textarea, input[type=text]), [data-draft] textarea", (field) => {
  const note = Object.assign(document.createElement("p"), { className: "hint personal-note" });
  note.setAttribute("role", "status"); // there from the start: a region that appears with its words is not read
  (field.closest("[data-editor]") || field).after(note);
  const look = debounce(() => {
    const said = isPersonal(field.value) ? word("personal") : "";
    if (note.textContent !== said) note.textContent = said;
  }, 400);
  field.addEventListener("input", look);
  if (field.value) look();
});
