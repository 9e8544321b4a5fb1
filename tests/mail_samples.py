"""Messages for tests, as mail programs and servers write them."""

from __future__ import annotations

import base64
import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

SERVER = "from mx.boeuf.example (mx.boeuf.example [192.0.2.7]) by mail.exemple.fr with ESMTPS; {when}"
ON_TIME = "Thu, 1 Oct 2026 11:30:00 +0200"
EARLIER = "Thu, 1 Oct 2026 09:00:00 +0000"


def workbook(note: str = "a", part: str = "xl/workbook.xml") -> bytes:
    """A file that begins like a workbook; ``note`` makes it another one."""
    return zipped({"[Content_Types].xml": b"<Types/>", part: note.encode()})


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def message(*attachments: tuple[str, bytes], **headers: str) -> EmailMessage:
    """A message of a supplier's with its attachments; headers are named with ``_`` for ``-``."""
    made = EmailMessage(policy=SMTP)
    given = {
        "Received": SERVER.format(when=ON_TIME), "From": "Société Bœuf <contact@boeuf.example>",
        "To": "achats@exemple.fr", "Subject": "RE: Restauration", "Date": EARLIER, "Message-ID": "<1@boeuf.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    for name, value in given.items():
        if value:
            made[name] = value
    made.set_content("Bonjour,\n\nvoici notre réponse.\n")
    for name, data in attachments:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def raw(headers: str, body: str) -> bytes:
    """A message written by hand."""
    return f"From: a@boeuf.example\r\nSubject: x\r\n{headers}\r\n\r\n{body}".encode("utf-8", "surrogateescape")


def encoded(data: bytes) -> str:
    """Base64 in lines, as messages hold it."""
    return base64.encodebytes(data).decode()


def bounced(original: EmailMessage, address: str = "contact@boeuf.example") -> bytes:
    """A server's notice that a message did not arrive, with the message in it."""
    notice = (
        "This could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mail.exemple.fr\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    report = 'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"'
    body = f"--b\r\nContent-Type: text/plain\r\n\r\n{notice}{original.as_bytes().decode()}\r\n--b--\r\n"
    return raw(f"{report}\r\nMessage-ID: <2@mail.exemple.fr>\r\nReceived: {SERVER.format(when=ON_TIME)}", body)
