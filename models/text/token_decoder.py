"""Decoding of single tokens: from a vocabulary entry such as `Ġcafé` or `▁the` to the bytes it spells."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from transformers import ByT5Tokenizer

BYTE_PIECE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def byte_alphabet() -> dict[str, int]:
    """The character byte-level vocabularies write for each byte, and that byte.

    Printable characters of Latin-1 stand for themselves; the other bytes take the characters from U+0100 on, in order:
    Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.2, and its code.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + rank): byte for rank, byte in enumerate(others)}


BYTE_ALPHABET = byte_alphabet()


@dataclass(frozen=True, eq=False)
class TokenDecoder:
    """Decodes the entries of one tokenizer's vocabulary, each by itself, to bytes and to text fit to be shown."""

    tokenizer: Any

    @cached_property
    def style(self) -> str:
        """The convention for spaces and bytes: "bytes", "octets", "metaspace", "wordpiece", "suffix" or "plain"."""
        if isinstance(self.tokenizer, ByT5Tokenizer):
            return "octets"
        backend = getattr(self.tokenizer, "backend_tokenizer", None)
        if backend is None:
            return "metaspace" if "▁" in self.tokenizer.get_vocab() else "plain"
        marks = {
            "ByteLevel": "bytes",
            "Metaspace": "metaspace",
            "▁": "metaspace",
            "WordPiece": "wordpiece",
            "BPEDecoder": "suffix",
        }
        written = _parts(backend.decoder) or _parts(backend.pre_tokenizer)
        return next((style for mark, style in marks.items() if mark in written), "plain")

    @cached_property
    def literal(self) -> dict[int, str]:
        """Entries added to the vocabulary by hand, which spell exactly what they look like."""
        return {token_id: str(token.content) for token_id, token in self.tokenizer.added_tokens_decoder.items()}

    @cached_property
    def special(self) -> frozenset[int]:
        """Entries that steer the model and are no text: start, end, padding, mask and the like."""
        added = {token_id for token_id, token in self.tokenizer.added_tokens_decoder.items() if token.special}
        return frozenset(added | set(self.tokenizer.all_special_ids))

    @cached_property
    def unknown(self) -> frozenset[int]:
        """The entry that stands for whatever the vocabulary cannot spell, if there is one."""
        return frozenset() if self.tokenizer.unk_token_id is None else frozenset({self.tokenizer.unk_token_id})

    @cached_property
    def ends(self) -> frozenset[int]:
        """The entries that start or end a text; in GPT-2 the unknown entry is one of them too."""
        found = (self.tokenizer.bos_token_id, self.tokenizer.eos_token_id)
        return frozenset(token_id for token_id in found if token_id is not None)

    @property
    def size(self) -> int:
        return len(self.tokenizer)

    def piece(self, token_id: int) -> str:
        """The raw vocabulary string of an entry; "" for an id the tokenizer does not know."""
        if token_id in self.literal:
            return self.literal[token_id]
        return self.tokenizer.convert_ids_to_tokens(token_id) or "" if token_id < self.size else ""

    def decode_bytes(self, token_id: int) -> bytes:
        """The UTF-8 bytes an entry stands for; they need not form whole characters."""
        piece = self.piece(token_id)
        if token_id in self.literal and not BYTE_PIECE.fullmatch(piece):
            return piece.encode("utf-8", "replace")
        return _spell(piece, self.style)

    def display(self, token_id: int) -> str:
        """The text of an entry, fit to be shown; bytes that form no character are written as ⟨E4 BD⟩."""
        spelled = self.decode_bytes(token_id)
        try:
            return spelled.decode("utf-8")
        except UnicodeDecodeError:
            return readable(spelled)


def readable(spelled: bytes) -> str:
    """Bytes as text, with what is no character in hexadecimal: the first two of the three bytes of 你 are ⟨E4 BD⟩."""
    text, rest = "", spelled
    while rest:
        try:
            return text + rest.decode("utf-8")
        except UnicodeDecodeError as error:
            text += rest[: error.start].decode("utf-8") + f"⟨{rest[error.start : error.end].hex(' ').upper()}⟩"
            rest = rest[error.end :]
    return text.replace("⟩⟨", " ")


def _spell(piece: str, style: str) -> bytes:
    if style == "bytes" and all(character in BYTE_ALPHABET for character in piece):
        return bytes(BYTE_ALPHABET[character] for character in piece)
    if style == "octets" and len(piece) == 1:  # every entry is one byte, written as the character of that number
        return piece.encode("latin-1", "replace")
    if style == "metaspace":
        single = BYTE_PIECE.fullmatch(piece)
        return bytes.fromhex(single[1]) if single else piece.replace("▁", " ").encode("utf-8", "replace")
    if style == "wordpiece":
        piece = piece.removeprefix("##")
    if style == "suffix":
        piece = piece.replace("</w>", " ")
    return piece.encode("utf-8", "replace")


def _parts(component: Any) -> str:
    """A tokenizer component as text naming the parts it is made of; "" where there is none."""
    if component is None:
        return ""
    state = json.loads(component.__getstate__())
    return json.dumps(state, ensure_ascii=False)
