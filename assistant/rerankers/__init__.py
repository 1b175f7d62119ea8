"""The reranking backends, each behind the protocol :class:`assistant.reranking.Scorer`."""
