"""The interval of a share."""

from __future__ import annotations


def wilson(share: float, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return Wilson's score interval of a share of ``n`` (at least 1); 95 % unless told (Wilson 1927).

    It holds the share to the last bit: at 0 and 1 rounding would leave it just outside.
    """
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
