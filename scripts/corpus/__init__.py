"""How the shipped corpus is built and checked: the guideline PDF and the fact ledger."""
