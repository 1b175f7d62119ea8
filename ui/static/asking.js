/* Refuses what is no question before it is sent: it stays in the box, and the page says what is wrong with it. */
import { box, speak, words } from "./words.js";

const warning = document.createElement("p");
warning.className = "fs-warning";
warning.setAttribute("role", "alert");

const WONDER = 1_500; // milliseconds
const onItsWay = document.createElement("p");
onItsWay.className = "fs-waiting";
let sending = 0;

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

/** Say that a question is on its way, if that takes so long that somebody may wonder. */
const send = () => {
  clearTimeout(sending);
  sending = setTimeout(() => {
    onItsWay.textContent = words().sending;
    document.getElementById("fs-form").prepend(onItsWay);
    speak(words().sending);
  }, WONDER);
};

/** The server has answered, or will not. */
export const heard = () => {
  clearTimeout(sending);
  if (!onItsWay.isConnected) return;
  onItsWay.remove();
  speak("");
};

const check = (event) => {
  const wrong = fault(box().value);
  warn(wrong);
  if (!wrong) {
    send();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  box().focus();
};

for (const kind of ["keydown", "keypress"]) {
  document.addEventListener(kind, (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box()) check(event);
  }, { capture: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#fs-ask")) check(event);
  if (event.target.closest(".fs-example, .fs-command")) send();
  if (event.target.closest("#fs-new, #fs-stop")) heard();
}, { capture: true });

// Who pastes too much learns it at once, and sees when it is short enough.
document.addEventListener("input", (event) => { if (event.target === box()) warn(tooLong(box().value)); });
