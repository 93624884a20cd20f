"""Mails that hold an article: whole ones, as mail programs save them, and what they add to what is passed on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from html import escape
from typing import Any

from summarizer.errors import InputError

# Headers that a mail has beside what any text may begin with, such as "Dari:".
_HEAD = re.compile(rb"(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\s*\n")
_TELLING = re.compile(
    rb"^(?:mime-version|message-id|received|content-type|content-transfer-encoding):", re.IGNORECASE | re.MULTILINE
)
_SENDER = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
# Most bytes of the headers that are looked at.
_LONGEST_HEAD = 100_000
# A text that is so many times shorter than another one in the same mail only says that the other is attached.
_SHORTER = 3
# What is not seen of HTML; that of styles and scripts up to the next tag.
_UNSEEN = re.compile(r"<(?:script|style|title)\b[^<]*|<[^<>]*>?", re.IGNORECASE)
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


def read_mail(data: bytes, decode: Callable[[bytes, str], str]) -> str | None:
    """Return the text of a mail, or its HTML where it has some, with its subject as the headline; None without text.

    Quoted-printable and Base64 are decoded. A mail or a page that is attached takes the place of a text that only says
    so; other attachments are left out.

    Args:
        data: the mail, as it is on the disk.
        decode: turns the bytes of a part into text, or raises an `InputError`; it is also given the name of their
            encoding, or "".
    """
    try:
        message = message_from_bytes(data.lstrip(), _class=EmailMessage, policy=policy.default)
        texts = list(_texts(message, decode))
    except (LookupError, TypeError, RecursionError, AttributeError, ValueError, errors.MessageError):
        # Python's reader ends with one of these at some damaged headers.
        return None
    longest = max((text.words for text in texts), default=0)
    for text in texts:
        if text.words and text.words * _SHORTER >= longest:
            return text.as_page()
    return None


@dataclass(frozen=True)
class _Text:
    """A text in a mail, with the subject of that mail."""

    subject: str
    content: str
    is_html: bool

    @cached_property
    def words(self) -> int:
        """Number of words that are seen of it."""
        return len((_UNSEEN.sub(" ", self.content) if self.is_html else self.content).split())

    def as_page(self) -> str:
        """Return the text below the subject, or HTML with the subject as its title, unless it has one."""
        if not self.is_html:
            return f"{self.subject}\n\n{self.content}"
        if "<title" in self.content.casefold():
            return self.content
        return f"<html><head><title>{escape(self.subject)}</title></head>{self.content}"


def _texts(message: EmailMessage, decode: Callable[[bytes, str], str]) -> Iterator[_Text]:
    """Yield the texts of a mail, HTML first, the pages that are attached to it, and those of the mails that are."""
    for mail in _mails(message):
        subject = _PREFIXES.sub("", str(mail["subject"] or ""))
        pages = filter(_is_page, mail.iter_attachments())
        for part in (mail.get_body(("html",)), mail.get_body(("plain",)), *pages):
            payload = part.get_payload(decode=True) if part is not None else None
            # What can't be decoded is no text.
            with suppress(InputError):
                if isinstance(payload, bytes):
                    content = decode(payload, str(part.get_content_charset() or ""))
                    yield _Text(subject, content, _is_page(part))


def _mails(message: EmailMessage) -> Iterator[Any]:
    """Yield a mail, and those that are attached to it, or to one of those."""
    yield message
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            yield from part.get_payload()


def _is_page(part: Any) -> bool:
    return bool(part.get_content_type() == "text/html")


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
