"""All rules of the check of place names, in the order in which they are told."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from gis.errors import N_
from layers.placenames.rules import counterparts, fields, likeness, spelling, wording
from layers.placenames.rules.facts import CLAUSE_CODE, CLAUSE_FORM, CLAUSE_NAMES, CLAUSE_PINYIN, CLAUSE_RULES
from layers.placenames.rules.rule import Rule

_ARTICLE_9: Final = f"{CLAUSE_NAMES} 第九条"
_LISTS: Final = f"{CLAUSE_RULES}；词表可由使用单位增补"

_ALL: Final[tuple[Rule, ...]] = (
    Rule(
        "mandatory-missing", "error", CLAUSE_FORM, "必填项缺失", "Mandatory field empty",
        N_("A field that the form requires is empty."), N_("Fill it in; 不详 where it is not known."),
        fields.mandatory,
    ),
    Rule(
        "class-unknown", "error", "GB/T 18521", "类别有误", "Class wrong",
        N_("“%(value)s” is no class, or not the major class of the record's class."),
        N_("Take a class of the table."), fields.known_class,
    ),
    Rule(
        "code-form", "error", CLAUSE_CODE, "地名代码格式有误", "Code malformed",
        N_("“%(value)s” is not written as a place-name code."),
        N_("20 digits: county 6, township 3 (001 to 599), class 5, serial 6."), fields.code_form,
    ),
    Rule(
        "code-missing", "warning", CLAUSE_CODE, "缺地名代码", "Code missing",
        N_("It has no place-name code."), N_("Give it the one proposed."), fields.code_missing,
    ),
    Rule(
        "code-division", "error", CLAUSE_CODE, "代码与政区不符", "Code against division",
        N_("The code %(value)s is of another division than %(county)s."), N_("Correct the code or the division."),
        fields.code_division,
    ),
    Rule(
        "code-class", "error", CLAUSE_CODE, "代码与类别不符", "Code against class",
        N_("The code %(value)s holds another class than %(class)s."), N_("Correct the code or the class."),
        fields.code_class,
    ),
    Rule(
        "code-duplicate", "error", CLAUSE_CODE, "代码重复", "Code given twice",
        N_("%(count)s names have the code %(value)s."), N_("Give all but the first a code of their own."),
        fields.code_twice, "group",
    ),
    Rule(
        "division-unknown", "error", f"{CLAUSE_FORM}；GB/T 2260、GB/T 10114", "所属政区不存在", "Orphaned",
        N_("No division has the code %(value)s: the record is orphaned."), N_("Put it into a division that there is."),
        fields.divisions,
    ),
    Rule(
        "position-missing", "error", CLAUSE_FORM, "坐标缺失或超出范围", "Position missing or out of range",
        N_("It has no position, or one outside the country."), N_("Set it on the map."), fields.in_range,
    ),
    Rule(
        "outside-division", "error", CLAUSE_FORM, "位置不在所属政区", "Position outside its division",
        N_("It lies %(distance)s m outside %(county)s (there: %(there)s)."), N_("Correct the place or the county."),
        fields.inside,
    ),
    Rule(
        "dates-out-of-order", "error", CLAUSE_FORM, "年代次序颠倒", "Years out of order",
        N_("It ended (%(value)s) before it began (%(start)s)."), N_("Correct one of the two."), fields.years_in_order,
    ),
    Rule(
        "date-impossible", "error", CLAUSE_FORM, "年代不可能", "Year impossible",
        N_("“%(value)s” lies in the future, or before all record."), N_("Correct the year."), fields.years_possible,
    ),
    Rule(
        "usage-disagrees", "warning", CLAUSE_FORM, "使用时间与废止年份矛盾", "In use, yet abolished",
        N_("It is said to be in use, and to have been abolished in %(end)s."), N_("Correct one of the two."),
        fields.abolished_in_use,
    ),
    Rule(
        "generic-missing", "warning", _ARTICLE_9, "缺通名", "Generic part missing",
        N_("“%(value)s” has no generic part that says what it is."), N_("Complete the name or its parts."),
        wording.generic_there,
    ),
    Rule(
        "generic-mismatch", "error", _ARTICLE_9, "通名与类别不符", "Generic part against class",
        N_("“%(value)s” is no generic part of %(class)s."), N_("Correct the name or the class."),
        wording.generic_fits_class,
    ),
    Rule(
        "parts-disagree", "warning", CLAUSE_FORM, "专名通名与标准名称不符", "Parts do not make up the name",
        N_("%(value)s do not make up “%(name)s”."), N_("Correct the parts."), wording.parts_make_it_up,
    ),
    Rule(
        "nonstandard-character", "warning", f"{_ARTICLE_9}；通用规范汉字表（2013）", "非规范字、生僻字",
        "Characters outside the general table",
        N_("“%(characters)s” is not in the general table of 8,105 characters."),
        N_("Write the standard character, or ask for an exception."), wording.standard_characters,
    ),
    Rule(
        "forbidden-pattern", "error", _ARTICLE_9, "含字母、数字或符号", "Letters, digits or signs",
        N_("“%(value)s” holds “%(characters)s”."), N_("Write the name in characters."), wording.pattern,
    ),
    Rule(
        "odd-ending", "warning", "村民委员会组织法、居民委员会组织法；登记惯例", "村（居）委会名称结尾异常",
        "Odd ending of a committee",
        N_("“%(value)s” ends as no committee does; meant is likely “%(meant)s”."), N_("Correct the ending."),
        wording.ending,
    ),
    Rule(
        "foreign-name", "error", f"{_ARTICLE_9}；{_LISTS}", "外国地名、洋地名", "Foreign name",
        N_("“%(value)s” holds the foreign name %(word)s."), N_("Choose another name."), wording.foreign,
    ),
    Rule(
        "leader-name", "error", f"{_ARTICLE_9}；{_LISTS}", "国家领导人姓名", "Name of a leader",
        N_("“%(value)s” holds the name %(word)s."), N_("Choose another name."), wording.leaders,
    ),
    Rule(
        "company-name", "warning", f"{_ARTICLE_9}；{_LISTS}", "企业名称、商标", "Name of a firm",
        N_("“%(value)s” holds %(word)s, a firm's name or word."),
        N_("Look at it: the name may be older than the firm."), wording.companies,
    ),
    Rule(
        "romanization-differs", "warning", CLAUSE_PINYIN, "罗马字母拼写与规则不符", "Romanization differs",
        N_("By the rules it is spelled “%(spelled)s”."), N_("Accept it, or keep the office's own decision."),
        spelling.differs,
    ),
    Rule(
        "duplicate-name", "error", _ARTICLE_9, "重名", "Duplicate name",
        N_("Of the same name within its scope: %(others)s."), N_("Rename one, or close what is not there twice."),
        likeness.same_name, "group",
    ),
    Rule(
        "same-sound", "warning", _ARTICLE_9, "同音", "Same sound",
        N_("Sounds like %(others)s."), N_("Look at it; a new name should not sound like another."),
        likeness.same_sound, "group",
    ),
    Rule(
        "one-character-apart", "info", _ARTICLE_9, "一字之差", "One character apart",
        N_("One character apart from %(others)s."), N_("Look at it; a new name should not be mistaken for another."),
        likeness.one_apart, "group",
    ),
    Rule(
        "near-duplicate", "warning", CLAUSE_FORM, "疑似一地两登", "Likely registered twice",
        N_("Within 300 m of %(others)s, of the same name."), N_("Close one if they are one."), likeness.near, "group",
    ),
    Rule(
        "double-registration", "warning", "GB/T 18521（216 与 276 类）", "216、276 类重复登记",
        "Registered in 216 and 276",
        N_("Registered as a village and as its committee: %(others)s."), N_("Count one of the two."),
        likeness.registered_twice, "group",
    ),
    Rule(
        "no-counterpart", "warning", "区划代码表与地名库比对", "政区无地名", "Division without a place name",
        N_("%(name)s (%(code)s) has no place name."), N_("Register its name."),
        counterparts.division_without_name, "register",
    ),
    Rule(
        "committee-orphaned", "warning", "区划代码表与地名库比对", "村（居）委会未对应区划",
        "Committee without a division",
        N_("The committee belongs to no village of the list of divisions."), N_("Give it the village's code."),
        counterparts.committee_without_division,
    ),
    Rule(
        "division-name-differs", "warning", "区划代码表与地名库比对", "与区划名称不一致",
        "Called otherwise than its division",
        N_("The list of divisions calls it “%(listed)s”."), N_("Correct the one or the other."),
        counterparts.different_name,
    ),
    Rule(
        "orphaned-name", "error", CLAUSE_FORM, "所属地名不存在", "Without its place",
        N_("“%(value)s” belongs to the place %(place)s, which there is not."),
        N_("Give it its place, or delete it."), counterparts.orphaned, "register",
    ),
)  # fmt: skip

RULES: Final = MappingProxyType({rule.key: rule for rule in _ALL})
"""Every rule by its key."""
