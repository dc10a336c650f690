// What every module shares: the words in the reader's language, the form key, and a way to run on new parts of a page.

const element = document.getElementById("words");
const dictionary = element ? JSON.parse(element.textContent) : {};

/** A sentence in the reader's language, with %(n)s filled in. */
export function word(name, values = {}) {
  return (dictionary[name] || name).replace(/%\((\w+)\)s/g, (_match, key) => values[key] ?? "");
}

/** Headers for a request of our own: the key that proves it came from this page. */
export function headers() {
  return { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}"), "X-Requested-With": "fetch" };
}

/** Run on everything that matches now, and on what htmx or live news bring later; once for each element. */
export function each(selector, run) {
  const done = new WeakSet();
  const look = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const item of found) {
      if (done.has(item)) continue;
      done.add(item);
      run(item);
    }
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
  document.addEventListener("haedap:added", (event) => look(event.target));
}

/** Wait until calls have stopped for a while. */
export function debounce(run, wait) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
}

/** Read or write this browser's store; a browser without one is simply forgetful. */
export const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // full or forbidden
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // forbidden
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
};
