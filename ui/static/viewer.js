/* Brings the place that was asked for into sight, and makes room where the viewer stands beside the chat. */
if (window !== window.top) document.documentElement.classList.add("fs-framed");
(document.querySelector(".fs-place-on") ?? document.querySelector("mark"))
  ?.scrollIntoView({ block: "center", inline: "start", behavior: "instant" });
