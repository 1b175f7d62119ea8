/* From the box, the first step back after an answer came leads to its beginning: else that would be as many steps away as
   the answer has marks, links and buttons. After that all steps are the usual ones. */
import { box } from "./words.js";

let fresh = null;

/** An answer has come. */
export const arrived = (exchange) => { fresh = exchange.querySelector(".fs-reply"); };

document.addEventListener("keydown", (event) => {
  if (event.key !== "Tab" || !event.shiftKey || event.target !== box() || !fresh?.isConnected) return;
  event.preventDefault();
  const { parentElement: exchange } = fresh;
  fresh.focus({ preventScroll: true });
  exchange.scrollIntoView({ block: "start" });
});

// Whoever is in it has found it, whichever way.
document.addEventListener("focusin", (event) => { if (fresh?.contains(event.target)) fresh = null; });
