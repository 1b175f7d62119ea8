"""The question whether an answer helped. Pure: values in, text out, everything escaped."""

from __future__ import annotations

import json
from html import escape

from assistant.domain import Answer, Status
from assistant.feedback import Reason
from ui.german_typer import say
from ui.html import button, said

OF_DECLINED = (Reason.MISSED, Reason.UNCLEAR, Reason.OTHER)
OF_ANSWERED = tuple(reason for reason in Reason if reason is not Reason.MISSED)
"""What can be wrong with an answer that says something."""


def feedback_html(key: str, answer: Answer) -> str:
    """Two buttons, and behind the second the reasons, a comment, and whether the question may be handed over."""
    about = {
        "status": answer.status,
        "mode": answer.mode,
        "documents": list(dict.fromkeys(citation.document for citation in answer.citations)),
    }
    id = f"fs-feedback-{key}"
    unfolds = f' aria-expanded="false" aria-controls="{id}-form"'
    return (
        f'<div class="fs-feedback" role="group" aria-labelledby="{id}" data-about="{escape(json.dumps(about))}">'
        f'<p class="fs-actions"><span id="{id}">{said("feedback", "title")}</span>'
        f"{button('fs-helpful', say('feedback', 'yes'))}"
        f"{button('fs-unhelpful', say('feedback', 'no'), unfolds)}</p>"
        f'<div class="fs-feedback-form" id="{id}-form" hidden>{_form(id, answer)}</div>'
        f'<p class="fs-told" role="status"></p></div>'
    )


def _form(id: str, answer: Answer) -> str:
    possible = OF_DECLINED if answer.status is Status.DECLINED else OF_ANSWERED
    reasons = "".join(_reason(reason) for reason in possible)
    return (
        f"<fieldset><legend>{said('feedback', 'reasons')}</legend>{reasons}</fieldset>"
        f'<label for="{id}-comment">{said("feedback", "comment")}</label>'
        f'<textarea id="{id}-comment" rows="3" maxlength="2000"></textarea>'
        f'<label class="fs-check"><input type="checkbox" name="question"> {said("feedback", "question")}</label>'
        f'<p class="fs-small">{said("feedback", "kept")}</p>'
        f'<p class="fs-actions">{button("fs-send", say("feedback", "send"))}'
        f"{button('fs-cancel', say('feedback', 'cancel'))}</p>"
    )


def _reason(reason: Reason) -> str:
    box = f'<input type="checkbox" name="reason" value="{reason}">'
    return f'<label class="fs-check">{box} {said("feedback", f"reason_{reason}")}</label>'
