"""Numbers as people read them: no more digits than their interval supports."""

from math import isfinite, isnan

MISSING = "–"
_MOST_DECIMALS = 4
_SIGNIFICANT = 4


def figure(value: float, half_width: float = float("nan"), unit: str = "") -> str:
    """Return a mean with the digits its half-width supports; a share in per cent."""
    scale = _scale(unit)
    return _plain(scale * value, _decimals(scale * value, scale * half_width)) if isfinite(value) else MISSING


def plus_minus(value: float, half_width: float, unit: str = "") -> str:
    """Return the half-width with the digits that `figure` shows of its mean."""
    scale = _scale(unit)
    return _plain(scale * half_width, _decimals(scale * value, scale * half_width)) if isfinite(half_width) else MISSING


def shown_unit(unit: str, currency: str = "") -> str:
    """Return a unit as it stands beside `figure`."""
    return {"share": "%", "money": currency}.get(unit, unit)


def percent(share: float, half_width: float = float("nan")) -> str:
    """Return ``3.1 %`` of a share, or ``3.1 % ± 0.6 %``."""
    if not isfinite(share):
        return MISSING
    exponent = _exponent(100 * (half_width if half_width > 0 else abs(share)))
    decimals = 0 if exponent > 0 else 1 if exponent >= -1 else 2
    number = f"{100 * share:,.{decimals}f} %"
    return f"{number} ± {100 * half_width:,.{decimals}f} %" if isfinite(half_width) else number


def p_value(p: float) -> str:
    """Return such as ``0.012`` or ``< 0.001``."""
    if isnan(p):
        return MISSING
    return "< 0.001" if p < 0.001 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"


def times(ratio: float) -> str:
    """Return a ratio such as ``2.8x`` or ``196x``."""
    return MISSING if not isfinite(ratio) else f"{ratio:,.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def count(number: float, noun: str) -> str:
    """Return ``1 replication`` or ``5 replications``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def size(number: float) -> str:
    """Return bytes as MB or GB."""
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{max(1, round(number / 1e6))} MB"


def _scale(unit: str) -> int:
    return 100 if unit == "share" else 1


def _decimals(value: float, half_width: float) -> int:
    """Return two significant digits of the half-width, or four of the value where there is none."""
    if isfinite(half_width) and half_width > 0:
        return _clipped(1 - _exponent(half_width))
    if value == round(value):
        return 0
    return _clipped(_SIGNIFICANT - 1 - _exponent(value))


def _exponent(value: float) -> int:
    """Return the power of ten of the first digit, after rounding to two."""
    return int(f"{abs(value):.1e}".partition("e")[2])


def _clipped(decimals: int) -> int:
    return min(max(decimals, 0), _MOST_DECIMALS)


def _plain(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"
