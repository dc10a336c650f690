// The page works without this file; each module makes one thing quicker. Order does not matter.
import "./card.js";
import "./clicks.js";
import "./copy.js";
import "./dialogs.js";
import "./drafts.js";
import "./editor.js";
import "./forms.js";
import "./chips.js"; // after forms.js, which says which releases fit
import "./menus.js";
import "./personal.js";
import "./search_box.js";
import "./search_live.js";
import "./shortcuts.js";
import "./steps.js";
import "./suggest.js";
import "./theme.js";
import "./time.js";
import "./toasts.js";
import "./toc.js";
import "./votes.js";

if (document.querySelector("[data-live]")) {
  import("./live.js").catch(() => {}); // news is a convenience: without it the page is only less lively
}
