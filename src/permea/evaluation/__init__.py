"""Evaluation: who judges what, and what do the judgements say?"""
