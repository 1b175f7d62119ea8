/* Asks before a conversation or a half-written question is lost: they are kept nowhere but on this page. */
import { begun } from "./conversation.js";
import { box } from "./words.js";

// Pages that it opens find back by this name, which follows a tab only as long as it shows pages from here.
const OWN_NAME = "fundstelle-gespraech-";
if (!window.name.startsWith(OWN_NAME)) window.name = `${OWN_NAME}${crypto.getRandomValues(new Uint32Array(1))[0]}`;

const MOMENT = 1_000; // milliseconds
let mailing = false; // Chromium takes the e-mail program for a way to leave, although the page stays

document.addEventListener("click", (event) => {
  if (!event.target.closest('a[href^="mailto:"]')) return;
  mailing = true;
  setTimeout(() => { mailing = false; }, MOMENT);
});

const writing = () => Boolean(box()?.value.trim());

window.addEventListener("beforeunload", (event) => { if ((begun() || writing()) && !mailing) event.preventDefault(); });
