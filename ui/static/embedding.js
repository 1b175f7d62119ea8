/* Puts together the lines that embed the widget, as they are set up in the form, and shows them at work. */
"use strict";
(() => {
  const form = document.getElementById("fs-settings");
  const told = document.getElementById("fs-told");
  const widget = document.querySelector("fundstelle-chat");
  const frame = document.querySelector("iframe");
  const server = location.origin;

  const attribute = (text) =>
    text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

  const chosen = () => {
    const data = new FormData(form);
    const ids = data.getAll("document");
    // Commas separate ids; where one holds a comma itself, JSON does.
    const plain = ids.every((id) => !id.includes(",") && !id.startsWith("[") && id === id.trim());
    const values = {
      heading: data.get("heading").trim(),
      documents: plain ? ids.join(",") : JSON.stringify(ids),
      theme: data.get("theme"),
    };
    return Object.entries(ids.length ? values : { ...values, documents: "" });
  };

  const show = (id, text) => { document.getElementById(id).textContent = text; };

  const update = () => {
    const all = chosen();
    const set = all.filter(([, value]) => value);
    for (const [name, value] of all) value ? widget.setAttribute(name, value) : widget.removeAttribute(name);
    const attributes = set.map(([name, value]) => ` ${name}="${attribute(value)}"`).join("");
    const fallback = attribute(widget.textContent.trim());
    show("fs-element", [
      `<script src="${server}/widget.js" defer></script>`,
      `<fundstelle-chat${attributes}>`,
      `  <a href="${server}/">${fallback}</a>`,
      "</fundstelle-chat>",
    ].join("\n"));
    show("fs-element-policy", `script-src ${server}; connect-src ${server}`);

    const query = new URLSearchParams(set).toString();
    const address = `${server}/embed${query && `?${query}`}`;
    show("fs-frame", [
      `<iframe src="${attribute(address)}"`,
      `  title="${attribute(frame.title)}" width="100%" height="600" referrerpolicy="no-referrer"></iframe>`,
    ].join("\n"));
    show("fs-frame-policy", `frame-src ${server}`);
    if (frame.src !== address) frame.src = address;
  };

  const copy = async (button) => {
    const code = document.getElementById(button.dataset.copies);
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(code.textContent);
    } else { // a page served without TLS has no clipboard but the old way
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    told.textContent = told.dataset.copied;
    const words = button.textContent;
    button.textContent = told.dataset.copied;
    setTimeout(() => { button.textContent = words; told.textContent = ""; }, 2000);
  };

  const offerDocuments = async () => {
    const answer = await fetch("/api/documents");
    if (!answer.ok) return; // then all documents are asked; the preview says what is wrong
    const group = document.getElementById("fs-documents");
    for (const { id, title } of await answer.json()) {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "document", value: id });
      label.append(box, title);
      group.append(label);
    }
    group.hidden = false;
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", update);
  form.addEventListener("input", (event) => { if (event.target.name === "heading") update(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (button) copy(button);
  });
  update();
  offerDocuments();
})();
