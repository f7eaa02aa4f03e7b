"""Selection: what is chosen, and what is everybody told?"""
