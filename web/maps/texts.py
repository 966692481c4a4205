TEXTS: tuple[str, ...] = ()
