/* The choice of documents to ask: groups, filter, and what is told of it. What is picked is written into a field that
   goes to the server with each question. */
import { speak, write } from "./words.js";

const picker = () => document.querySelector("details.fs-scope");
const boxes = (part, which = "") => [...part.querySelectorAll(`input[name="document"]${which}`)];
const titleOf = (box) => box.closest("label").querySelector(".fs-title").textContent;

const told = (picked) => {
  const { all, one, some } = picker().dataset;
  if (!picked.length) return all;
  return picked.length === 1 ? one.replace("{title}", titleOf(picked[0])) : some.replace("{count}", picked.length);
};

const settle = () => {
  for (const whole of picker().querySelectorAll(".fs-whole")) {
    const group = whole.closest("fieldset");
    const picked = boxes(group, ":checked").length;
    whole.checked = picked === boxes(group).length;
    whole.indeterminate = picked > 0 && !whole.checked;
  }
  const picked = boxes(picker(), ":checked");
  picker().querySelector(".fs-scope-told").textContent = told(picked);
  write("fs-picked", JSON.stringify(picked.map((box) => box.value)));
};

const filter = (wanted) => {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  for (const group of picker().querySelectorAll("fieldset")) {
    for (const box of boxes(group)) {
      const title = titleOf(box).toLowerCase();
      box.closest("label").hidden = !parts.every((part) => title.includes(part));
    }
    group.hidden = boxes(group).every((box) => box.closest("label").hidden);
    const whole = group.querySelector(".fs-whole-label");
    if (whole) whole.hidden = parts.length > 0; // it would pick what cannot be seen
  }
  const found = [...picker().querySelectorAll("fieldset")].some((group) => !group.hidden);
  picker().querySelector(".fs-scope-none").textContent = found ? "" : picker().dataset.none;
};

/** Close the choice, unless somebody is at it. */
export const closeScope = () => {
  const open = document.querySelector(".fs-scope[open]");
  if (open && !open.contains(document.activeElement)) open.open = false;
};

document.addEventListener("change", (event) => {
  if (!event.target.closest(".fs-scope")) return;
  if (event.target.matches(".fs-whole")) {
    for (const box of boxes(event.target.closest("fieldset"))) box.checked = event.target.checked;
  }
  if (event.target.matches('[type="checkbox"]')) settle();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "fs-scope-filter") filter(event.target.value);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest(".fs-scope-clear")) return;
  for (const box of boxes(picker())) box.checked = false;
  settle();
  speak(picker().querySelector(".fs-scope-told").textContent);
});

// Escape closes the choice, as it does with every list that unfolds.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.(".fs-scope[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
