/* Asks before a conversation is lost: it is kept nowhere but on this page. */
import { begun } from "./conversation.js";

const MOMENT = 1_000; // milliseconds
let mailing = false; // Chromium takes the e-mail program for a way to leave, although the page stays

document.addEventListener("click", (event) => {
  if (!event.target.closest('a[href^="mailto:"]')) return;
  mailing = true;
  setTimeout(() => { mailing = false; }, MOMENT);
});

window.addEventListener("beforeunload", (event) => { if (begun() && !mailing) event.preventDefault(); });
