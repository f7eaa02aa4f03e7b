"""Risks: what may go wrong when we work with others, what would it cost, and who looks after it?"""
