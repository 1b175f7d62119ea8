/* What the chat page adds to Gradio. Plain script in the page's own origin; nothing here is evaluated or stored. */
import "./actions.js";
import { heard, warn } from "./asking.js";
import "./connection.js";
import { clear, giveUp, show } from "./conversation.js";
import "./feedback.js";
import "./leaving.js";
import { box, words } from "./words.js";

// Gradio sets the language of the browser; the page is German whatever the browser speaks.
const speakGerman = () => { if (document.documentElement.lang !== "de") document.documentElement.lang = "de"; };
new MutationObserver(speakGerman).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
speakGerman();

// Gradio reports a lost connection or a full queue ("busy") in English pop-ups (hidden by our style): say it in German, in place.
const complain = () => {
  for (const toast of document.querySelectorAll('[data-testid="toast-text"]:not([data-seen])')) {
    toast.dataset.seen = "";
    heard();
    const reason = /busy|full|queue/i.test(toast.textContent) ? words().busy : words().lost;
    warn(reason);
    giveUp(reason);
  }
};

let carried = null;
const look = () => {
  complain();
  const now = document.querySelector("#fs-carrier template");
  if (now !== carried) {
    carried = now;
    heard();
    warn("");
  }
  show();
};

document.addEventListener("click", (event) => {
  if (event.target.closest("#fs-new")) clear();
  if (event.target.closest("#fs-ask, #fs-stop, #fs-new, .fs-example")) setTimeout(() => box()?.focus(), 0);
});

new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
