"""The demo: an automation firm with challenges in every state, told through the services so that its ledger is real."""

from permea.config.demo.loading import SignIn, load_demo, sign_ins

__all__ = ["SignIn", "load_demo", "sign_ins"]
