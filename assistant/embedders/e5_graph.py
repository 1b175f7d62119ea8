"""The encoder of multilingual-e5-small as an ONNX graph: one text in, the mean of its token vectors out.

Matrix products run on whole numbers, but for the last of each layer: the weights get seven bits and one scale for each
output, the activations eight bits and one scale for the text, found while running. Seven bits, because x86 processors
without VNNI add two products in 16 bits and would overflow with eight; the weights had four anyway. As the graph takes
one text at a time, that scale, and so the vector, cannot depend on other texts, and nothing is padded or masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.embedders.e5_weights import E5Weights
from assistant.embedding import Vectors

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

VERSION = 3
"""Raised whenever the same text gets another vector."""

INPUT = "embeddings"
OUTPUT = "mean"

MICROSOFT = "com.microsoft"
LEVELS = 63


def build_encoder(weights: E5Weights) -> bytes:
    """The serialised graph.

    Its input ``INPUT`` is the sum of word, position and type vectors, *Shape:* ``(1, tokens, hidden)``; its output
    ``OUTPUT`` the mean over the tokens, *Shape:* ``(1, hidden)``.
    """
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    hidden, feed_forward = weights.hidden, weights.feed_forward
    x = graph.normalised(INPUT, "emb.ln")
    for layer in range(weights.layers):
        at = f"l{layer}."
        attended = graph.attention(x, at)
        x = graph.normalised(graph.node("Add", x, graph.product(attended, f"{at}ao", hidden)), f"{at}aln")
        inner = graph.node("Gelu", graph.product(x, f"{at}fi", hidden, after=f"{at}aln"))
        # In most layers one neuron answers to the first or last token up to 40 times as strongly as all others do; that
        # would leave them hardly any of 256 steps. In whole numbers, the mean cosine to full precision falls to .996.
        outer = graph.product(inner, f"{at}fo", feed_forward, in_full=True)
        x = graph.normalised(graph.node("Add", x, outer), f"{at}oln")
    graph.nodes.append(helper.make_node("ReduceMean", [x, graph.constant("axis", np.array([1]))], [OUTPUT], keepdims=0))

    proto = helper.make_graph(
        graph.nodes,
        "multilingual-e5-small",
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "tokens", hidden])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, hidden])],
        graph.constants,
    )
    operators = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    model: bytes = helper.make_model(proto, opset_imports=operators, ir_version=10).SerializeToString()
    return model


class _Graph:
    """Nodes and constants, collected from input to output. Values are known by their names."""

    def __init__(self, weights: E5Weights) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self._weights = weights

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output; its name."""
        return self._node(operator, inputs, 1, domain, **attributes)[0]

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Add a constant; its name."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def normalised(self, x: str, name: str) -> str:
        """Layer normalisation with the weights called ``name``."""
        scale, shift = (self.constant(f"{name}.{part}", self._weights.vector(f"{name}.{part}")) for part in "wb")
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=self._weights.epsilon)

    def attention(self, x: str, at: str) -> str:
        """Self-attention of the layer whose names begin with ``at``, before its output matrix."""
        weights, parts = self._weights, [f"{at}{part}" for part in "qkv"]
        matrix = np.concatenate([weights.matrix(f"{part}.w", weights.hidden) for part in parts])
        bias = np.concatenate([weights.vector(f"{part}.b") for part in parts])
        # One product for queries, keys and values, so that their input is brought to whole numbers once.
        joined = self._quantised(x, f"{at}qkv", matrix, bias)
        split = self._node("Split", (joined,), 3, axis=-1, num_outputs=3)
        return self.node("MultiHeadAttention", *split, domain=MICROSOFT, num_heads=weights.heads)

    def product(self, x: str, name: str, columns: int, *, after: str = "", in_full: bool = False) -> str:
        """``x`` times the matrix called ``name``, plus its bias.

        ``after`` names the layer normalisation that made ``x``. Its weights tell how far each column reaches; bringing
        all to the same range before they share one scale halves what is lost (SmoothQuant, arXiv:2211.10438, without
        its calibration).
        """
        matrix, bias = self._weights.matrix(f"{name}.w", columns), self._weights.vector(f"{name}.b")
        if in_full:
            product = self.node("MatMul", x, self.constant(f"{name}.w", matrix.T))
            return self.node("Add", product, self.constant(f"{name}.b", bias))
        if after:
            reach = 3 * np.abs(self._weights.vector(f"{after}.w")) + np.abs(self._weights.vector(f"{after}.b"))
            x, matrix = self.node("Mul", x, self.constant(f"{name}.reach", 1 / reach)), matrix * reach
        return self._quantised(x, name, matrix, bias)

    def _quantised(self, x: str, name: str, matrix: Vectors, bias: Vectors) -> str:
        scales = np.abs(matrix).max(axis=1) / LEVELS
        whole = np.round(matrix / scales[:, None]).astype(np.int8)
        return self.node(
            "DynamicQuantizeMatMul",
            x,
            self.constant(f"{name}.w", whole.T),
            self.constant(f"{name}.scale", scales),
            self.constant(f"{name}.zero", np.zeros(len(scales), dtype=np.int8)),
            self.constant(f"{name}.b", bias),
            domain=MICROSOFT,
        )

    def _node(
        self, operator: str, inputs: tuple[str, ...], outputs: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        from onnx import helper

        names = [f"{len(self.nodes)}.{output}" for output in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names
