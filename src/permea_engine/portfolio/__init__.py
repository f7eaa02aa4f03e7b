"""The best set of ideas under money, people and other limits, with a certificate; and what a crowd funds."""

from permea_engine.portfolio.budgets import BudgetCurve, BudgetValue, budget_curve, budget_value
from permea_engine.portfolio.certificate import Selection
from permea_engine.portfolio.crowd import EqualShares, equal_shares
from permea_engine.portfolio.limits import InfeasibleError, Limit, LimitOptions
from permea_engine.portfolio.pabulib import Election, PabulibError, read_pabulib
from permea_engine.portfolio.selection import best_sets, broken_limits, conflicting_limits, runner_up, select_portfolio
from permea_engine.portfolio.stability import selection_stability

__all__ = [
    "BudgetCurve",
    "BudgetValue",
    "Election",
    "EqualShares",
    "InfeasibleError",
    "Limit",
    "LimitOptions",
    "PabulibError",
    "Selection",
    "best_sets",
    "broken_limits",
    "budget_curve",
    "budget_value",
    "conflicting_limits",
    "equal_shares",
    "read_pabulib",
    "runner_up",
    "select_portfolio",
    "selection_stability",
]
