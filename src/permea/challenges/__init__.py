"""Challenges: what is asked of the world, until when and on what terms?"""
