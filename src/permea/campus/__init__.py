"""Partnerships with universities and institutes: who uses whose equipment, when, and what does it cost?"""
