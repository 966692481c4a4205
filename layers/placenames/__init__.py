"""Place names: rules, findings, worklist, names, codes, articles, signs."""
