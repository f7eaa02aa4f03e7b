"""Scores of ideas from reviews by other methods, each from (idea, judge, mark) and the number of ideas."""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import lsqr
from scipy.stats import trim_mean

HAS_MIXED = importlib.util.find_spec("statsmodels") is not None and importlib.util.find_spec("pandas") is not None


def plain_mean(idea, judge, marks, n_ideas):
    """Return means."""
    del judge
    counts = np.bincount(idea, minlength=n_ideas)
    return np.bincount(idea, weights=marks, minlength=n_ideas) / np.maximum(counts, 1)


def trimmed_mean(idea, judge, marks, n_ideas):
    """Return means without the highest and the lowest mark, where there are three or more."""
    del judge
    found = np.zeros(n_ideas)
    for one in np.unique(idea):
        own = marks[idea == one]
        found[one] = trim_mean(own, 1 / len(own)) if len(own) > 2 else own.mean()
    return found


def z_score(idea, judge, marks, n_ideas):
    """Return means of what is left when each judge's marks are centred and scaled."""
    counts = np.bincount(judge)
    means = np.bincount(judge, weights=marks) / np.maximum(counts, 1)
    spread = np.sqrt(np.bincount(judge, weights=(marks - means[judge]) ** 2) / np.maximum(counts - 1, 1))
    return plain_mean(idea, judge, (marks - means[judge]) / np.where(spread > 0, spread, 1.0)[judge], n_ideas)


def least_squares(idea, judge, marks, n_ideas):
    """Return the fixed effects of ideas, judges being fixed effects too."""
    n_judges = int(judge.max()) + 1
    rows = np.tile(np.arange(len(idea)), 2)
    columns = np.concatenate([idea, n_ideas + judge])
    design = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(idea), n_ideas + n_judges)).tocsr()
    return lsqr(design, marks, atol=1e-10, btol=1e-10)[0][:n_ideas]


def mixed_lm(idea, judge, marks, n_ideas):
    """Return what statsmodels' MixedLM predicts with crossed random effects by REML; None if it is not installed."""
    if not HAS_MIXED:
        return None
    import pandas as pd
    import statsmodels.formula.api as smf

    frame = pd.DataFrame({"mark": marks, "idea": idea, "judge": judge, "all": 1})
    parts = {"idea": "0 + C(idea)", "judge": "0 + C(judge)"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = smf.mixedlm("mark ~ 1", frame, groups="all", vc_formula=parts, re_formula="0").fit(reml=True)
    effects = fitted.random_effects[1]
    found = np.zeros(n_ideas)
    for one in np.unique(idea):
        found[one] = effects.get(f"idea[C(idea)[{one}]]", 0.0)
    return found
