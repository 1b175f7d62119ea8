/* What the chat page adds to Gradio: the language of the page, focus, copying, marks that open their source, and one
   announcement of each answer. Plain script in the page's own origin; nothing here is evaluated or stored. */
"use strict";
(() => {
  const words = () => document.getElementById("fs-words").dataset;
  const box = () => document.querySelector("#fs-box textarea, #fs-box input");

  // Gradio sets the language of the browser; the page is German whatever the browser speaks.
  const speakGerman = () => { if (document.documentElement.lang !== "de") document.documentElement.lang = "de"; };
  new MutationObserver(speakGerman).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  speakGerman();

  // One live region outside the conversation: a screen reader hears each state once, never half an answer.
  const live = document.createElement("p");
  live.className = "fs-live";
  live.setAttribute("role", "status");
  let spoken = "";

  // Gradio reports a lost connection or a full queue in English pop-ups (hidden by our style): say it in German, in place.
  const warning = document.createElement("p");
  warning.className = "fs-warning";
  warning.setAttribute("role", "alert");
  const warn = () => {
    for (const toast of document.querySelectorAll('[data-testid="toast-text"]:not([data-seen])')) {
      toast.dataset.seen = "";
      warning.textContent = /full|queue/i.test(toast.textContent) ? words().busy : words().lost;
      document.getElementById("fs-form").prepend(warning);
      for (const waiting of document.querySelectorAll('[data-state="pending"]')) waiting.dataset.state = "lost";
    }
  };

  const announce = () => {
    warn();
    const last = [...document.querySelectorAll(".fs-exchange")].pop();
    const key = last ? last.dataset.number + last.dataset.state : "";
    if (key === spoken) return;
    spoken = key;
    warning.textContent = "";
    const told = last ? last.querySelector("[data-speak]") : null;
    live.textContent = told ? told.textContent.trim() : "";
    if (!last) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    last.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };

  const reveal = (mark) => {
    const source = document.getElementById(mark.hash.slice(1));
    if (!source) return;
    source.closest("details").open = true;
    source.focus();
    source.scrollIntoView({ block: "nearest" });
  };

  const copy = async (button) => {
    const text = button.closest(".fs-reply").querySelector(".fs-copied");
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text.value);
    } else { // a page served without TLS has no clipboard but the old way
      text.hidden = false;
      text.select();
      document.execCommand("copy");
      text.hidden = true;
      button.focus();
    }
    live.textContent = words().copied;
    const label = button.textContent;
    button.textContent = words().copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.fs-mark");
    if (mark) { event.preventDefault(); reveal(mark); return; }
    const button = event.target.closest("button.fs-copy");
    if (button) { copy(button); return; }
    if (event.target.closest("#fs-ask, #fs-stop, #fs-new, .fs-example")) setTimeout(() => box()?.focus(), 0);
  });

  document.body.append(live);
  new MutationObserver(announce).observe(document.body, { childList: true, subtree: true });
})();
