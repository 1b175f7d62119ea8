/* Refuses what is no question before it is sent: it stays in the box, and the page says what is wrong with it. */
import { box, words } from "./words.js";

const warning = document.createElement("p");
warning.className = "fs-warning";
warning.setAttribute("role", "alert");

/** Say something above the box, or nothing. */
export const warn = (text) => {
  if (warning.textContent === text) return;
  warning.textContent = text;
  if (text) document.getElementById("fs-form").prepend(warning);
};

const tooLong = (question) => {
  const { limit, tooLong: sentence } = words();
  const length = [...question].length;
  return length > Number(limit) ? sentence.replace("{length}", length) : "";
};

const fault = (question) => (/[\p{L}\p{N}]/u.test(question) ? tooLong(question) : words().blank);

const check = (event) => {
  const wrong = fault(box().value);
  warn(wrong);
  if (!wrong) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  box().focus();
};

for (const kind of ["keydown", "keypress"]) {
  document.addEventListener(kind, (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) check(event);
  }, { capture: true });
}

document.addEventListener("click", (event) => { if (event.target.closest("#fs-ask")) check(event); }, { capture: true });

// Who pastes too much learns it at once, and sees when it is short enough.
document.addEventListener("input", (event) => { if (event.target === box()) warn(tooLong(box().value)); });
