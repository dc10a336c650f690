// Permalinks: copied, or shared where the device can; quoting into the composer; copying a secret.
import { each, word } from "./page.js";
import { toast } from "./toasts.js";

each("[data-copy-link]", (link) => {
  link.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if ("share" in link.dataset && navigator.share && matchMedia("(pointer: coarse)").matches) {
      navigator.share({ title: document.title, url: link.href }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(link.href);
      toast(word("copied"));
    } catch {
      location.assign(link.href);
    }
  });
});

each("[data-copy]", (button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    toast(word("copied_text"));
  });
});

each("[data-quote]", (button) => {
  const composer = document.querySelector("#answer-form textarea");
  const text = document.getElementById(button.dataset.quote)?.querySelector(".prose");
  if (!composer || !text) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const chosen = getSelection();
    const words = text.contains(chosen.anchorNode) && !chosen.isCollapsed ? chosen.toString() : text.innerText;
    const quote = words.trim().slice(0, 1000).split(/\n+/).map((line) => `> ${line}`).join("\n");
    const space = composer.value && !composer.value.endsWith("\n\n") ? "\n\n" : "";
    composer.value += `${space}${quote}\n\n`;
    composer.dispatchEvent(new Event("input", { bubbles: true }));
    composer.focus();
    composer.setSelectionRange(composer.value.length, composer.value.length);
  });
});
