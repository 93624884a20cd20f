"""Mails that hold an article: whole ones, as mail programs save them, and what they add to what is passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from html import escape

# Headers that a mail has beside what any text may begin with, such as "Dari:".
_HEAD = re.compile(rb"(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\s*\n")
_TELLING = re.compile(
    rb"^(?:mime-version|message-id|received|content-type|content-transfer-encoding):", re.IGNORECASE | re.MULTILINE
)
_SENDER = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
# Most bytes of the headers that are looked at.
_LONGEST_HEAD = 100_000
# What mail programs put in front of the subject of a mail that is answered or passed on.
_PASSED_ON = r"(?:(?:fwd?|re|tr|bls|trs)\s*:\s*)"
_PREFIXES = re.compile(rf"^{_PASSED_ON}+", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:subject|subjek|perihal)\s*:\s*(.+)$", re.IGNORECASE)
# Fewest lines of a mail that is quoted: a headline and two paragraphs. A single ">" may be a bullet.
_MIN_QUOTED = 3


def is_mail(data: bytes) -> bool:
    """Tell whether a file is a mail: it begins with its headers, among them who sent it."""
    head = _HEAD.match(data.lstrip()[:_LONGEST_HEAD].replace(b"\r\n", b"\n"))
    return head is not None and bool(_SENDER.search(head.group()) and _TELLING.search(head.group()))


def read_mail(data: bytes) -> str | None:
    """Return the text of a mail, or its HTML where it has some, with its subject as the headline; None without text.

    Quoted-printable and Base64 are decoded, and attachments left out.
    """
    try:
        message = message_from_bytes(data.lstrip(), _class=EmailMessage, policy=policy.default)
        part = message.get_body(("html", "plain"))
        content = part.get_content() if part is not None else ""
        subject = _PREFIXES.sub("", str(message["subject"] or ""))
    except (LookupError, ValueError, TypeError, RecursionError, AttributeError, errors.MessageError):
        # Python's reader ends with one of these at some damaged headers.
        return None
    if part is None or not isinstance(content, str) or not content.strip():
        return None
    if part.get_content_type() == "text/html":
        has_title = "<title" in content.casefold()
        return content if has_title else f"<html><head><title>{escape(subject)}</title></head>{content}"
    return f"{subject}\n\n{content}"


def without_mail_marks(lines: Sequence[str]) -> list[str]:
    """Return lines without the ">" in front of each line of a mail that is quoted, and a subject's text alone.

    Lines that stand around the quoted ones stay: rules know who wrote when, and take what stands above.
    """
    filled = [line for line in lines if line.strip()]
    quoted = [line for line in filled if line.startswith(">")]
    # At least half of the text is quoted.
    is_quoted = len(quoted) >= _MIN_QUOTED and 2 * len("".join(quoted)) >= len("".join(filled))
    plain: list[str] = []
    for line in lines:
        unquoted = line.lstrip("> ") if is_quoted and line.startswith(">") else line
        subject = _SUBJECT.match(unquoted)
        # "Perihal: surat itu" may be prose; what was passed on is not.
        if subject and _PREFIXES.match(subject[1]):
            plain.append(_PREFIXES.sub("", subject[1]))
        else:
            plain.append(unquoted)
    return plain
