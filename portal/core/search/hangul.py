"""Hangul as it is typed: keys of the two-set layout into syllables and back, first consonants, how far two spellings lie apart."""

_ON_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
_KEY_OF = {jamo: key for key, jamo in _ON_KEYS.items()}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_JOINED = {
    "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ", "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ",
    "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip
_PARTS = {joined: pair for pair, joined in _JOINED.items()}
_FIRST, _LAST = 0xAC00, 0xD7A3


def composed(keys: str) -> str:
    """What these Latin keys write on a Korean keyboard; letters that make no syllable stay single, the rest stays as it is."""
    out: list[str] = []
    block = ["", "", ""]  # first consonant, vowel, final

    def close() -> None:
        out.append(_syllable(*block))
        block[:] = "", "", ""

    for key in keys:
        jamo = _ON_KEYS.get(key) or _ON_KEYS.get(key.lower())
        if jamo is None:
            close()
            out.append(key)
        elif jamo in _VOWELS:
            if block[2]:  # its last consonant begins the next syllable
                stays, moves = _split(block[2])
                block[2] = stays
                close()
                block[0], block[1] = moves, jamo
            elif block[1] and (joined := _JOINED.get(block[1] + jamo)):
                block[1] = joined
            elif block[1]:
                close()
                block[1] = jamo
            else:
                block[1] = jamo
        elif block[0] and block[1] and not block[2] and jamo in _FINALS:
            block[2] = jamo
        elif block[2] and (joined := _JOINED.get(block[2] + jamo)):
            block[2] = joined
        else:
            close()
            block[0] = jamo
    close()
    return "".join(out)


def _split(final: str) -> tuple[str, str]:
    pair = _PARTS.get(final, "")
    return (pair[0], pair[1]) if pair else ("", final)


def _syllable(first: str, vowel: str, final: str) -> str:
    if not (first and vowel):
        return first + vowel + final
    place = (_INITIALS.index(first) * 21 + _VOWELS.index(vowel)) * 28 + _FINALS.index(final)
    return chr(_FIRST + place)


def is_syllable(letter: str) -> bool:
    return "가" <= letter <= "힣"


def is_jamo(letter: str) -> bool:
    """A single Korean letter, as a keyboard leaves it where no syllable comes about."""
    return "ㄱ" <= letter <= "ㅣ"


def keys_of(text: str) -> str:
    """The Latin keys that a Korean text was typed with; other letters stay as they are."""
    return "".join(_KEY_OF.get(part, part) for letter in text for part in _letters(letter))


def _letters(letter: str) -> str:
    if _FIRST <= ord(letter) <= _LAST:
        place = ord(letter) - _FIRST
        parts = _INITIALS[place // 588], _VOWELS[place // 28 % 21], _FINALS[place % 28]
        return "".join(_PARTS.get(part, part) for part in parts)
    return _PARTS.get(letter, letter)


def initials_of(word: str) -> str:
    """The first consonants of a word of syllables: ㅂㅌㄹ for 배터리."""
    return "".join(_INITIALS[(ord(letter) - _FIRST) // 588] for letter in word if is_syllable(letter))


def as_initials(token: str) -> str:
    """A word typed as first consonants alone, or nothing. A keyboard joins some of them: ㄳ is ㄱ and ㅅ."""
    spread = "".join(_PARTS.get(letter, letter) for letter in token)
    return spread if len(spread) > 1 and all(letter in _INITIALS for letter in spread) else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, mistaken or swapped with the next; `most` + 1 if it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        older, before, row = before, row, [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
