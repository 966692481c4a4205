"""Submissions of a county's place names to the city: the list, the sample with its verdicts, the decision."""
