// Asking once more before something is taken back: <form data-confirm="sentence">.
import { each, word } from "./page.js";

function ask(sentence, label) {
  return new Promise((resolve) => {
    const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
    const text = Object.assign(document.createElement("p"), { textContent: sentence, id: "confirm-text" });
    const row = Object.assign(document.createElement("form"), { method: "dialog", className: "button-row" });
    const no = Object.assign(document.createElement("button"), { className: "button", value: "no", textContent: word("cancel") });
    const yes = Object.assign(document.createElement("button"), { className: "button danger", value: "yes", textContent: label });
    dialog.setAttribute("aria-labelledby", "confirm-text");
    dialog.setAttribute("role", "alertdialog");
    row.append(no, yes);
    dialog.append(text, row);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

each("form[data-confirm]", (form) => {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    if (!(await ask(form.dataset.confirm, submitter?.textContent.trim() || word("yes")))) return;
    form.dataset.confirmed = "1";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  }, { capture: true });
});

each("[data-dialog]", (dialog) => {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a press on the backdrop
  });
});

each("[data-back]", (link) => {
  if (history.length < 2) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    history.back();
  });
});

each("[data-autofocus]", (item) => item.focus());
