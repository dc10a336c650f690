// Keeps "3 minutes ago" true while the page is open, in the reader's language and time zone.
import { word } from "./page.js";

const language = document.documentElement.lang || "en";
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
const date = new Intl.DateTimeFormat(language, { dateStyle: "long" });

function inWords(when) {
  const minutes = Math.floor((Date.now() - when) / 60000);
  if (minutes < 1) return word("just_now");
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), "hour");
  if (minutes < 60 * 24 * 31) return relative.format(-Math.floor(minutes / 1440), "day");
  return date.format(when);
}

function refresh() {
  for (const item of document.querySelectorAll("time[data-ago]")) {
    const when = new Date(item.dateTime);
    if (Number.isNaN(when.valueOf())) continue;
    const words = inWords(when);
    if (item.textContent !== words) item.textContent = words;
    item.title = exact.format(when);
  }
}

refresh();
setInterval(refresh, 30000);
document.addEventListener("htmx:load", refresh);
document.addEventListener("haedap:added", refresh);
