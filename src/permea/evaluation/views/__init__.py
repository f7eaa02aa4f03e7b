"""Pages of evaluation: the evaluator's queue and sheet, the manager's panel and ranking."""
