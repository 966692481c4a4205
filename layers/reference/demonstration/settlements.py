"""居民点: natural villages, housing estates, sites of work, places that are no more."""

from __future__ import annotations

import numpy as np

from gis.toponym import split_name
from layers.reference.demonstration.gazetteer import Places
from layers.reference.demonstration.names import pick, put_together
from layers.reference.demonstration.plane import Ints
from layers.reference.demonstration.stock import ESTATES
from layers.reference.demonstration.world import World

NAMED_AFTER, NEIGHBOURS, ESTATE_COUNT = 6_528, 2_520, 7_352
WORKS, FARMS, HISTORICAL = 560, 740, 546
_SHOWN = "戈庄"
_SHOWN_COUNT = 67

#: What villages end in.
VILLAGE_GENERICS = (
    "官庄", "家庄", "庄子", "店子", "庙子", "营子", "屋子", "冢子", "埠子", "楼子", "岭子",
    "泊子", "庄", "村", "屯", "埠", "疃", "峪", "营", "沟", "河", "崖", "店", "楼",
    "家", "坡", "桥", "庙", "头", "口", "岭", "山", "洼", "旺", "寨", "台", "泉",
    "院", "街", "集", "关", "甲", "亭", "湾", "寺", "园", "里",
)  # fmt: skip


def _generic(names: list[str]) -> list[str]:
    return [split_name(name, VILLAGE_GENERICS)[1] for name in names]


def _named_villages(world: World) -> Ints:
    """The village committees whose name a natural village bears: all but four."""
    base = world.villages["base"].iloc[world.rural]
    irregular = ~world.villages["name"].iloc[world.rural].str.contains(r"(?:村委会|村民委员会)$").to_numpy()
    shown = base.str.endswith(_SHOWN).to_numpy()
    left_out = np.argsort(np.where(irregular, 0, np.where(shown, 2, 1)), kind="stable")
    spare = len(world.rural) - NAMED_AFTER
    return np.delete(world.rural, left_out[:spare])


def make_settlements(world: World) -> list[Places]:
    """18,246 settlements: 自然村 9,048 (67 of them 戈庄), 小区/花园/苑 7,352, 工矿农林点 and historical 1,846."""
    rng = world.chance.stream("settlements")
    taken: set[tuple[int, str]] = set()
    named = _named_villages(world)
    names = world.villages["base"].to_numpy()[named].tolist()
    taken.update(zip(world.town[named].tolist(), names, strict=True))
    parts = [
        Places(
            "settlement/village", "settlement", names, _generic(names), "22200", 7,
            world.ground.scatter(rng, world.xy[named], world.town[named], 0.1), world.town[named], named,
        )
    ]  # fmt: skip

    stems = world.namer.stems
    shown = np.array([str(stem).endswith(_SHOWN) for stem in stems])
    missing = _SHOWN_COUNT - sum(name.endswith(_SHOWN) for name in names)
    pool = world.rural[~shown[world.rural]]
    rows = world.committees(rng, pool, NEIGHBOURS - missing)
    rows = np.concatenate([rows, rng.choice(world.rural[shown[world.rural]], size=missing, replace=False)])
    prefix = rng.choice(
        np.array(list("前后东西小南北大"), dtype=object),
        size=NEIGHBOURS,
        p=[0.2, 0.2, 0.18, 0.18, 0.1, 0.05, 0.05, 0.04],
    )
    beside = [
        p + str(stem).lstrip("前后东西南北小大中")[-3:] if len(str(stem)) > 3 else p + str(stem)
        for p, stem in zip(prefix, stems[rows], strict=True)
    ]
    neighbours = put_together(beside, [""] * NEIGHBOURS, world.town[rows], taken)
    parts.append(
        Places(
            "settlement/neighbour", "settlement", neighbours, _generic(neighbours), "22200", 8,
            world.ground.scatter(rng, world.xy[rows], world.town[rows], 0.55), world.town[rows], rows,
        )
    )  # fmt: skip
    return [*parts, _estates(world, rng), *_works(world, rng, taken)]


def _estates(world: World, rng: np.random.Generator) -> Places:
    in_towns = ESTATE_COUNT // 6
    centre = np.unique(world.namer.nearest(world.ground.sites, np.arange(len(world.ground.sites))))
    rows = np.concatenate(
        [
            world.committees(rng, world.urban, ESTATE_COUNT - in_towns, twice=True),
            world.committees(rng, centre, in_towns, twice=True),
        ]
    )
    town = world.town[rows]
    generic = pick(rng, {"小区": 5, "花园": 3, "苑": 3}, ESTATE_COUNT)
    names = put_together(world.namer.after(rng, rows, ESTATES, 0.82), generic, town)
    xy = world.ground.scatter(rng, world.xy[rows], town, 0.4)
    return Places("settlement/estate", "settlement", names, generic, "22100", 8, xy, town, rows)


def _works(world: World, rng: np.random.Generator, taken: set[tuple[int, str]]) -> list[Places]:
    parts = []
    kinds: tuple[tuple[str, dict[str, float], str, int], ...] = (
        ("works", {"砖厂": 3, "石料厂": 2, "机械厂": 2, "矿": 1, "盐场": 1}, "22300", WORKS),
        ("farm", {"果园": 3, "农场": 3, "林场": 2, "苗圃": 2, "养殖场": 2}, "22400", FARMS),
    )
    for key, endings, code, count in kinds:
        rows = world.committees(rng, world.rural, count)
        generic = pick(rng, endings, count)
        names = put_together(world.namer.after(rng, rows), generic, world.town[rows], taken)
        xy = world.ground.scatter(rng, world.xy[rows], world.town[rows], 0.9)
        parts.append(Places(f"settlement/{key}", "settlement", names, generic, code, 9, xy, world.town[rows], rows))
    rows = world.committees(rng, world.rural, HISTORICAL)
    old = [("老" if number % 2 else "旧") + str(stem) for number, stem in enumerate(world.namer.stems[rows])]
    # No natural village of today ends in 戈庄 more often than it should: those that are no more are 旧址.
    names = put_together(old, ["旧址"] * HISTORICAL, world.town[rows], taken)
    parts.append(
        Places(
            "settlement/historical", "settlement", names, "旧址", "22900", 9,
            world.ground.scatter(rng, world.xy[rows], world.town[rows], 0.6), world.town[rows], rows, historical=True,
        )
    )  # fmt: skip
    return parts
