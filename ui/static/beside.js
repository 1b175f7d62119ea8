/* Shows a place in its document, or a page about this one, beside the chat where there is room; elsewhere the link opens
   a tab, as links do. */
import { words } from "./words.js";

const roomy = matchMedia("(min-width: 75rem)");
let panel = null;
let title = null;
let frame = null;
let opener = null; // what gets the focus back

const build = () => {
  panel = document.createElement("aside");
  panel.id = "fs-beside";
  panel.hidden = true;
  title = document.createElement("h2");
  const tab = document.createElement("a");
  tab.target = "_blank";
  tab.rel = "noopener";
  tab.textContent = words().besideTab;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = words().besideClose;
  close.addEventListener("click", hide);
  frame = document.createElement("iframe");
  frame.addEventListener("load", () => {
    tab.href = frame.contentWindow.location.href; // the reader may have turned the page
    frame.contentWindow.addEventListener("keydown", closeByKey);
  });
  panel.append(title, tab, close, frame);
  document.querySelector("gradio-app").after(panel);
};

/** Escape closes it from everywhere, but first what is unfolded where the focus is. */
const closeByKey = (event) => {
  if (event.key === "Escape" && panel && !panel.hidden && !event.target.closest?.(".fs-scope[open]")) hide();
};
document.addEventListener("keydown", closeByKey);

const hide = () => {
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  document.documentElement.classList.remove("fs-split");
  if (inside) opener?.focus(); // who is elsewhere stays there
};

/** Show the page at `address`; false where there is no room for it. */
export const showBeside = (address, from) => {
  if (!roomy.matches) return false;
  if (!panel) build();
  opener = from;
  const name = from.dataset.beside ?? words().beside;
  title.textContent = frame.title = name;
  panel.setAttribute("aria-label", name);
  panel.hidden = false;
  document.documentElement.classList.add("fs-split");
  // Replaced, not followed: the way back leads out of the chat as before.
  if (frame.contentWindow.location.href !== address) frame.contentWindow.location.replace(address);
  panel.querySelector("a").href = address;
  return true;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[target="fundstelle-seite"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!showBeside(link.href, link)) return;
  event.preventDefault();
  panel.querySelector("button").focus();
});
