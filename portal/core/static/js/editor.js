// Markdown with a toolbar, a preview, and images that are pasted, dropped or chosen. The textarea stays the truth.
import { debounce, each, headers, word } from "./page.js";

const LARGEST = 5 * 1024 * 1024;
const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** Put text where the cursor is, so that the browser's own undo takes it back. */
export function insert(area, text, from = area.selectionStart, to = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function around(area, sign, example) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to);
  if (chosen && value.slice(from - sign.length, from) === sign && value.slice(to, to + sign.length) === sign) {
    insert(area, chosen, from - sign.length, to + sign.length);
    area.setSelectionRange(from - sign.length, to - sign.length);
    return;
  }
  const text = chosen || example;
  insert(area, sign + text + sign);
  area.setSelectionRange(from + sign.length, from + sign.length + text.length);
}

function lines(area, prefix) {
  const { value } = area;
  const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = value.indexOf("\n", area.selectionEnd);
  const to = next < 0 ? value.length : next;
  const changed = value.slice(from, to).split("\n").map((line, n) => prefix(n) + line).join("\n");
  const gap = from > 1 && value[from - 2] !== "\n" && !/^(\s*([-*>]|\d+\.)\s)/.test(value.slice(value.lastIndexOf("\n", from - 2) + 1, from)) ? "\n" : "";
  insert(area, gap + changed, from, to);
}

const formats = {
  bold: (area) => around(area, "**", word("bold_text")),
  italic: (area) => around(area, "*", word("italic_text")),
  list: (area) => lines(area, () => "- "),
  steps: (area) => lines(area, (n) => `${n + 1}. `),
  quote: (area) => lines(area, () => "> "),
  link(area) {
    const { selectionStart: from, selectionEnd: to } = area;
    const chosen = area.value.slice(from, to);
    if (/^https?:\/\/\S+$/.test(chosen)) {
      insert(area, `[${word("link_text")}](${chosen})`);
      area.setSelectionRange(from + 1, from + 1 + word("link_text").length);
      return;
    }
    const text = chosen || word("link_text");
    insert(area, `[${text}](https://)`);
    area.setSelectionRange(from + text.length + 3, from + text.length + 11);
  },
  code(area) {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    if (!chosen.includes("\n")) return around(area, "`", word("code_text"));
    insert(area, `\`\`\`\n${chosen}\n\`\`\``);
  },
};

each("[data-editor]", (editor) => {
  const area = editor.querySelector("textarea");
  const bar = editor.querySelector("[role=toolbar]");
  const status = editor.querySelector("[data-editor-status]");
  const picker = editor.querySelector("[data-image-input]");
  const preview = editor.querySelector("[data-preview]");
  const toggle = editor.querySelector("[data-preview-toggle]");
  if (!area || !bar) return;
  bar.hidden = false;

  const say = (text, isError = false) => {
    status.textContent = text;
    status.classList.toggle("is-error", isError);
  };

  bar.addEventListener("click", (event) => {
    const format = event.target.closest("[data-format]")?.dataset.format;
    if (format === "image") picker.click();
    else if (format) formats[format](area);
  });

  // One stop for the Tab key; arrows move along the bar.
  const buttons = [...bar.querySelectorAll("button")];
  buttons.forEach((button, n) => (button.tabIndex = n ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length);
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });

  area.addEventListener("keydown", (event) => {
    const format = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (!format || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    formats[format](area);
  });

  // preview
  let running;
  const show = async () => {
    if (preview.hidden) return;
    running?.abort();
    running = new AbortController();
    try {
      const body = new URLSearchParams({ body: area.value });
      const answer = await fetch(editor.dataset.previewUrl, { method: "POST", body, headers: headers(), signal: running.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      preview.innerHTML = await answer.text(); // rendered and cleaned by portal.core.text
    } catch (error) {
      if (error.name !== "AbortError") say(word("preview_failed"), true);
    }
  };
  const later = debounce(show, 350);
  area.addEventListener("input", later);
  toggle.addEventListener("click", () => {
    preview.hidden = !preview.hidden;
    toggle.setAttribute("aria-pressed", String(!preview.hidden));
    editor.classList.toggle("is-preview", !preview.hidden);
    show();
  });

  // images
  const upload = (file) => {
    if (!KINDS.includes(file.type)) return say(word("upload_kind"), true);
    if (file.size > LARGEST) return say(word("upload_large"), true);
    const mark = `![${word("uploading")} ${Math.random().toString(36).slice(2, 6)}]()`;
    const ahead = area.value.slice(0, area.selectionStart);
    const gap = !ahead || ahead.endsWith("\n\n") ? "" : ahead.endsWith("\n") ? "\n" : "\n\n"; // a paragraph of its own
    insert(area, `${gap}${mark}\n\n`);
    const replace = (text) => {
      const at = area.value.indexOf(mark);
      if (at < 0) return;
      area.setRangeText(text, at, at + mark.length, "preserve");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const failed = (text) => {
      replace("");
      say(text, true);
    };
    const request = new XMLHttpRequest(); // fetch cannot tell how much was sent
    request.open("POST", editor.dataset.uploadUrl);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) say(`${word("uploading")} ${Math.round((event.loaded / event.total) * 100)} %`);
    });
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // not ours: treated as a failure below
      }
      if (request.status !== 201 || !answer.markdown) return failed(answer.detail || word("upload_failed"));
      replace(answer.markdown);
      say("");
    });
    request.addEventListener("error", () => failed(word("offline")));
    const body = new FormData();
    body.set("image", file);
    say(word("uploading"));
    request.send(body);
  };
  picker.addEventListener("change", () => {
    for (const file of picker.files) upload(file);
    picker.value = "";
  });
  area.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    files.forEach(upload);
  });
  editor.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    editor.classList.add("is-drop");
  });
  editor.addEventListener("dragleave", () => editor.classList.remove("is-drop"));
  editor.addEventListener("drop", (event) => {
    editor.classList.remove("is-drop");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    [...event.dataTransfer.files].forEach(upload);
  });
});
