"""Amounts of money: decimal, with a currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency."""

    amount: Decimal
    currency: str
