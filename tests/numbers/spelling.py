"""Whole numbers spelt out in words, as grammars of the three languages teach it: written here to
check the reader, and sharing nothing with it.
"""


def listed(words: str) -> list[str]:
    return words.split()


EN = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
EN_TENS = listed("- - twenty thirty forty fifty sixty seventy eighty ninety")
FR = listed(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf"
)
FR_TENS = listed("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
AR = listed("صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة")
AR_TENS = listed("- - عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون")
AR_HUNDREDS = listed("- مائة مائتان ثلاثمائة أربعمائة خمسمائة ستمائة سبعمائة ثمانمائة تسعمائة")


def english(number: int) -> str:
    if number == 0:
        return EN[0]
    parts = [
        f"{_english(group)} {name}".strip()
        for group, name in _groups(number, ["", "thousand", "million", "billion", "trillion"])
    ]
    return ", ".join(parts)


def _english(number: int) -> str:
    if number >= 100:
        rest = f" and {_english(number % 100)}" if number % 100 else ""
        return f"{EN[number // 100]} hundred{rest}"
    if number < 20:
        return EN[number]
    return EN_TENS[number // 10] + (f"-{EN[number % 10]}" if number % 10 else "")


def french(number: int) -> str:
    if number == 0:
        return FR[0]
    parts = []
    for group, name in _groups(number, ["", "mille", "million", "milliard"]):
        if name == "mille":
            parts.append("mille" if group == 1 else f"{_french(group, before=True)} mille")
        else:
            plural = "s" if name and group > 1 else ""
            parts.append(f"{_french(group)} {name}{plural}".strip())
    return " ".join(parts)


def _french(number: int, before: bool = False) -> str:
    """A number below a thousand; `before` mille, cent and vingt take no s."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        s = "s" if hundreds > 1 and not rest and not before else ""
        many = f"{FR[hundreds]} " if hundreds > 1 else ""
        return f"{many}cent{s}" + (f" {_french(rest, before)}" if rest else "")
    if rest < 20:
        return FR[rest]
    tens, units = divmod(rest, 10)
    if tens in (7, 9):
        units += 10
    if not units:
        return FR_TENS[tens] + ("s" if tens == 8 and not before else "")
    return FR_TENS[tens] + (" et " if units in (1, 11) and tens < 8 else "-") + FR[units]


def arabic(number: int) -> str:
    if number == 0:
        return AR[0]
    names = [
        ("", "", ""),
        ("ألف", "ألفان", "آلاف"),
        ("مليون", "مليونان", "ملايين"),
        ("مليار", "ملياران", "مليارات"),
    ]
    return " و".join(_counted(group, *names) for group, names in _groups(number, names))


def _counted(number: int, one: str, two: str, few: str) -> str:
    if not one:
        return _arabic(number)
    if number in (1, 2):
        return (one, two)[number - 1]
    if 3 <= number % 100 <= 10:
        return f"{_arabic(number)} {few}"
    return f"{_arabic(number)} {one}" + ("ا" if 11 <= number % 100 <= 99 else "")


def _arabic(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [AR_HUNDREDS[hundreds]] if hundreds else []
    tens, units = divmod(rest, 10)
    if 11 <= rest <= 19:
        first = {1: "أحد", 2: "اثنا"}.get(units, AR[units])
        parts.append(f"{first} عشر")
    elif 0 < rest <= 10:
        parts.append(AR[rest])
    else:
        parts += [AR[units]] * bool(units) + [AR_TENS[tens]] * bool(tens)
    return " و".join(parts)


def _groups(number: int, names: list) -> list[tuple[int, object]]:
    """The groups of three digits that are not zero, the largest first, each with its name."""
    groups = []
    for name in names:
        number, group = divmod(number, 1000)
        if group:
            groups.append((group, name))
    return groups[::-1]


SPELL = {"en": english, "fr": french, "ar": arabic}
