"""Bad files made by script from one good return: what each is, how it is made, and the code that it must end in.

Nothing here is kept as a file: a recipe is easier to read, and to contest, than an attachment that scanners remove.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Parts = dict[str, bytes]
Make = Callable[[bytes], bytes]

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
SHEET = "xl/worksheets/sheet2.xml"
"""*Mon offre*, where the answers are."""
BOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
NOISE = random.Random(7).randbytes(200_000).hex().encode()  # noqa: S311 - the same noise on every run
"""What does not pack well hides what does from a look at ratios."""
MANY = 2_000_000


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad file."""

    name: str
    """As it would arrive."""
    code: str
    """Of the finding that it must end in: X where it is read, M where no workbook is seen in it at all."""
    make: Make


def parts_of(good: bytes) -> Parts:
    """The parts of a package, in order."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), data, how)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> Make:
    """Change one part."""

    def make(good: bytes) -> bytes:
        parts = parts_of(good)
        parts[name] = change(parts[name])
        return packed(parts)

    return make


def put(name: str, old: bytes, new: bytes) -> Make:
    """Put something in the place of something that one part must hold."""

    def change(part: bytes) -> bytes:
        assert old in part, (name, old)
        return part.replace(old, new, 1)

    return with_part(name, change)


def adding(name: str, data: bytes) -> Make:
    """Add a part."""
    return lambda good: packed({**parts_of(good), name: data})


def without(name: str) -> Make:
    """Take a part away."""
    return lambda good: packed({part: data for part, data in parts_of(good).items() if part != name})


def cut(share: float) -> Make:
    """Keep the beginning, as a transfer that broke off does."""
    return lambda good: good[: int(len(good) * share)]


def fixed(data: bytes) -> Make:
    """Something that was never a return."""
    return lambda _: data


def flipped(seed: int) -> Make:
    """Some bytes changed in the middle of the packed data."""

    def make(good: bytes) -> bytes:
        drawn, data = random.Random(seed), bytearray(good)  # noqa: S311 - the same bytes on every run
        start = good.index(b"xl/worksheets/sheet2.xml") + 200
        for _ in range(40):
            data[drawn.randrange(start, start + 4_000)] ^= 1 << drawn.randrange(8)
        return bytes(data)

    return make


def in_rows(content: bytes) -> Callable[[bytes], bytes]:
    """A sheet that holds this in the place of its rows, and noise behind them."""

    def change(part: bytes) -> bytes:
        head, _, rest = part.partition(b"<sheetData>")
        tail = rest.partition(b"</sheetData>")[2]
        return head + b"<sheetData>" + content + b"</sheetData><!--" + NOISE + b"-->" + tail

    return change


def declared(text: bytes) -> Make:
    """Something between the declaration of a sheet and its first element."""
    return put(SHEET, b"<worksheet", text + b"<worksheet")


def directory(change: Callable[[bytearray, int], None]) -> Make:
    """Change the entry of a sheet in the directory at the end of the zip."""

    def make(good: bytes) -> bytes:
        data = bytearray(good)
        change(data, data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode())))
        return bytes(data)

    return make


def _twice(name: str) -> Make:
    def make(good: bytes) -> bytes:
        out = io.BytesIO(good)
        with warnings.catch_warnings(), zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # it warns of what is wanted here
            archive.writestr(zipfile.ZipInfo(name), b"<worksheet/>")
        return out.getvalue()

    return make


def _symlink(good: bytes) -> bytes:
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/media/logo.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _encrypted(data: bytearray, entry: int) -> None:
    data[entry + 8] |= 1


def _size(data: bytearray, entry: int) -> None:
    struct.pack_into("<I", data, entry + 24, 3)


def _checksum(data: bytearray, entry: int) -> None:
    struct.pack_into("<I", data, entry + 16, 12345)


def _offset(data: bytearray, entry: int) -> None:
    struct.pack_into("<I", data, entry + 42, 0)


def _method(data: bytearray, entry: int) -> None:
    struct.pack_into("<H", data, entry + 10, 99)


def _local_name(good: bytes) -> bytes:
    """Another name before the data than in the directory: who reads one sees other parts than who reads the other."""
    at = good.index(SHEET.encode())
    return good[:at] + SHEET.replace("sheet2", "sheet9").encode() + good[at + len(SHEET) :]


def _overlapping(data: bytearray, entry: int) -> None:
    """The entry says that it is as long as the next two together."""
    size = struct.unpack_from("<I", data, entry + 20)[0]
    struct.pack_into("<I", data, entry + 20, size + 5_000)


def _far_zip64(good: bytes) -> bytes:
    """Ends as large zips do, and sends the reader to a directory beyond the end of the file."""
    end = good.rindex(b"PK\x05\x06")
    directory = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 46, 1 << 62)
    return (
        good[:end]
        + directory
        + struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
        + good[end:-6]
        + b"\xff" * 4
        + good[-2:]
    )


def _copied_row(part: bytes) -> bytes:
    """The first row once more: the cells in it stand twice."""
    row = part[part.index(b"<row ") : part.index(b"</row>") + 6]
    return part.replace(b"</sheetData>", row + b"</sheetData>")


def ole(name: str) -> bytes:
    """The beginning of an OLE file with a stream of that name in its directory."""
    return OLE + bytes(504) + name.encode("utf-16-le") + bytes(2_000)


def ods(content: bytes, manifest: bytes = b"<a/>") -> bytes:
    """An OpenDocument spreadsheet with that content."""
    return packed({"mimetype": ODS, "content.xml": content, "META-INF/manifest.xml": manifest})


def ods_table(rows: bytes) -> bytes:
    """An OpenDocument spreadsheet with one table of these rows."""
    spaces = b" ".join(
        b'xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"' % (name, name)
        for name in (b"office", b"table", b"text")
    )
    head = b"<?xml version='1.0' encoding='UTF-8'?><office:document-content " + spaces + b">"
    body = b"<office:body><office:spreadsheet><table:table table:name='a'>" + rows + b"</table:table>"
    return ods(head + body + b"</office:spreadsheet></office:body></office:document-content>")


HELD = b"<table:table-cell office:value-type='string'><text:p>x</text:p></table:table-cell>"
LAUGHS = b"<!DOCTYPE lol [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip

PACKAGES = (
    Bad("vide.xlsx", "M427", fixed(b"")),
    Bad("blanc.xlsx", "M427", fixed(b" \r\n" * 50)),
    Bad("un octet.xlsx", "M448", fixed(b"P")),
    Bad("bruit.xlsx", "M448", fixed(NOISE[:5_000])),
    Bad("zip vide.xlsx", "M427", fixed(packed({}))),
    Bad("coupé au dixième.xlsx", "X126", cut(0.1)),
    Bad("coupé au tiers.xlsx", "X126", cut(0.33)),
    Bad("coupé à la moitié.xlsx", "X126", cut(0.5)),
    Bad("coupé aux neuf dixièmes.xlsx", "X126", cut(0.9)),
    Bad("sans les cent derniers octets.xlsx", "X126", lambda good: good[:-100]),
    Bad("sans le dernier octet.xlsx", "X126", lambda good: good[:-1]),
    Bad("octets changés 1.xlsx", "X126", flipped(1)),
    Bad("octets changés 2.xlsx", "X126", flipped(2)),
    Bad("octets changés 3.xlsx", "X126", flipped(3)),
    Bad("somme de contrôle fausse.xlsx", "X126", directory(_checksum)),
    Bad("taille fausse.xlsx", "X126", directory(_size)),
    Bad("place fausse.xlsx", "X127", directory(_offset)),
    Bad("compression inconnue.xlsx", "X127", directory(_method)),
    Bad("entrée chiffrée.xlsx", "X125", directory(_encrypted)),
    Bad("entrée en double.xlsx", "X127", _twice(SHEET)),
    Bad("entrée en double à la casse près.xlsx", "X127", _twice(SHEET.replace("sheet2", "Sheet2"))),
    Bad("entrée en double à la barre près.xlsx", "X127", _twice("/" + SHEET)),
    Bad("chemin vers le haut.xlsx", "X127", adding("../../autorun.inf", b"x")),
    Bad("chemin absolu.xlsx", "X127", adding("/etc/cron.d/x", b"x")),
    Bad("chemin de Windows.xlsx", "X127", adding("C:\\Windows\\x.dll", b"x")),
    Bad("lien.xlsx", "X127", _symlink),
    Bad("bzip2.xlsx", "X127", lambda good: packed(parts_of(good), zipfile.ZIP_BZIP2)),
    Bad("lzma.xlsx", "X127", lambda good: packed(parts_of(good), zipfile.ZIP_LZMA)),
    Bad("trois mille entrées.xlsx", "X127", lambda good: packed({**parts_of(good), **dict.fromkeys(map(str, range(3_000)), b"")})),  # noqa: E501 - one row per file
    Bad("bombe.xlsx", "X127", adding("xl/media/a.png", bytes(40_000_000))),
    Bad("bombe dans une feuille.xlsx", "X127", with_part(SHEET, in_rows(b"<row/>" * MANY))),
    Bad("trop grand.xlsx", "M425", lambda good: good + bytes(16 << 20)),
    Bad("deux noms pour une entrée.xlsx", "X126", _local_name),
    Bad("entrées qui se recouvrent.xlsx", "X127", directory(_overlapping)),
    Bad("fin de zip64 au loin.xlsx", "X126", _far_zip64),
    Bad("programme et classeur à la fois.xlsx", "M450", lambda good: b"MZ\x90\0" + bytes(60) + good),
    Bad("image et classeur à la fois.xlsx", "M445", lambda good: b"GIF89a" + good),
    Bad("macros et rien d'autre.xlsx", "X124", fixed(packed({"xl/vbaProject.bin": b"x"}))),
)  # fmt: skip

MARKUP = (
    Bad("type de document.xlsx", "X127", declared(b"<!DOCTYPE worksheet>")),
    Bad("entités.xlsx", "X127", declared(LAUGHS)),
    Bad("entité externe.xlsx", "X127", declared(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")),
    Bad("entité d'un réseau.xlsx", "X127", declared(b"<!DOCTYPE a SYSTEM 'http://192.0.2.1/x.dtd'>")),
    Bad("type de document en UTF-16.xlsx", "X127", with_part(SHEET, lambda part: ("\ufeff" + part.decode().replace("UTF-8", "UTF-16")).encode("utf-16-le"))),  # noqa: E501 - one row per file
    Bad("octet nul.xlsx", "X127", put(SHEET, b"<sheetData>", b"<sheetData>\0")),
    Bad("lettres d'un autre alphabet.xlsx", "X126", put(SHEET, b"<sheetData>", b"<sheetData>\xe9\xe8")),
    Bad("balise jamais fermée.xlsx", "X126", put(SHEET, b"</sheetData>", b"")),
    Bad("balises croisées.xlsx", "X126", put(SHEET, b"</row>", b"</c></row>")),
    Bad("coupé dans une feuille.xlsx", "X126", with_part(SHEET, lambda part: part[: len(part) // 2])),
    Bad("feuille vide.xlsx", "X126", with_part(SHEET, lambda _: b"")),
    Bad("feuille de texte.xlsx", "X126", with_part(SHEET, lambda _: b"bonjour")),
    Bad("attribut répété.xlsx", "X126", put(SHEET, b"<sheetData>", b'<sheetData a="1" a="2">')),
    Bad("caractère interdit.xlsx", "X126", put(SHEET, b"<sheetData>", b"<sheetData>&#1;")),
    Bad("entité inconnue.xlsx", "X126", put(SHEET, b"<sheetData>", b"<sheetData>&nbsp;")),
    Bad("emboîté sans fin.xlsx", "X127", with_part(SHEET, in_rows(b"<row>" + b"<c>" * 50_000 + b"</c>" * 50_000 + b"</row>"))),  # noqa: E501 - one row per file
    Bad("deux millions de cellules vides.xlsx", "X127", with_part(SHEET, in_rows(b"<row>" + b"<c/>" * MANY + b"</row>"))),  # noqa: E501 - one row per file
    Bad("deux millions d'éléments.xlsx", "X127", with_part(SHEET, in_rows(b"<x/>" * MANY))),
    Bad("cent mille noms.xlsx", "X127", with_part(SHEET, in_rows(b"".join(b"<t%d/>" % n for n in range(100_000))))),
    Bad("cent mille attributs.xlsx", "X127", with_part(SHEET, in_rows(b"<row " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>"))),  # noqa: E501 - one row per file
    Bad("un attribut de dix mégaoctets.xlsx", "X127", with_part(SHEET, in_rows(b'<row a="' + b"a" * 10_000_000 + b'"/>'))),  # noqa: E501 - one row per file
    Bad("un texte de dix mégaoctets.xlsx", "X127", with_part(SHEET, in_rows(b"<row><c t='str'><v>" + b"a" * 10_000_000 + b"</v></c></row>"))),  # noqa: E501 - one row per file
    Bad("cinq cent mille valeurs.xlsx", "X127", with_part(SHEET, in_rows(b"<row>" + b"<c><v>1</v></c>" * 500_000 + b"</row>"))),  # noqa: E501 - one row per file
    Bad("texte partagé absent.xlsx", "X126", put(SHEET, b'<c r="A', b'<c r="XFD1048576" t="s"><v>999999</v></c><c r="A')),  # noqa: E501 - one row per file
    Bad("texte partagé négatif.xlsx", "X126", put(SHEET, b'<c r="A', b'<c r="ZZ1" t="s"><v>-1</v></c><c r="A')),
    Bad("texte partagé en lettres.xlsx", "X126", put(SHEET, b'<c r="A', b'<c r="ZZ1" t="s"><v>un</v></c><c r="A')),
    Bad("textes partagés abîmés.xlsx", "X126", with_part(STRINGS, lambda part: part[: len(part) // 2])),
    Bad("sans textes partagés.xlsx", "X126", without(STRINGS)),
    Bad("sans feuille.xlsx", "X126", without(SHEET)),
    Bad("sans types.xlsx", "X124", without("[Content_Types].xml")),
    Bad("sans relations.xlsx", "X124", without("_rels/.rels")),
    Bad("sans relations de classeur.xlsx", "X126", without("xl/_rels/workbook.xml.rels")),
    Bad("sans classeur.xlsx", "X124", without(BOOK)),
    Bad("classeur abîmé.xlsx", "X126", with_part(BOOK, lambda part: part[:200])),
    Bad("relation vers le haut.xlsx", "X126", put("xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"../../../etc/passwd")),  # noqa: E501 - one row per file
    Bad("deux relations d'un nom.xlsx", "X126", put("xl/_rels/workbook.xml.rels", b'Id="rId2"', b'Id="rId1"')),
    Bad("deux tables de textes.xlsx", "X126", put("xl/_rels/workbook.xml.rels", b"</Relationships>", b'<Relationship Id="r99" Type="x/sharedStrings" Target="autres.xml"/></Relationships>')),  # noqa: E501 - one row per file
    Bad("deux classeurs.xlsx", "X126", put("_rels/.rels", b"</Relationships>", b'<Relationship Id="r99" Type="x/officeDocument" Target="xl/autre.xml"/></Relationships>')),  # noqa: E501 - one row per file
    Bad("feuille sans nom.xlsx", "X126", put(BOOK, b'<sheet name="', b'<sheet nom="')),
    Bad("cellules en double.xlsx", "X126", with_part(SHEET, _copied_row)),
    Bad("cellule en rangée zéro.xlsx", "X126", put(SHEET, b"</row>", b'<c r="A0"><v>1</v></c></row>')),
    Bad("adresse en lettres et chiffres.xlsx", "X126", put(SHEET, b"</row>", b'<c r="R1C1"><v>1</v></c></row>')),
    Bad("autre espace de noms.xlsx", "X126", put(SHEET, b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://example.org/main")),
    Bad("styles abîmés.xlsx", "X126", with_part("xl/styles.xml", lambda part: part[: len(part) // 2])),
    Bad("styles en lettres.xlsx", "X126", put(SHEET, b'<row r="', b'<row r="x" s="y" ht="')),
)  # fmt: skip

FORMATS = (
    Bad("réponse.pdf", "M445", fixed(b"%PDF-1.7\n" + NOISE[:2_000])),
    Bad("pdf renommé.xlsx", "M445", fixed(b"%PDF-1.7\n" + NOISE[:2_000])),
    Bad("photo.png", "M445", fixed(b"\x89PNG\r\n\x1a\n" + NOISE[:2_000])),
    Bad("photo.jpg", "M445", fixed(b"\xff\xd8\xff\xe0" + NOISE[:2_000])),
    Bad("page enregistrée.xls", "M446", fixed(b"<html><body><table><tr><td>CX1</td></tr></table></body></html>")),
    Bad("archive.rar", "M447", fixed(b"Rar!\x1a\x07" + NOISE[:2_000])),
    Bad("archive.7z", "M447", fixed(b"7z\xbc\xaf\x27\x1c" + NOISE[:2_000])),
    Bad("note.rtf", "M448", fixed(b"{\\rtf1 bonjour}")),
    Bad("note.txt", "M448", fixed("Bonjour,\nvoici notre réponse.".encode())),
    Bad("lettre.docx", "M448", fixed(packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}))),
    Bad("vues.pptx", "M448", fixed(packed({"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<a/>"}))),
    Bad("lettre.doc", "M448", fixed(ole("WordDocument"))),
    Bad("message.msg", "M421", fixed(ole("__substg1.0_0037001F"))),
    Bad("chiffré.xlsx", "X125", fixed(ole("EncryptedPackage"))),
    Bad("étiquette de confidentialité.xlsx", "X125", fixed(ole("EncryptedPackage") + "DRMEncryptedTransform".encode("utf-16-le"))),  # noqa: E501 - one row per file
    Bad("lien de Google.gsheet", "M449", fixed(b'{"":"WARNING! DO NOT EDIT THIS FILE!","doc_id":"1AbC","resource_key":""}')),  # noqa: E501 - one row per file
    Bad("ancien lien de Google.gsheet", "M449", fixed(b'{"url": "https://docs.example.org/open?id=1AbC"}')),
    Bad("lien de OneDrive.url", "M449", fixed(b"[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,11\r\n[InternetShortcut]\r\nURL=https://example.org/x.xlsx\r\n")),
    Bad("raccourci.xlsx.lnk", "M449", fixed(bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(200))),
    Bad("raccourci.webloc", "M449", fixed(b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "x" "y">\n<plist><dict><key>URL</key></dict></plist>')),  # noqa: E501 - one row per file
    Bad("adresse.txt", "M449", fixed(b"https://example.org/partage/reponse.xlsx\n")),
    Bad("archive.xlsx.gz", "M447", lambda good: gzip.compress(good, mtime=0)),
    Bad("archive.gz coupée.gz", "M447", lambda good: gzip.compress(good, mtime=0)[:500]),
    Bad("archive.tar", "M447", fixed(b"reponse.xlsx".ljust(257, b"\0") + b"ustar\x0000" + bytes(247) + NOISE[:2_000])),
    Bad("signé.xlsx.p7m", "M447", lambda good: bytes.fromhex("308203e806092a864886f70d010702a08203d9") + good),
    Bad("chiffré.asc", "M447", fixed(b"-----BEGIN PGP MESSAGE-----\n\n" + NOISE[:2_000])),
    Bad("photo.heic", "M445", fixed(b"\0\0\0\x18ftypheic" + NOISE[:2_000])),
    Bad("page d'un seul fichier.mht", "M446", fixed(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n")),  # noqa: E501 - one row per file
    Bad("pièces jointes d'Outlook.dat", "M422", fixed(bytes.fromhex("789f3e22") + NOISE[:2_000])),
    Bad("tableau.odt", "M448", fixed(packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}))),  # noqa: E501 - one row per file
    Bad("pages.pages", "X124", fixed(packed({"Index.zip": b"PK", "Metadata/a.plist": b"x"}))),
    Bad("feuille.fods", "X124", fixed(b'<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>')),  # noqa: E501 - one row per file
    Bad("feuille.slk", "X124", fixed(b"ID;PWXL;N;E\r\nC;Y1;X1;K4\r\nE\r\n")),
    Bad("feuille.dif", "X124", fixed(b'TABLE\r\n0,1\r\n"EXCEL"\r\n')),
    Bad("citation sans fin.csv", "X126", fixed(b'CX1-ABCDEF-S001-L1-R1-ABCDEFGHIJKL\r\nKEY;VALUE\r\nE1;"4')),
    Bad("binaire.xlsb", "X124", lambda good: packed({**parts_of(good), "xl/workbook.bin": b"\x83\x01\x00"})),
    Bad("nombres.numbers", "X124", fixed(packed({"Index/Document.iwa": b"\0", "Metadata/a.plist": b"x"}))),
    Bad("feuille XML.xml", "X124", fixed(b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>")),  # noqa: E501 - one row per file
    Bad("ancien abîmé.xls", "X140", fixed(ole("Workbook"))),
    Bad("ancien de bruit.xls", "X140", fixed(OLE + "Workbook".encode("utf-16-le") + NOISE[:60_000])),
    Bad("vide.ods", "X126", fixed(ods(b""))),
    Bad("abîmé.ods", "X126", fixed(ods_table(b"<table:table-row>"))),
    Bad("entités.ods", "X127", fixed(ods(LAUGHS + b"<a/>"))),
    Bad("rangées répétées.ods", "X127", fixed(ods_table(b"<table:table-row table:number-rows-repeated='1048576'>" + HELD + b"</table:table-row>"))),  # noqa: E501 - one row per file
    Bad("colonnes répétées.ods", "X127", fixed(ods_table(b"<table:table-row table:number-rows-repeated='1000'>" + HELD.replace(b"cell ", b"cell table:number-columns-repeated='16384' ", 1) + b"</table:table-row>"))),  # noqa: E501 - one row per file
    Bad("répété en lettres.ods", "X126", fixed(ods_table(b"<table:table-row table:number-rows-repeated='beaucoup'>" + HELD + b"</table:table-row>"))),  # noqa: E501 - one row per file
    Bad("chiffré.ods", "X125", fixed(ods(b"x", b"<a><encryption-data/></a>"))),
    Bad("chiffré en entier.ods", "X125", fixed(packed({"mimetype": ODS, "encrypted-package": NOISE[:2_000]}))),
)  # fmt: skip

FILES = (*PACKAGES, *MARKUP, *FORMATS)
