"""Owns the checks of what is said, not how: nothing on the firm itself, no label as the only proof.

The patterns find the usual wordings in French and English; they are doubts for the author to weigh, not proofs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from canevas_xl.canvas.lint.declared import Declared, words_place
from canevas_xl.findings.finding import Finding, found

ASKED: Final = ("fields.", "sections.", "tables.", "rows.", "lists.", "rules.", "requirements.")
"""Words that ask or demand something; what explains the method may name what it likes."""

LOCAL: Final = re.compile(
    r"""
      (?<!\ble\ )(?<!\bun\ )(?<!\bau\ )(?<!\bdu\ )(?<!\bce\ )(?<!\bchaque\ )     # « le local » is a room
      \b(?<!collectivité\ )(?<!administration\ )(?<!autorité\ )(?<!heure\ )
      local(?:e|es|ement|ly)?\b(?!\ (?:authorit|government|council|time|technique|poubelle|vélo))
    | \b(?:produits?|producteurs?|fournisseurs?|entreprises?|circuits?|emplois?|acteurs?)\ locaux\b
    | \bcircuits?[ -]courts?\b | \bde\ proximité\b | \bproximité\ (?:géographique|du\ fournisseur)
    | \bkilom[èe]tres?\ alimentaires?\b | \bfood\ miles?\b | \bnearby\ (?:suppliers?|producers?|farms?|firms?)\b
    | \bshort\ (?:food\ )?(?:supply\ )?(?:chains?|circuits?)\b
    | \bsi[èe]ge\ (?:social|de\ (?:l['’]|votre\ |la\ )(?:entreprise|soci[ée]t[ée]|firme))
    | \b(?:head\ office|headquarters|registered\ office)\b
    | \b(?:implant|situ|install)[ée]e?s?\ (?:à\ moins\ de|dans\ (?:le|la)\ (?:d[ée]partement|r[ée]gion|commune))
    | \bbased\ in\ (?:the\ )?(?:region|area|county|town)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

COMPANY: Final = re.compile(
    r"""
      \b(?:votre|l['’])\s?(?:entreprise|soci[ée]t[ée])
        \s(?:est[ -]elle|a-t-elle|dispose|poss[èe]de|s['’]engage|est\b|a\b)
    | \bpolitiques?\ (?:RSE|environnementales?|d['’]entreprise|d['’]achats?\ responsables?)
    | \bpolitiques?\ de\ d[ée]veloppement\ durable
    | \b(?:d[ée]marche|charte|responsable|rapport|label)\ RSE\b | \bRSE\b
    | \bISO\s?14\s?001\b | \bISO\s?26\s?000\b | \bISO\s?50\s?001\b | \bEMAS\b | \bEcoVadis\b | \bB[ -]Corp\b | \bBEGES\b
    | \bbilan\ (?:carbone|GES)(?:®)?\ de\ (?:l['’]|votre\ |la\ )(?:entreprise|soci[ée]t[ée])
    | \bsyst[èe]me\ de\ management\ (?:environnemental|de\ l['’](?:environnement|[ée]nergie))
    | \bchiffre\ d['’]affaires\b
    | \b(?:your|the)\ company(?:['’]s)?\ (?:(?:environmental|CSR|climate|carbon|sustainability|purchasing)?\s?
        (?:policy|policies|report|strategy)|is\b|has\b|carbon\ footprint)
    | \bis\ your\ company\b | \bdoes\ your\ company\b
    | \bCSR\b | \bcorporate\ (?:social|carbon|climate|environmental|sustainability)\b
    | \benvironmental\ management\ system\b | \bannual\ turnover\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

LABELS: Final = re.compile(
    r"""
      \b(?i:(?:EU\ )?[ée]co-?labels?)\b | \b(?i:Nordic\ Swan|Blaue[rn]?\ Engel|Blue\ Angel|Cygne\ blanc)\b
    | \bNF\b | \bFSC\b | \bPEFC\b | \b(?i:Energy\ Star)\b | \bEPEAT\b | \bEPREL\b | \bTCO\ Certified\b
    | \b(?i:Ecocert|Label\ Rouge|Fairtrade|Max\ Havelaar|Rainforest\ Alliance|Demeter|Nature\ et\ Progr[èe]s)\b
    | \bAB\b | \bHVE\b | \bMSC\b | \bASC\b | \bGOTS\b | \b(?i:Oeko-Tex)\b | \b(?i:Cradle\ to\ Cradle|GreenGuard|GUT)\b
    | \b(?:NF\ )?EN\ (?:ISO\ )?\d{3,5}\b | \bISO\ (?!14001|26000|50001)\d{4,5}\b | \bFDES\b | \bEPD\b
    """,
    re.VERBOSE,
)
"""Labels, certificates, standards and declarations: each admits « ou équivalent » (CCP R2111-9, R2111-14)."""

EQUIVALENT: Final = re.compile(r"équivalent|equivalent", re.IGNORECASE)


def check_wording(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module, on what is asked."""
    for language, texts in declared.texts.items():
        for path, text in texts.items():
            if path.startswith(ASKED):
                yield from check_text(language, path, text)


def check_text(language: str, path: str, text: str) -> Iterator[Finding]:
    """T281 where the firm sits; T282 what the firm is like; T283 a label without « ou équivalent »."""
    at = words_place(language, path)
    for code, pattern in (("T281", LOCAL), ("T282", COMPANY)):
        match = pattern.search(text)
        if match:
            yield found(code, at, words=" ".join(match[0].split()))
    label = LABELS.search(text)
    if label and not EQUIVALENT.search(text):
        yield found("T283", at, label=label[0])
