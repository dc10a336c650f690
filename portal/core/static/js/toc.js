// The contents of an article follow the scroll.
import { each } from "./page.js";

each("[data-toc]", (toc) => {
  const links = new Map();
  for (const link of toc.querySelectorAll("a[href^='#']")) {
    const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (part) links.set(part, link);
  }
  if (!links.size) return;
  const parts = [...links.keys()];
  const follow = () => {
    const line = 120;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
    const above = parts.filter((part) => part.getBoundingClientRect().top <= line);
    const now = (atEnd && parts.at(-1).getBoundingClientRect().top < innerHeight ? parts.at(-1) : above.at(-1)) || null;
    for (const [part, link] of links) {
      if (part === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      follow();
    });
  }, { passive: true });
  follow();
});
