"""Codes of county lines and tripoints."""

from __future__ import annotations

import re

from gis.errors import Invalid

_COUNTY = re.compile(r"[0-9]{6}")


def line_code(one: str, other: str, *, piece: int = 0) -> str:
    """Code of the line between two counties: what their codes do not have in common, the smaller code first.

    Within one prefecture these are the two county suffixes, as on engraved stakes (临朐 370724 – 青州 370781: 2481).
    Between prefectures of one province the prefecture is named too (淄川 370302 – 青州 370781: 03020781), between
    provinces the whole codes. Lengths differ, so no two lines share a code. The pattern within a prefecture is likely,
    the other two are this program's own until the office confirms theirs: `derive_lines` takes another function.

    Parameters
    ----------
    one, other
        County codes of six digits, in any order.
    piece
        Number of the piece where one pair has several lines apart from each other; 0 for the only one.

    Raises
    ------
    Invalid
        If a code has not six digits, or both are the same.

    Examples
    --------
    >>> line_code("370781", "370724"), line_code("370302", "370781"), line_code("370781", "370724", piece=2)
    ('2481', '03020781', '2481-2')
    """
    return tripoint_code(one, other) + (f"-{piece}" if piece else "")


def tripoint_code(*counties: str) -> str:
    """Code of the point where counties meet, by the rule of `line_code`: 昌乐, 临朐 and 青州 make 242581.

    Raises
    ------
    Invalid
        As for `line_code`.
    """
    codes = sorted(set(counties))
    if len(codes) < 2 or len(codes) < len(counties) or not all(_COUNTY.fullmatch(code) for code in codes):
        raise Invalid(
            "There is no code for the border of %(counties)s.",
            hint="It takes different county codes of six digits.",
            counties=" / ".join(counties),
        )
    common = next(digits for digits in (4, 2, 0) if len({code[:digits] for code in codes}) == 1)
    return "".join(code[common:] for code in codes)
