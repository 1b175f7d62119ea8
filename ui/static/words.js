/* What the page says by script, and how its script reaches the fields that Gradio hands to the server. */

export const words = () => document.getElementById("fs-words").dataset;
export const box = () => document.querySelector("#fs-box textarea, #fs-box input");
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Write into one of Gradio's fields as if it were typed. */
export const write = (id, text) => {
  const field = document.querySelector(`#${id} textarea, #${id} input`);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
};

/** Let the server do what a button of ours asks: {question, documents, replaces}. */
export const command = (wish) => {
  const field = write("fs-command", JSON.stringify(wish));
  field.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
};

// One live region outside the conversation: a screen reader hears each state once, never half an answer.
const live = document.createElement("p");
live.className = "fs-live";
live.setAttribute("role", "status");
document.body.append(live);
export const speak = (text) => { live.textContent = text; };

/** Copy the same thing in several kinds ({"text/plain": …}); false where the browser does not let us. */
export const copied = async (kinds) => {
  const all = Object.entries(kinds);
  try {
    const items = all.map(([kind, text]) => [kind, new Blob([text], { type: kind })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(items))]);
    return true;
  } catch { // a page served without TLS has no clipboard but the old way
    const give = (event) => {
      event.preventDefault();
      for (const [kind, text] of all) event.clipboardData.setData(kind, text);
    };
    const area = document.createElement("textarea");
    area.value = kinds["text/plain"];
    area.className = "fs-live";
    document.body.append(area);
    area.select();
    document.addEventListener("copy", give);
    const done = document.execCommand("copy");
    document.removeEventListener("copy", give);
    area.remove();
    return done;
  }
};

/** Tell on a button what it did, and to screen readers too. */
export const confirmOn = (button, text) => {
  speak(text);
  button.dataset.label ??= button.textContent;
  button.textContent = text;
  setTimeout(() => { button.textContent = button.dataset.label; }, 2500);
};
