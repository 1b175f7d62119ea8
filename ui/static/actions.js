/* What the buttons and links in an answer do: show a quote, ask again or elsewhere, copy, prepare an e-mail. */
import { showBeside } from "./beside.js";
import { box, command, confirmOn, copied, words } from "./words.js";

const reveal = (mark) => {
  const quote = document.getElementById(mark.hash.slice(1));
  if (!quote) return;
  quote.closest("details").open = true;
  quote.focus();
  quote.scrollIntoView({ block: "nearest" });
  showBeside(new URL(quote.dataset.place, location.href).href, mark);
};

const copy = async (button, kinds) => {
  confirmOn(button, await copied(kinds) ? words().copied : words().notCopied);
  button.focus();
};

/** The answer as text and as HTML, with addresses that work elsewhere too: only the browser knows the server's name. */
const answerOf = (button) =>
  Object.fromEntries([...button.closest(".fs-reply").querySelectorAll(".fs-copied")].map(({ dataset, value }) =>
    [dataset.kind, value.replace(/(^|href=")(?=\/dokumente\/)/gm, `$1${location.origin}`)]));

const mailText = (part) => part.closest(".fs-mail").querySelector("textarea").value;

document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.fs-mark");
  if (mark) {
    event.preventDefault();
    reveal(mark);
    return;
  }
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".fs-copy")) copy(button, answerOf(button));
  if (button.matches(".fs-copy-mail")) copy(button, { "text/plain": mailText(button) });
  if (button.matches(".fs-command")) {
    command(JSON.parse(button.dataset.command));
    box()?.focus();
  }
});

// The link always holds what the text area shows.
document.addEventListener("input", (event) => {
  const mail = event.target.closest(".fs-mail");
  if (!mail) return;
  const text = encodeURIComponent(event.target.value.replaceAll("\n", "\r\n"));
  const { mail: address, subject } = mail.dataset;
  mail.querySelector(".fs-open-mail").href = `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${text}`;
});
