"""Ideas: what comes in, from whom, in which version?"""
