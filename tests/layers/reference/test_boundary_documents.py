"""Documents of the demonstration: made-up ones say so in every text, the one published fact names its source."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.xdist_group("demonstration")


def test_made_up_documents_say_so(frames):
    documents = frames["boundary_document"]
    made_up = documents[documents["source"] == "synthetic"]
    assert made_up["kind"].value_counts().to_dict() == {"agreement": 6, "dispute": 1}
    assert made_up["title"].str.startswith("示例").all()
    assert made_up["body"].str.startswith("示例文本").all()
    assert made_up["line_uuid"].isin(frames["boundary_line"]["uuid"]).all()


def test_the_park_at_the_tripoint_is_a_published_fact(frames):
    documents = frames["boundary_document"]
    (park,) = documents[documents["source"] != "synthetic"].to_dict("records")
    assert park["kind"] == "landmark"
    assert park["source"] == "潍坊市民政局公布的工作报告"
    (at,) = frames["tripoint"][frames["tripoint"]["uuid"] == park["tripoint_uuid"]].to_dict("records")
    assert at["codes"] == "370302,370724,370781"


def test_stakes_stand_where_their_chainage_says(frames):
    from layers.boundaries.checks.stakes import KIND_OF_LETTER

    stakes, joins = frames["stake"], frames["line_stake"]
    assert (stakes["number"].str[-1].map(KIND_OF_LETTER) == stakes["kind"]).all()
    own = joins.merge(
        stakes, left_on=["stake_uuid", "line_uuid"], right_on=["uuid", "line_uuid"], suffixes=("", "_own")
    )
    assert len(own) == len(stakes)
    assert (own["chainage_m"] == own["chainage_m_own"]).all()
