"""Sealing of personal data at rest, and keyed digests to find it again.

One installation key gives four independent subkeys: one encrypts, one derives nonces, one
digests, one links the audit log. Sealing is deterministic (a nonce derived from the text), so
that the same load always writes the same bytes; it hides what a text says, not that two texts
are equal, which the digests show anyway.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graph.errors import StoreError

__all__ = ["DIGEST_SIZE", "KEY_SIZE", "Seal", "digest"]

KEY_SIZE = 32
DIGEST_SIZE = 16
_NONCE_SIZE = 12
_CODEC: Final = pa.Codec("zstd", compression_level=3)


def digest(*parts: bytes) -> bytes:
    """Return the 16-byte content digest of parts; part boundaries count."""
    framed = b"".join([b"%d:%b" % (len(part), part) for part in parts])
    return hashlib.blake2b(framed, digest_size=DIGEST_SIZE).digest()


class Seal:
    """Encrypts, decrypts and digests under one installation key.

    Args:
        key: 32 random bytes, belonging to the installation and kept outside the store.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_SIZE:
            raise StoreError("E511", size=len(key))
        self._key = key
        self._cipher = AESGCM(_subkey(key, b"seal"))
        # Copied for every text: taking in the key is half of a short text's cost.
        nonces, digests = _subkey(key, b"nonce"), _subkey(key, b"digest")
        self._nonces = hashlib.blake2b(digest_size=_NONCE_SIZE, key=nonces)
        self._digests = hashlib.blake2b(digest_size=DIGEST_SIZE, key=digests)
        self._links = hashlib.blake2b(digest_size=KEY_SIZE, key=_subkey(key, b"audit"))

    def __reduce__(self) -> tuple[type["Seal"], tuple[bytes]]:
        # Worker processes get the key, not the cipher object, which cannot be pickled.
        return (Seal, (self._key,))

    def seal(self, text: bytes) -> bytes:
        """Return nonce and ciphertext of a text."""
        state = self._nonces.copy()
        state.update(text)
        nonce = state.digest()
        return nonce + self._cipher.encrypt(nonce, text, None)

    def open(self, sealed: bytes) -> bytes:
        """Return the text of `seal`.

        Raises:
            StoreError: Sealed under another key, or altered.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], None)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise StoreError("E512") from error

    def seal_block(self, documents: Sequence[bytes]) -> bytes:
        """Return JSON documents packed and sealed as one: rows of a file repeat each other."""
        text = b"[" + b",".join(documents) + b"]"
        return self.seal(len(text).to_bytes(4, "big") + _CODEC.compress(text, asbytes=True))

    def open_block(self, sealed: bytes) -> bytes:
        """Return the JSON list of `seal_block`."""
        packed = self.open(sealed)
        size = int.from_bytes(packed[:4], "big")
        text: bytes = _CODEC.decompress(packed[4:], decompressed_size=size, asbytes=True)
        return text

    def key_of(self, kind: str, value: str) -> bytes:
        """Return the 16-byte keyed digest by which an identifier is looked up."""
        state = self._digests.copy()
        state.update(f"{kind}:{value}".encode())
        return state.digest()

    def link(self, content: bytes) -> bytes:
        """Return the 32-byte keyed digest that links an entry of the audit log to the last."""
        state = self._links.copy()
        state.update(content)
        return state.digest()

    def fingerprint(self) -> bytes:
        """Return a digest that tells this key from others without revealing it."""
        return self.key_of("creditgraph", "fingerprint")


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return hashlib.blake2b(b"creditgraph", digest_size=KEY_SIZE, key=key, person=purpose).digest()
