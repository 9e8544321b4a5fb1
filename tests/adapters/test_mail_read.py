"""Received messages: every file in them is found, however they are written, nested or broken; nothing makes it stop."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart

import pytest
from endless import coming_to_an_end
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import EARLIER, ON_TIME, SERVER, bounced, encoded, message, raw, workbook, zipped

from canevas_xl.adapters.mail.archives import unzip
from canevas_xl.adapters.mail.contents import LARGEST_FILE, Kind, content_of
from canevas_xl.adapters.mail.read import Mail, Trouble, read_mail, split_mailbox, tidy

ARRIVED = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
BOOK = workbook()
"""Seconds of work."""
OPEN = b"application/vnd.oasis.opendocument."


def names(mail: Mail) -> list[str]:
    return [one.name for one in mail.attachments]


def files(mail: Mail) -> list[bytes]:
    return [one.data for one in mail.attachments]


def test_a_message_says_who_what_and_when_its_last_server_took_it() -> None:
    mail = read_mail(message(("réponse.xlsx", BOOK)).as_bytes())
    assert (mail.envelope.sender, mail.envelope.subject) == ("contact@boeuf.example", "RE: Restauration")
    assert mail.envelope.received == ARRIVED
    assert mail.envelope.identity == "<1@boeuf.example>"
    assert (names(mail), files(mail)) == (["réponse.xlsx"], [BOOK])
    assert mail.troubles == mail.undelivered == ()


def test_the_topmost_readable_received_header_counts_and_not_those_that_a_sender_could_write() -> None:
    headers = f"Received: nothing; no date\r\nReceived: by a; {ON_TIME}\r\nReceived: by b; {EARLIER}"
    assert read_mail(raw(headers, "")).envelope.received == ARRIVED


def test_without_a_server_only_the_sender_says_when() -> None:
    envelope = read_mail(message(Received="").as_bytes()).envelope
    assert envelope.received is None
    assert envelope.stated == datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


def test_a_time_without_zone_stays_naive_and_an_impossible_one_is_none() -> None:
    assert read_mail(raw("Date: Thu, 1 Oct 2026 11:30:00 -0000", "")).envelope.stated == datetime(2026, 10, 1, 11, 30)  # noqa: DTZ001 - that is the point
    for text in ("yesterday", "Thu, 99 Foo 2026 11:30:00", "Thu, 1 Oct 99999 11:30:00 +9999", "\udcff", ""):
        assert read_mail(raw(f"Date: {text}", "")).envelope.stated is None


CODINGS = {
    "base64": ("base64", encoded(BOOK)),
    "base64 without its end": ("BASE64 ", encoded(BOOK).rstrip("=\n")),
    "base64 with signs that are none": ("base64", encoded(BOOK).replace("\n", " !\r\n")),
    "quoted-printable": ("quoted-printable", "".join(f"={byte:02X}" for byte in BOOK)),
}


@pytest.mark.parametrize("disposition", ["attachment", "inline", "", "attachment; filename=r.xlsx", "strange; ;;=;"])
@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "image/png", "nonsense", ""])
@pytest.mark.parametrize("coding", CODINGS)
def test_a_workbook_is_found_whatever_its_part_says_of_it(kind: str, disposition: str, coding: str) -> None:
    name, text = CODINGS[coding]
    said = f"Content-Type: {kind}\r\nContent-Disposition: {disposition}\r\nContent-Transfer-Encoding: {name}"
    mail = read_mail(raw("Content-Type: multipart/mixed; boundary=b", f"--b\r\n{said}\r\n\r\n{text}\r\n--b--\r\n"))
    assert files(mail) == [BOOK]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=utf-8''r%C3%A9ponse.xlsx", "réponse.xlsx"),
        ("attachment; filename*0*=utf-8''r%C3%A9po; filename*1=nse.xlsx", "réponse.xlsx"),
        ('attachment; filename="=?utf-8?q?r=C3=A9ponse=2Exlsx?="', "réponse.xlsx"),
        ('attachment; filename="réponse.xlsx"', "réponse.xlsx"),
        ('attachment; filename="..\\\\..\\\\réponse.xlsx"', "réponse.xlsx"),
        ("attachment; filename*=nonsense''r%E9ponse.xlsx", "réponse.xlsx"),
        ('attachment; filename="a\tb\u202exslx.exe"', "a b xslx.exe"),
    ],
)
def test_the_name_of_a_file_is_read_as_its_program_wrote_it_without_any_folder(header: str, name: str) -> None:
    body = f"--b\r\nContent-Disposition: {header}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded(BOOK)}\r\n--b--"
    assert names(read_mail(raw("Content-Type: multipart/mixed; boundary=b", body))) == [name]


def test_the_only_part_of_a_message_may_be_the_workbook() -> None:
    mail = read_mail(raw("Content-Type: application/vnd.ms-excel\r\nContent-Transfer-Encoding: base64", encoded(BOOK)))
    assert files(mail) == [BOOK]


def test_a_character_set_with_a_strange_name_stops_nothing() -> None:
    body = f'--b\r\nContent-Type: text/plain; charset="a\0b"\r\n\r\né\r\n--b\r\n\r\n{encoded(BOOK)}\r\n--b--\r\n'
    assert files(read_mail(raw("Content-Type: multipart/mixed; boundary=b", body))) == [BOOK]


def test_what_people_write_is_no_attachment() -> None:
    made = message()
    made.add_alternative("<p>Bonjour</p>", subtype="html")
    assert read_mail(made.as_bytes()).attachments == ()


def test_a_forwarded_message_speaks_for_itself_but_not_for_the_time() -> None:
    outer = message(From="Un Collègue <collegue@exemple.fr>", Subject="TR", Message_ID="<9@exemple.fr>")
    inner = message(("r.xlsx", BOOK), Received=SERVER.format(when=EARLIER), Subject="Notre offre")
    outer.add_attachment(inner)
    mail = read_mail(outer.as_bytes())
    (one,) = mail.attachments
    assert (one.name, one.data, one.forwarded) == ("r.xlsx", BOOK, True)
    assert (one.envelope.sender, one.envelope.subject) == ("contact@boeuf.example", "Notre offre")
    assert mail.envelope.received == ARRIVED
    assert mail.envelope.sender == "collegue@exemple.fr"


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "application/octet-stream; name=x.eml", "message/rfc822; name=x.eml"]
)
def test_a_message_that_was_encoded_inside_another_is_opened_too(kind: str) -> None:
    inner = encoded(message(("r.xlsx", BOOK)).as_bytes())
    body = f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{inner}\r\n--b--\r\n"
    mail = read_mail(raw("Content-Type: multipart/mixed; boundary=b", body))
    assert [(one.name, one.data, one.forwarded) for one in mail.attachments] == [("r.xlsx", BOOK, True)]


def test_a_notice_of_delivery_names_who_was_not_reached() -> None:
    mail = read_mail(bounced(message(("canevas.xlsx", BOOK))))
    assert mail.undelivered == ("contact@boeuf.example",)
    assert mail.automatic
    assert files(mail) == [BOOK]


@pytest.mark.parametrize("kind", ["application/pkcs7-mime; name=smime.p7m", "application/pgp-encrypted"])
def test_an_encrypted_message_is_said_to_be_one(kind: str) -> None:
    assert read_mail(raw(f"Content-Type: {kind}", "x")).troubles == (Trouble.SEALED,)


def test_the_signature_of_a_signed_message_is_no_attachment() -> None:
    body = (
        f"--b\r\nContent-Type: application/octet-stream; name=r.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{encoded(BOOK)}\r\n--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nxyz\r\n--b--\r\n"
    )
    mail = read_mail(raw("Content-Type: multipart/signed; boundary=b", body))
    assert (names(mail), mail.troubles) == (["r.xlsx"], ())


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/mixed; boundary=other",
        "Content-Type: text/plain",
        "Content-Type multipart/mixed; boundary=b",
        "\r\nContent-Type: multipart/mixed; boundary=b",
    ],
)
def test_a_file_is_found_in_the_raw_text_of_a_message_whose_parts_cannot_be_told(headers: str) -> None:
    body = f"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded(BOOK)}\r\n--b--\r\n"
    (one,) = read_mail(raw(headers, body)).attachments
    assert (one.data, one.recovered) == (BOOK, True)


@pytest.mark.parametrize("levels", [80, 400, 3000])
def test_a_file_under_a_tower_of_parts_is_found_and_the_tower_said(levels: int) -> None:
    tower = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(levels))
    body = f"{tower}Content-Transfer-Encoding: base64\r\n\r\n{encoded(BOOK)}"
    mail = read_mail(b"From: a@b.fr\r\n" + body.encode())
    assert files(mail) == [BOOK]
    assert Trouble.TOO_MUCH in mail.troubles


def test_thousands_of_parts_are_bounded_and_said() -> None:
    body = "--b\r\nContent-Type: image/png; name=x\r\n\r\nx\r\n" * 5000
    mail = read_mail(raw("Content-Type: multipart/mixed; boundary=b", body))
    assert mail.troubles == (Trouble.TOO_MUCH,)
    assert len(mail.attachments) < 2000


@pytest.mark.parametrize(
    "data",
    [
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(90))
        + b"x\n" * 1_000_000,
        b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\n" * 500_000,
        b"Subject: x\n\n" + b"\n" * 5_000_000,
    ],
    ids=["lines under a tower of parts", "parts without end", "lines without end"],
)
def test_a_message_that_would_keep_the_parser_busy_is_not_parsed(data: bytes) -> None:
    with coming_to_an_end():
        assert read_mail(data).troubles == (Trouble.TOO_MUCH,)


@pytest.mark.parametrize(
    "data",
    [
        b'Content-Type: text/plain; a="' + b";" * 200_000 + b"\n\nx",
        b"From: a@b\nTo: c\n\n" + b"".join(b"UEsDBAoAAAAAA%07d\n\n" % n for n in range(20_000)),
    ],
    ids=["parameters without end", "files without end"],
)
def test_what_repeats_without_end_is_looked_at_soon(data: bytes) -> None:
    with coming_to_an_end():
        read_mail(data)


def test_a_sender_in_a_tower_of_brackets_is_nobody() -> None:
    assert read_mail(b"From: " + b"(" * 100_000 + b"\n\nx").envelope.sender == ""


@pytest.mark.parametrize(
    "data",
    [
        b"From " + b"1:1111 " * 1_100,
        b"CX1-ABCDEF-ABCD-L1\n" + b"\n" * 200_000,
        b"CX1-ABCDEF-ABCD-L1\n" + b";;;;;;;;;;\n" * 65_000,
        b"[" + b"\r\n" * 4_000 + b"[InternetShortcut",
        b"{" + b'"' * 9_000,
    ],
    ids=["hours without end", "empty lines", "empty rows", "a shortcut of empty lines", "quotes"],
)
def test_what_a_text_is_is_told_at_once(data: bytes) -> None:
    with coming_to_an_end():
        assert content_of(data).kind is Kind.OTHER


@pytest.mark.parametrize("text", ["<html><body><p>Bonjour</p></body></html>", "https://exemple.fr/r.xlsx"])
def test_what_a_message_says_is_no_file_of_it(text: str) -> None:
    made = message(("r.xlsx", BOOK))
    made.get_body().set_content(text)
    made.get_body().add_alternative(f"<!DOCTYPE html><html>{text}</html>", subtype="html")
    assert names(read_mail(made.as_bytes())) == ["r.xlsx"]


def test_an_attachment_over_the_bound_is_named_and_not_taken() -> None:
    large = b"PK\x03\x04" + bytes(LARGEST_FILE)
    mail = read_mail(message(("enorme.xlsx", large), ("r.xlsx", BOOK)).as_bytes())
    assert (mail.too_large, names(mail)) == (("enorme.xlsx",), ["r.xlsx"])


# What it is, by its first bytes


@pytest.mark.parametrize(
    ("data", "kind", "extension"),
    [
        (BOOK, Kind.WORKBOOK, ".xlsx"),
        (BOOK[: len(BOOK) // 2], Kind.WORKBOOK, ".xlsx"),
        (workbook(part="xl/workbook.bin"), Kind.WORKBOOK, ".xlsb"),
        (zipped({"mimetype": OPEN + b"spreadsheet", "content.xml": b""}, 0), Kind.WORKBOOK, ".ods"),
        (zipped({"mimetype": OPEN + b"text", "content.xml": b""}, 0), Kind.OTHER, ".odt"),
        (zipped({"word/document.xml": b""}), Kind.OTHER, ".docx"),
        (zipped({"r.xlsx": BOOK}, 0), Kind.ARCHIVE, ".zip"),
        (zipped({"mimetype": b"application/vnd.etsi.asic-e+zip", "r.xlsx": BOOK}, 0), Kind.ARCHIVE, ".zip"),
        (b"PK\x03\x04", Kind.ARCHIVE, ".zip"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "Workbook".encode("utf-16-le"), Kind.WORKBOOK, ".xls"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), Kind.WORKBOOK, ".xls"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "__substg1.0_001A".encode("utf-16-le"), Kind.OUTLOOK, ".msg"),
        (bytes.fromhex("789f3e22") + b"x", Kind.TNEF, ".dat"),
        (b"%PDF-1.7", Kind.OTHER, ".pdf"),
        (b"Bonjour : voici", Kind.OTHER, ".txt"),
        (b"ID;PWXL;N;E\r\n", Kind.WORKBOOK, ".txt"),
        (b"ID;Produit;Prix\r\n1;Chaise;85\r\n", Kind.OTHER, ".txt"),
        (b"https://exemple.fr/r.xlsx\n", Kind.LINK, ".bin"),
        (b"\x7fELF\2\1", Kind.PROGRAM, ".bin"),
        (b"https://exemple.fr est notre site.", Kind.OTHER, ".txt"),
        (b"From: a@b.fr\nSubject: x\n\nX-Document-Type: Workbook", Kind.MESSAGE, ".eml"),
        (b"From: a@b.fr\nSubject: x\n\nBonjour", Kind.MESSAGE, ".eml"),
        (b"From - Thu Oct 01 11:30:00 2026\nFrom: a@b.fr\n\nBonjour", Kind.MAILBOX, ".mbox"),
        (b"", Kind.EMPTY, ".bin"),
        (b" \r\n", Kind.EMPTY, ".bin"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(data: bytes, kind: Kind, extension: str) -> None:
    told = content_of(data)
    assert (told.kind, told.extension) == (kind, extension)


def test_a_zip_gives_its_files_and_names_what_it_cannot() -> None:
    members = unzip(zipped({"lot 1/r.xlsx": BOOK, "__MACOSX/r.xlsx": b"x", "lot 1/~$r.xlsx": b"x", "lot 1/": b""}))
    assert members.files == (("lot 1/r.xlsx", BOOK),)
    assert members.refused == ()
    assert unzip(b"PK\x03\x04 not one").refused == ("",)
    assert unzip(zipped({"bomb": bytes(LARGEST_FILE + 1)})).refused == ("bomb",)
    assert unzip(zipped({f"{n}": b"" for n in range(400)})).refused == ("…",)


def test_a_zip_that_asks_for_a_password_is_not_opened() -> None:
    data = bytearray(zipped({"r.xlsx": BOOK}))
    directory = data.find(b"PK\x01\x02")
    data[6] |= 1
    data[directory + 8] |= 1
    assert unzip(bytes(data)).refused == ("r.xlsx",)


def test_a_mailbox_is_cut_at_its_separators_and_not_at_sentences() -> None:
    first = (
        message(("a.xlsx", workbook("a"))).as_bytes().replace(b"voici notre", b"\r\nFrom here on: see 11:30\r\nvoici")
    )
    second = message(("b.xlsx", workbook("b"))).as_bytes()
    line = b"From MAILER-DAEMON Thu Oct  1 11:30:00 2026\n"
    cut = list(split_mailbox(line + first + b"\n" + line + second))
    assert [files(read_mail(one)) for one in cut] == [[workbook("a")], [workbook("b")]]


# Whatever comes


@given(st.binary(max_size=400))
def test_no_bytes_make_it_stop(data: bytes) -> None:
    read_mail(data)
    list(split_mailbox(data))
    content_of(data)
    unzip(data)


HEADERS = st.sampled_from(
    [
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "Date",
        "Received",
        "MIME-Version",
    ]
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["multipart/mixed; boundary=", 'multipart/mixed; boundary="', "message/rfc822", "base64", "x-uuencode", "8bit",
         "text/plain; charset=nonsense", "=?utf-8?b?!!!?=", "=?nonsense?q?=FF?=", "=?utf-16?b?AAA?=", "<<a@b>>,,@",
         "attachment; filename*9999999999*=x''%", "attachment; filename*=''''%FF", "message/delivery-status",
         "; 99 Foo 0000 99:99:99 +99999", "multipart/report", "application/pkcs7-mime; smime-type*=x''%", "\x00"]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=200), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_headers_make_it_stop(headers: list[tuple[str, str]], body: bytes, end: str) -> None:
    head = end.join(f"{name}: {value}" for name, value in headers).encode("utf-8", "surrogateescape")
    mail = read_mail(head + (end * 2).encode() + body)
    assert all(tidy(one.name) == one.name for one in mail.attachments)


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_damage_anywhere_makes_nothing_stop(seed: int, hits: int) -> None:
    data = bytearray(bounced(message(("réponse.xlsx", BOOK))))
    draw = random.Random(seed)  # noqa: S311 - damage, not secrets
    for _ in range(hits):
        place = draw.randrange(len(data))
        data[place : place + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
    read_mail(bytes(data))


JUNK = st.lists(
    st.tuples(st.sampled_from(["X-Junk", "Content-Description", "Content-ID", "Content-Language"]), VALUES), max_size=3
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 5) -> tuple[MIMEBase | EmailMessage, list[bytes]]:
    """A message of random shape, and the workbooks in it."""
    shape = draw(st.sampled_from(["leaf", "many", "forwarded"])) if depth else "leaf"
    if shape == "leaf":
        data = workbook(draw(st.text(max_size=30)))
        part = MIMEBase(*draw(st.sampled_from([("application", "octet-stream"), ("text", "csv"), ("x", "y")])))
        part.set_payload(base64.encodebytes(data).decode())
        part["Content-Transfer-Encoding"] = draw(st.sampled_from(["base64", "BASE64", "Base64"]))
        if draw(st.booleans()):
            part.add_header("Content-Disposition", "attachment", filename=draw(st.text(max_size=20)))
        return part, [data]
    if shape == "forwarded":
        inside, found = draw(trees(depth - 1))
        inside["From"] = "a@b.fr"
        return MIMEMessage(inside), found
    whole = MIMEMultipart(draw(st.sampled_from(["mixed", "alternative", "related", "digest"])))
    found = []
    for part, more in draw(st.lists(trees(depth - 2 if depth > 1 else 0), max_size=3)):
        whole.attach(part)
        found += more
    return whole, found


@given(trees(), JUNK)
def test_every_workbook_of_a_message_of_any_shape_is_found(
    tree: tuple[MIMEBase | EmailMessage, list[bytes]], junk: list[tuple[str, str]]
) -> None:
    part, wanted = tree
    written = part.as_bytes(policy=part.policy.clone(linesep="\r\n"))
    head = "".join(f"{name}: {tidy(value)}\r\n" for name, value in junk).encode("utf-8", "surrogateescape")
    mail = read_mail(b"From: a@b.fr\r\n" + head + written)
    assert sorted(files(mail)) == sorted(wanted)
