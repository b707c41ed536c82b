"""Tokens: the pieces a model reads, each with its character span in the text."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import InputError
from models.text.token_decoder import TokenDecoder
from models.translation import _

Span = tuple[int, int]

LAST_ALONE = "\u02ff"  # no character up to here is composed with one before it
COMPOSED = 3  # characters before it that one may be composed with
REACH = 32  # characters looked ahead for a token when something before it could not be placed


@dataclass(frozen=True, kw_only=True)
class Token:
    """One entry of the vocabulary at one position of a text.

    `start` and `end` count characters of the text; they are equal for a token that stands for no text. Tokens that
    share a character (an emoji is four bytes and may be three tokens) have the same `group`, and all show the whole
    character in `text`; `bytes` holds what each one spells alone. `special` marks what steers the model: start, mask.
    """

    id: int
    piece: str
    text: str
    start: int
    end: int
    special: bool
    group: int
    bytes: bytes


def tokens_of(
    text: str, ids: Sequence[int], offsets: Sequence[Span] | None, token_decoder: TokenDecoder
) -> tuple[Token, ...]:
    """Places the tokens `ids` in `text`; `offsets` are the tokenizer's own character spans where it has them."""
    spans = _spans_by_bytes(text, ids, token_decoder) if token_decoder.style in ("bytes", "octets") else None
    if spans is None and offsets is not None:
        spans = _spans_by_offsets(text, ids, offsets, token_decoder)
    if spans is None:
        spans = _spans_by_search(text, ids, token_decoder)
    tokens = [_token(text, token_id, span, token_decoder) for token_id, span in zip(ids, spans, strict=True)]
    return _grouped(text, tokens)


def check_text(text: str, name: str | None = None) -> None:
    """Refuses text no tokenizer can read: lone surrogates are halves of a character that never reached us whole."""
    position = next((index for index, character in enumerate(text) if "\ud800" <= character <= "\udfff"), None)
    if position is not None:
        raise InputError(
            _(
                "The {name} holds half a character (a lone surrogate, {code}) at position {position}; "
                "delete it or paste the text again.",
                name=name or _("text"),
                code=f"U+{ord(text[position]):04X}",
                position=str(position),
            )
        )


def _token(text: str, token_id: int, span: Span, token_decoder: TokenDecoder) -> Token:
    start, end = span
    piece = token_decoder.piece(token_id)
    covered = text[start:end]
    unknown = (
        token_id in token_decoder.unknown
        and covered.strip() != piece
        and (covered != "" or token_id not in token_decoder.ends)
    )
    special = token_id in token_decoder.special and not unknown
    spelled = covered.encode() if unknown or special else token_decoder.decode_bytes(token_id)
    return Token(id=token_id, piece=piece, text=covered, start=start, end=end, special=special, group=-1, bytes=spelled)


def _grouped(text: str, tokens: list[Token]) -> tuple[Token, ...]:
    """Numbers the groups and gives every token of a group the group's text.

    A token that stands for no text of its own, inside a character that several tokens share, is one of them: a
    compatibility form such as ﷺ is read as four words, with spaces between.
    """
    groups: list[list[Token]] = []
    reach = 0
    for token in tokens:
        if token.start < reach and groups:
            groups[-1].append(token)
        else:
            groups.append([token])
        reach = max(reach, token.end)
    return tuple(token for index, group in enumerate(groups) for token in _named(text, group, index))


def _named(text: str, group: list[Token], index: int) -> Iterator[Token]:
    shown = text[min(token.start for token in group) : max(token.end for token in group)]
    for token in group:
        yield replace(token, group=index, text=shown)


def _spans_by_bytes(text: str, ids: Sequence[int], token_decoder: TokenDecoder) -> list[Span] | None:
    """Walks the text's bytes token by token: exact, unless the tokenizer rewrote the text first (then None)."""
    written = text.encode()
    character_at = [index for index, character in enumerate(text) for _ in character.encode()]
    spans: list[Span] = []
    cursor = 0
    for token_id in ids:
        length = _bytes_at(written, cursor, token_id, token_decoder)
        if length is None:
            return None
        first = character_at[cursor] if cursor < len(written) else len(text)
        spans.append((first, character_at[cursor + length - 1] + 1 if length else first))
        cursor += length
    return spans if cursor == len(written) else None


def _bytes_at(written: bytes, cursor: int, token_id: int, token_decoder: TokenDecoder) -> int | None:
    """The bytes of the text a token takes at `cursor`, counted; None where it does not fit."""
    spelled = token_decoder.decode_bytes(token_id)
    if written.startswith(spelled, cursor):
        return len(spelled)
    if token_id in token_decoder.literal:  # typed with spaces around that the tokenizer swallows, or added by it
        rest = written[cursor:]
        swallowed = len(rest) - len(rest.lstrip())
        if swallowed and rest[swallowed:].startswith(spelled):
            return swallowed + len(spelled)
        return 0 if token_id in token_decoder.special else None
    if spelled.startswith(b" ") and written.startswith(spelled[1:], cursor):  # a space put before the first word
        return len(spelled) - 1
    return None


def _spans_by_offsets(
    text: str, ids: Sequence[int], offsets: Sequence[Span], token_decoder: TokenDecoder
) -> list[Span]:
    """The tokenizer's own spans, with two repairs.

    Tokens it added stand where they are and cover nothing; accents it took from a letter, and parts it composed to
    one character (the letters of a Korean syllable), stay with the first.
    """
    spans: list[Span] = []
    reach = 0
    for position, (token_id, (start, end)) in enumerate(zip(ids, offsets, strict=True)):
        added = start == end or _is_added_space(token_id, position, offsets, token_decoder)
        at = start if end > start else reach
        while not added and 0 < end < len(text) and _joins(text, start, end):
            end += 1  # noqa: PLW2901 - the span grows
        spans.append((at, at) if added else (start, end))
        reach = max(reach, end)
    return _without_overlap(spans, offsets)


def _joins(text: str, start: int, end: int) -> bool:
    """Whether the character at `end` becomes one with those from `start` on: an accent, or what is composed."""
    if unicodedata.combining(text[end]):
        return True
    before = text[max(start, end - COMPOSED) : end]
    alone, together = (unicodedata.normalize("NFC", part) for part in (before, before + text[end]))
    return text[end] > LAST_ALONE and len(together) == len(alone)


def _without_overlap(spans: list[Span], offsets: Sequence[Span]) -> list[Span]:
    """A span grown over an accent shrinks back where a token of its own stands for the accent."""
    begun = {start for start, end in offsets if end > start}
    grown = zip(spans, offsets, strict=True)
    return [
        (start, own) if end > own > start and any(index in begun for index in range(own, end)) else (start, end)
        for (start, end), (_, own) in grown
    ]


def _is_added_space(token_id: int, position: int, offsets: Sequence[Span], token_decoder: TokenDecoder) -> bool:
    """A space put before the first word reports the word's first letter as its own."""
    follows = position + 1 < len(offsets) and offsets[position + 1][0] == offsets[position][0]
    spelled = (
        "" if token_id in token_decoder.literal else token_decoder.decode_bytes(token_id).decode("utf-8", "ignore")
    )
    return follows and spelled != "" and spelled.isspace()


def _spans_by_search(text: str, ids: Sequence[int], token_decoder: TokenDecoder) -> list[Span]:
    """Finds each token after the one before, for tokenizers that report no spans; what is not found covers nothing.

    Such tokenizers read the text rewritten by Unicode's compatibility rules, so that is what is searched.
    """
    written, origin = _rewritten(text)
    spans: list[Span] = []
    cursor, after_unknown = 0, False
    for token_id in ids:
        spelled = token_decoder.decode_bytes(token_id).decode("utf-8", "ignore")
        found = _find(written, _rewritten(spelled)[0], cursor, REACH if after_unknown else 0)
        if found is None or (token_id in token_decoder.special and not written.startswith(spelled.casefold(), cursor)):
            here = origin[cursor - 1][1] if cursor else 0
            spans.append((here, here))
        else:
            spans.append((origin[found[0]][0], origin[found[1] - 1][1]))
            cursor = found[1]
        after_unknown = token_id in token_decoder.unknown
    return _with_unknowns(text, ids, spans, token_decoder)


def _rewritten(text: str) -> tuple[str, list[Span]]:
    """The text in Unicode's compatible form without case, and for each of its characters where it comes from."""
    written, origin, start = "", [], 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        simple = unicodedata.normalize("NFKC", text[start:end]).casefold()
        written += simple
        origin += [(start, end)] * len(simple)
        start = end
    return written, origin


def _find(written: str, spelled: str, cursor: int, reach: int) -> Span | None:
    """`spelled` at `cursor`, where it may have more or fewer spaces before it, or up to `reach` characters later."""
    word = spelled.strip()
    begin = cursor + len(written[cursor:]) - len(written[cursor:].lstrip())
    if not word:
        ahead = range(cursor, min(cursor + reach, len(written)))
        first = next((index for index in ahead if written[index].isspace()), cursor)
        last = first + len(written[first:]) - len(written[first:].lstrip())
        return (first, last) if spelled and last > first else None
    if written.startswith(word, begin):
        return cursor if spelled[0].isspace() else begin, begin + len(word)
    later = written.find(word, begin, begin + reach)
    return None if later < 0 else (later, later + len(word))


def _with_unknowns(text: str, ids: Sequence[int], spans: list[Span], token_decoder: TokenDecoder) -> list[Span]:
    """Gives what lies between two found tokens to the unknown token that stands there."""
    filled = list(spans)
    for position, (token_id, (start, end)) in enumerate(zip(ids, spans, strict=True)):
        if token_id in token_decoder.unknown and start == end:
            later = [begin for begin, finish in spans[position + 1 :] if finish > begin]
            until = later[0] if later else max(start, len(text.rstrip()))
            filled[position] = (min(start, until), max(start, until))
    return filled
