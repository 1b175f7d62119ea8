/* Shows the conversation. Gradio carries the whole of it, as HTML in an inert template, with every sentence; from there
   only what changed is moved over. So open cards, half-written feedback and the focus stay, and what is on screen
   survives a server that lost it. */
import { arrived } from "./focus.js";
import { closeScope } from "./scope.js";
import { watchTables } from "./tables.js";
import { calm, command, speak, words } from "./words.js";

const log = () => document.getElementById("fs-log");
const shown = new Map(); // key of an exchange → the HTML it was made of
let template = null;
let told = ""; // the state of an exchange that was last spoken and scrolled to

export const show = () => {
  const carried = document.querySelector("#fs-carrier template");
  if (!carried || carried === template || !log()) return;
  template = carried;
  for (const exchange of template.content.children) place(exchange);
};

const place = (exchange) => {
  const { key, replaces } = exchange.dataset;
  const source = exchange.outerHTML;
  if (shown.get(key) === source) return;
  shown.set(key, source);
  const copy = document.importNode(exchange, true);
  const old = byKey(key) ?? (replaces ? byKey(replaces) : null);
  if (old) old.replaceWith(copy);
  else log().append(copy);
  if (!old) closeScope(); // a question has just been asked
  watchTables(copy);
  copy.dataset.number = [...log().children].indexOf(copy) + 1;
  tell(copy);
};

/** Speak of an exchange and bring it into sight, once for each of its states: not with every sentence. */
const tell = (exchange) => {
  const { key, spoken } = exchange.dataset;
  if (told === key + spoken) return;
  told = key + spoken;
  speak(spoken);
  if (exchange.dataset.state === "done") arrived(exchange);
  exchange.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
};

const byKey = (key) => log().querySelector(`[data-key="${CSS.escape(key)}"]`);

/** Whether there is a conversation that could be lost. */
export const begun = () => log()?.hasChildNodes() ?? false;

/** Forget what is shown: a new conversation begins. */
export const clear = () => {
  log().replaceChildren();
  speak("");
};

/** Say in each unfinished exchange that its answer will not come, and offer to ask again. */
export const giveUp = (reason) => {
  for (const waiting of log().querySelectorAll('[data-state="pending"]')) {
    waiting.dataset.state = "lost";
    told = "";
    waiting.querySelector(".fs-pending")?.remove();
    const { question, documents, key } = waiting.dataset;
    const error = document.createElement("p");
    error.className = "fs-error";
    error.textContent = reason;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "fs-button";
    again.textContent = words().retry;
    again.addEventListener("click", () => command({ question, documents: JSON.parse(documents), replaces: key }));
    const actions = document.createElement("p");
    actions.className = "fs-actions";
    actions.append(again);
    waiting.querySelector(".fs-reply").append(error, actions);
  }
};
