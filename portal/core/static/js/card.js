// The card of what the portal found under a question: what its asker opens, and what an answerer uses.
import { insert } from "./editor.js";
import { each, headers, word } from "./page.js";
import { toast } from "./toasts.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-opens]");
  if (!link) return;
  const body = new URLSearchParams({ outcome: "opened" });
  fetch(link.dataset.opens, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {});
});

each("[data-use]", (link) => {
  link.addEventListener("click", async (event) => {
    const composer = document.querySelector("#answer-form textarea");
    if (!composer || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault(); // the link would load the page anew, without what was typed
    try {
      const answer = await fetch(link.dataset.use, { headers: headers() });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      const ahead = composer.value.slice(0, composer.selectionStart);
      const gap = !ahead || ahead.endsWith("\n\n") ? "" : ahead.endsWith("\n") ? "\n" : "\n\n"; // a paragraph of its own
      insert(composer, gap + text);
      composer.scrollIntoView({ block: "center" });
    } catch {
      toast(word("offline"));
    }
  });
});
