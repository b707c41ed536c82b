"""Incremental detokenization: the text of a completion, token by token, cut at its stop text."""

import codecs
from collections.abc import Sequence

from models.text.token_decoder import TokenDecoder
from models.text.tokens import Token


class IncrementalDetokenizer:
    """The text of one completion as its tokens arrive; a character spread over tokens appears when it is whole."""

    # Why not tokenizers.decoders.DecodeStream, ten times as fast (1 µs a token, of several milliseconds that a token
    # takes): it needs a fast tokenizer, which Marian has not; raises on byte-fallback tokens that form no character;
    # strips the space with which a continuation begins; and moves text that was shown already (WordPiece: "girl .").

    def __init__(self, token_decoder: TokenDecoder, ids: Sequence[int] = (), stop: str = "") -> None:
        self.token_decoder = token_decoder
        self.stop = stop
        self.text = ""
        self.stopped = False
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        for token_id in ids:
            self.add(token_id)

    def add(self, token_id: int) -> Token:
        """Append one token; its span is in the completion."""
        start = len(self.text)
        special = token_id in self.token_decoder.special
        new_bytes = b"" if special else self._bytes_of(token_id)
        self._extend(self._utf8.decode(new_bytes))
        return Token(
            id=token_id,
            piece=self.token_decoder.piece(token_id),
            text=self.token_decoder.display(token_id),
            start=min(start, len(self.text)),
            end=len(self.text),
            special=special,
            group=-1,
            bytes=new_bytes,
        )

    def close(self) -> None:
        """Nothing more will come: an incomplete character is shown as the replacement character."""
        if not self.stopped:
            self._extend(self._utf8.decode(b"", final=True))

    def _bytes_of(self, token_id: int) -> bytes:
        decoded = self.token_decoder.decode_bytes(token_id)
        wordpiece = self.token_decoder.style == "wordpiece"
        begins_word = wordpiece and not self.token_decoder.piece(token_id).startswith("##")
        return b" " + decoded if begins_word and self.text else decoded

    def _extend(self, new: str) -> None:
        search_from = max(0, len(self.text) - len(self.stop))
        self.text += new
        found = self.text.find(self.stop, search_from) if self.stop else -1
        if found >= 0:
            self.text, self.stopped = self.text[:found], True
