"""Drafts: what a mail program reads back is what was meant, whatever names and addresses hold."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.adapters.mail.compose import Facts, Letter, Mailbox, as_html, compose, mailbox, one_line

CODE = "CX1-EXEMPL-S001-L1-R1-AAAAAAAAAAAA"
LETTER = Letter(
    "fr",
    f"Restauration des écoles, lot 1 : réponse attendue le 15 octobre 2026 [{CODE}]",
    (
        "Bonjour,",
        Facts((("Pour quand", "15 octobre 2026"), ("Code", CODE))),
        "Voir https://achats.exemple.fr/?a=1&b=2.",
    ),
)
BUYER = Mailbox("Ville d'Exemple", "achats@exemple.fr")
SUPPLIER = Mailbox("Société Bœuf & Fils", "contact@boeuf.example")
WORKBOOK = ("canevas_L1_R1.xlsx", b"PK\x03\x04" + bytes(range(256)))


def read_back(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default.clone(utf8=True))
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def draft(letter: Letter = LETTER, recipient: Mailbox = SUPPLIER, workbook: tuple[str, bytes] = WORKBOOK) -> bytes:
    return compose(letter, BUYER, recipient, workbook)


def test_a_draft_says_that_it_is_unsent_and_leaves_date_and_identity_to_the_mail_program() -> None:
    message = read_back(draft())
    assert message["X-Unsent"] == "1"
    assert message["Date"] is None
    assert message["Message-ID"] is None


def test_names_addresses_and_subject_are_read_back_as_they_were() -> None:
    message = read_back(draft())
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [
        ("Société Bœuf & Fils", "contact@boeuf.example")
    ]
    assert [(one.display_name, one.addr_spec) for one in message["From"].addresses] == [
        ("Ville d'Exemple", "achats@exemple.fr")
    ]
    assert message["Subject"] == LETTER.subject


def test_text_html_and_workbook_stand_where_mail_programs_look_for_them() -> None:
    message = read_back(draft())
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text["Content-Transfer-Encoding"] == html["Content-Transfer-Encoding"] == "quoted-printable"
    assert "- Pour quand\u00a0: 15 octobre 2026" in text.get_content()
    assert '<a href="https://achats.exemple.fr/?a=1&amp;b=2">' in html.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert (attached.get_filename(), attached.get_content()) == WORKBOOK


def test_an_attachment_named_in_other_letters_keeps_its_name() -> None:
    data = draft(workbook=("réponse « 1 ».xlsx", b"PK\x03\x04"))
    assert b"filename*=utf-8''r%C3%A9ponse" in data
    (attached,) = read_back(data).iter_attachments()
    assert attached.get_filename() == "réponse « 1 ».xlsx"


def test_the_same_draft_twice_is_the_same_bytes_and_another_workbook_gives_others() -> None:
    assert draft() == draft()
    assert draft() != draft(workbook=("canevas_L1_R1.xlsx", b"PK\x03\x04"))


def test_lines_end_as_mail_wants_and_none_is_too_long() -> None:
    long = Letter("fr", "é" * 240, ("mot " * 2000, "x" * 3000))
    lines = draft(long).split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line for line in lines)


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a b@c.fr", "a@b.fr\r\nBcc: x@y.fr", "a@b.fr,c@d.fr", "<a@b.fr>", "a@-b.fr", ".a@b.fr", "a@b..fr",
     "é\u202e@b.fr", "\x00a@b.fr", "a@b.fr>", "a@" + "é" * 70 + ".fr", "a" * 250 + "@b.fr", '"a"@b.fr', "a(b)@c.fr"],
)  # fmt: skip
def test_an_address_that_could_say_something_else_is_refused(address: str) -> None:
    assert mailbox("Qui", address) is None


def test_a_domain_in_other_letters_travels_in_ascii_and_a_local_part_as_it_is() -> None:
    assert mailbox("Bœuf", "contact@bœuf.fr") == Mailbox("Bœuf", "contact@xn--buf-fya.fr")
    wide = mailbox("Élodie, « chef »", "élodie@bœuf.fr")
    assert wide is not None
    assert 'To: "Élodie, « chef »" <élodie@xn--buf-fya.fr>\r\n'.encode() in draft(recipient=wide)


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_name_and_no_subject_can_add_a_header_or_a_recipient(name: str, subject: str) -> None:
    recipient = mailbox(name, "contact@boeuf.example")
    assert recipient is not None
    data = draft(Letter("fr", subject, ("Bonjour,",)), recipient)
    head = data.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert names == [b"Content-Type", b"MIME-Version", b"From", b"To", b"Subject", b"Content-Language", b"X-Unsent"]
    message = read_back(data)
    assert [one.addr_spec for one in message["To"].addresses] == ["contact@boeuf.example"]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cn", "Co")), max_size=120))
def test_a_name_and_a_subject_come_back_as_one_line(text: str) -> None:
    recipient = mailbox(text, "contact@boeuf.example")
    assert recipient is not None
    message = message_from_bytes(draft(Letter("fr", text, ("Bonjour,",)), recipient))
    assert spoken(message["Subject"]) == one_line(text)
    name, address = parseaddr(message["To"].replace("\r\n", ""))
    assert (spoken(name), address) == (one_line(text), "contact@boeuf.example")


def spoken(header: str) -> str:
    """A header as people read it."""
    return " ".join(str(make_header(decode_header(header))).split())


@given(st.text(max_size=200))
def test_html_never_lets_a_text_become_markup(text: str) -> None:
    html = as_html(Letter("fr", text, (text, Facts(((text, text),)))))
    plain = as_html(Letter("fr", "", ("", Facts((("", ""),)))))
    links = html.count("<a href=")
    breaks = html.count("<br>")
    assert html.count("<") - plain.count("<") == 2 * links + breaks
