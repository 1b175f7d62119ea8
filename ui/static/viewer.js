/* Brings the place that was asked for into sight, and makes room where the page stands beside the chat. */
if (window !== window.top) {
  document.documentElement.classList.add("fs-framed");
  // Other sites may not be shown there.
  for (const link of document.links) if (link.origin !== location.origin) link.target = "_blank";
}
(document.querySelector(".fs-place-on") ?? document.querySelector("mark"))
  ?.scrollIntoView({ block: "center", inline: "start", behavior: "instant" });
