"""The harness for evaluators: cases in, runs and reports out. It asks the assistant as any other program would."""
