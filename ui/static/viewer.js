/* Brings the place that was asked for into sight, and makes room where the page stands beside the chat. */
if (window !== window.top) {
  document.documentElement.classList.add("fs-framed");
  // Other sites may not be shown there.
  for (const link of document.links) {
    if (link.protocol.startsWith("http") && link.origin !== location.origin) link.target = "_blank";
  }
}

/** In a tab of its own, the way back leads to the conversation that opened it, not to a new one. */
const leadBack = ({ location: { pathname, search }, name }) => {
  if (!name.startsWith("fundstelle-gespraech-")) return;
  const home = document.querySelector("body > header a");
  home.href = `${pathname}${search}#fs-box`;
  home.target = name;
};
try {
  if (window.opener && !window.opener.closed) leadBack(window.opener);
} catch { /* another site opened it */ }

(document.querySelector(".fs-place-on") ?? document.querySelector("mark"))
  ?.scrollIntoView({ block: "center", inline: "start", behavior: "instant" });
