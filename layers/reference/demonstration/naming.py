"""How lines are named."""


def _rank(code: str) -> tuple[int, str]:
    return (0 if code.startswith("3707") else 1, code)


def line_code(left: str, right: str) -> str:
    a, b = sorted((left, right), key=_rank)
    return a[4:] + b[4:] if b.startswith("3707") else a[2:] + b[2:]


def line_name(left: str, left_name: str, right: str, right_name: str) -> str:
    return f"{left_name}—{right_name}"


def short_name(left: str, left_name: str, right: str, right_name: str) -> str:
    return f"{left_name[0]}{right_name[0]}线"


def describe_line(line: object, left: str, right: str, start: str, end: str) -> str:
    return ""
