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

const copy = async (button, text) => {
  confirmOn(button, await copied(text) ? words().copied : words().notCopied);
  button.focus();
};

/** The answer with addresses that work elsewhere too: only the browser knows the server's name. */
const answerText = (button) =>
  button.closest(".fs-reply").querySelector(".fs-copied").value.replace(/^\/dokumente\//gm, `${location.origin}/dokumente/`);

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
  if (button.matches(".fs-copy")) copy(button, answerText(button));
  if (button.matches(".fs-copy-mail")) copy(button, mailText(button));
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
