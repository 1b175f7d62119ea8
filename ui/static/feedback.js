/* Feedback on an answer: sent only when a button says so, with the question only where that box is ticked. */
import { words } from "./words.js";

const part = (element) => element.closest(".fs-feedback");

const unfold = (feedback, open) => {
  feedback.querySelector(".fs-feedback-form").hidden = !open;
  feedback.querySelector(".fs-unhelpful").setAttribute("aria-expanded", String(open));
  tell(feedback, "");
};

const tell = (feedback, text, failed = false) => {
  const told = feedback.querySelector(".fs-told");
  told.textContent = text;
  told.classList.toggle("fs-error", failed);
};

const given = (feedback) => ({
  reasons: [...feedback.querySelectorAll('[name="reason"]:checked')].map((box) => box.value),
  comment: feedback.querySelector("textarea").value,
  question: feedback.querySelector('[name="question"]').checked
    ? feedback.closest(".fs-exchange").dataset.question : "",
});

const send = async (feedback, body) => {
  const about = JSON.parse(feedback.dataset.about);
  const buttons = [...feedback.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    const response = await fetch("/api/feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...about, ...body }),
    });
    if (!response.ok) throw new Error((await response.json()).error.message);
    for (const gone of feedback.querySelectorAll(":scope > :not(.fs-told)")) gone.remove();
    tell(feedback, words().thanks);
    const told = feedback.querySelector(".fs-told");
    told.tabIndex = -1; // the button that had the focus is gone
    told.focus();
  } catch (error) {
    for (const button of buttons) button.disabled = false;
    // An error of the network has words of the browser's own, in its language.
    tell(feedback, error instanceof TypeError || error instanceof SyntaxError ? words().unsent : error.message, true);
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest(".fs-feedback button");
  if (!button) return;
  const feedback = part(button);
  if (button.matches(".fs-helpful")) send(feedback, { helpful: true });
  if (button.matches(".fs-unhelpful")) {
    const open = feedback.querySelector(".fs-feedback-form").hidden;
    unfold(feedback, open);
    if (open) feedback.querySelector("input").focus();
  }
  if (button.matches(".fs-cancel")) {
    unfold(feedback, false);
    feedback.querySelector(".fs-unhelpful").focus();
  }
  if (button.matches(".fs-send")) send(feedback, { helpful: false, ...given(feedback) });
});
