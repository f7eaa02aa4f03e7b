"""People: who takes part, for which organisation, in which role?"""
