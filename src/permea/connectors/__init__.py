"""The connectors: what reaches the firm through other systems?"""
