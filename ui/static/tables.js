/* Says of a table that is wider than its place that it can be moved. */
import { words } from "./words.js";

const tell = (region) => {
  const hint = region.previousElementSibling?.matches(".fs-wide") ? region.previousElementSibling : null;
  const wide = region.scrollWidth > region.clientWidth;
  if (!wide) hint?.remove();
  if (!wide || hint) return;
  const told = document.createElement("p");
  told.className = "fs-small fs-wide";
  told.textContent = words().wide;
  region.before(told);
};
const watcher = new ResizeObserver((changes) => { for (const { target } of changes) tell(target); });

export const watchTables = (part) => { for (const region of part.querySelectorAll(".fs-table")) watcher.observe(region); };
