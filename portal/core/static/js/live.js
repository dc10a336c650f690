// Live news. The socket says what changed, never what it says: the page then fetches that part like any reader.
// Nothing moves while it is read: new answers wait behind a button. After sleep or a lost connection the page compares
// itself with a fresh copy, so that nothing is missing and nothing stands twice.
import { debounce, headers, word } from "./page.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60000;
const PING_EVERY = 25000;
const PONG_WITHIN = 8000;

/** A socket that comes back by itself. `opened(again)` runs on every opening, `heard(kind, id)` on every piece of news. */
function connect(path, { opened, heard }) {
  let socket, pong, retry;
  let wait = FIRST_WAIT, before = false, refused = 0;

  function open() {
    clearTimeout(retry);
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
    let here = false;
    socket.addEventListener("open", () => {
      here = true;
      wait = FIRST_WAIT;
      refused = 0;
      opened(before);
      before = true;
    });
    socket.addEventListener("message", (event) => {
      const { kind, id } = JSON.parse(event.data);
      if (kind === "pong") clearTimeout(pong);
      else heard(kind, id);
    });
    socket.addEventListener("close", () => {
      clearTimeout(pong);
      if (!here && !before && ++refused > 4) return; // not for this reader
      retry = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  function check() {
    if (socket.readyState > WebSocket.OPEN) {
      wait = FIRST_WAIT;
      open();
    } else if (socket.readyState === WebSocket.OPEN) {
      socket.send('{"kind": "ping"}');
      clearTimeout(pong);
      pong = setTimeout(() => socket.close(), PONG_WITHIN); // a sleeping machine's socket looks open and is dead
    }
  }

  setInterval(() => socket.readyState === WebSocket.OPEN && check(), PING_EVERY);
  window.addEventListener("online", check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  window.addEventListener("pageshow", (event) => event.persisted && check());
  open();
  return { say: (kind) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ kind })) };
}

async function fetchPart(url) {
  const response = await fetch(url, { headers: { "X-Requested-With": "fetch" }, cache: "no-store" });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Tell htmx and the other modules about a part that has just come. */
function announce(element) {
  window.htmx?.process(element);
  element.dispatchEvent(new CustomEvent("haedap:added", { bubbles: true }));
}

/** The same part, apart from the form keys that are new in every copy. */
function looks(element) {
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll("[name=csrfmiddlewaretoken], [name=submission]")) key.remove();
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  for (const open of copy.querySelectorAll("details[open]")) open.removeAttribute("open");
  for (const shown of copy.querySelectorAll("[hidden]")) shown.removeAttribute("hidden");
  copy.classList.remove("is-current");
  copy.removeAttribute("tabindex");
  return copy.innerHTML.replace(/\s+/g, " ");
}

/** Whether somebody is in the middle of something here. */
function isBusy(element) {
  const typed = [...element.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue);
  const focus = document.activeElement; // on the element itself: it was only led into view
  return typed || (focus !== element && element.contains(focus)) || element.querySelector(".htmx-request, .is-busy") !== null;
}

const late = new Map(); // parts that somebody was busy with, and what they should have become

function replace(old, fresh) {
  if (!old || !fresh) return;
  late.delete(old);
  if (looks(old) === looks(fresh)) return;
  if (isBusy(old)) {
    late.set(old, fresh);
    return;
  }
  const now = document.importNode(fresh, true);
  const focused = document.activeElement === old;
  old.replaceWith(now);
  if (focused) {
    now.tabIndex = -1;
    now.focus({ preventScroll: true });
  }
  announce(now);
}

document.addEventListener("focusout", debounce(() => {
  for (const [old, fresh] of [...late]) {
    late.delete(old);
    if (old.isConnected) replace(old, fresh);
  }
}, 300));

function followQuestion(thread) {
  const { question, newsUrl, suggestionsUrl } = thread.dataset;
  const answers = thread.querySelector("[data-answers]");
  const slot = thread.querySelector("[data-news-slot]");
  const suggestionSlot = thread.querySelector("[data-suggestion-slot]");
  const someone = thread.querySelector("[data-someone]");
  const waiting = new Map(); // answers that have come and are not shown yet, by id
  let last = Number(thread.dataset.lastAnswer) || 0;
  let work = Promise.resolve();

  // One thing after the other: two pieces of news about one answer must not put it there twice.
  // What could not be fetched is not forgotten: the page compares itself with a fresh copy until that works.
  let failed = 0, retry;
  const next = (act) => {
    work = work.then(act).then(
      () => (failed = 0),
      () => {
        clearTimeout(retry);
        retry = setTimeout(() => next(compare), Math.min(FIRST_WAIT * 2 ** failed++, LONGEST_WAIT));
      },
    );
  };
  window.addEventListener("online", () => failed && next(compare));
  const shown = (id) => document.getElementById(`answer-${id}`);

  function keep(fresh) {
    const id = Number(fresh.dataset.answer);
    last = Math.max(last, id);
    if (shown(id)) replace(shown(id), fresh);
    else waiting.set(id, fresh);
  }

  function offer() {
    slot.replaceChildren();
    if (!waiting.size) return;
    const note = Object.assign(document.createElement("div"), { className: "live-note" });
    const text = waiting.size === 1 ? word("news_one") : word("news_many", { n: waiting.size });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button primary", textContent: text });
    button.dataset.showNews = "";
    button.addEventListener("click", show);
    note.append(button);
    slot.append(note);
  }

  function show() {
    const added = [...waiting.values()].map((fresh) => document.importNode(fresh, true));
    waiting.clear();
    offer();
    answers.append(...added);
    added.forEach(announce);
    added[0].tabIndex = -1;
    added[0].focus({ preventScroll: true });
    added[0].scrollIntoView({ block: "start" });
    next(compare); // the head counts them and says that the question is answered
  }

  async function catchUp() {
    const page = await fetchPart(`${newsUrl}?after=${last}`);
    page?.querySelectorAll("[data-answer]").forEach(keep);
    offer();
    if (suggestionSlot?.querySelector(".is-pending")) await loadSuggestions();
  }

  async function loadSuggestions() {
    const part = await fetchPart(suggestionsUrl);
    if (!part || !suggestionSlot || isBusy(suggestionSlot)) return;
    const now = document.importNode(part.body, true);
    suggestionSlot.replaceChildren(...now.childNodes);
    announce(suggestionSlot);
  }

  /** Put the page beside a fresh copy of itself. */
  async function compare() {
    const page = await fetchPart(location.pathname + location.search);
    if (!page?.querySelector("[data-answers]")) return;
    const fresh = [...page.querySelectorAll("[data-answers] > [data-answer]")];
    const ids = new Set(fresh.map((answer) => Number(answer.dataset.answer)));
    for (const answer of [...answers.children]) if (!ids.has(Number(answer.dataset.answer)) && !isBusy(answer)) answer.remove();
    for (const id of [...waiting.keys()]) if (!ids.has(id)) waiting.delete(id);
    fresh.forEach(keep);
    offer();
    for (const part of [".thread-head", "#question"]) replace(thread.querySelector(part), page.querySelector(part));
    const card = page.querySelector("[data-suggestion-slot]");
    if (suggestionSlot && card && !isBusy(suggestionSlot) && looks(suggestionSlot) !== looks(card)) replace(suggestionSlot.firstElementChild, card.firstElementChild);
    const title = thread.querySelector("#answers-title");
    if (title && !waiting.size) title.textContent = page.querySelector("#answers-title")?.textContent ?? title.textContent;
  }

  async function loadAnswer(id, part = "") {
    const page = await fetchPart(`/answers/${id}/`);
    const fresh = page?.querySelector("[data-answer]");
    if (!fresh) {
      waiting.delete(id);
      if (shown(id) && !isBusy(shown(id))) shown(id).remove();
    } else if (part && shown(id)) {
      replace(shown(id).querySelector(part), fresh.querySelector(part));
    } else {
      keep(fresh);
    }
    offer();
  }

  let hide;
  function someoneAnswers() {
    if (!someone) return;
    someone.hidden = false;
    clearTimeout(hide);
    hide = setTimeout(() => (someone.hidden = true), 8000);
  }

  function heard(kind, id) {
    if (kind === "answering.someone") someoneAnswers();
    else if (kind === "suggestions.ready") next(loadSuggestions);
    else if (kind === "vote.changed") next(() => loadAnswer(id, "[data-vote]"));
    else if (["answer.created", "answer.edited", "answer.removed"].includes(kind)) next(() => loadAnswer(id));
    else next(compare);
    if (kind === "answer.created" && someone) someone.hidden = true;
  }

  const line = connect(`/ws/questions/${question}/`, { opened: (again) => next(again ? compare : catchUp), heard });
  let said = 0;
  document.getElementById("answer-form")?.addEventListener("input", () => {
    if (Date.now() - said < 4000) return;
    said = Date.now();
    line.say("answering");
  });
}

function followPerson(bell) {
  async function refresh() {
    const fresh = (await fetchPart("/notifications/badge/"))?.querySelector("[data-badge]");
    const dot = bell.querySelector("[data-badge]");
    if (!fresh || !dot) return;
    dot.textContent = fresh.textContent;
    dot.hidden = fresh.hidden;
    bell.dataset.unread = fresh.textContent.trim();
  }
  const quietly = () => refresh().catch(() => {});
  connect("/ws/me/", { opened: (again) => again && quietly(), heard: (kind) => kind === "notification.created" && quietly() });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-notification]");
  if (!link) return;
  const body = new URLSearchParams({ pk: link.dataset.notification });
  fetch("/notifications/read/", { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {});
});

document.querySelectorAll('[data-live="question"]').forEach(followQuestion);
document.querySelectorAll('[data-live="me"]').forEach(followPerson);
