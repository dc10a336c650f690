"""What a text carries that new accounts use to advertise: links and ways to be reached elsewhere."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from django.conf import settings

# Letters that show nothing and split words in two: a favourite way past a filter.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3164\ufeff\uffa0]"
)
_PHRASES = "\ufdfa\ufdfb"  # one sign that NFKC writes out as a whole sentence
_SPACE = re.compile(r"\s+")
_DOT = re.compile(r"\s?[\[({]\s?(?:\.|dot|닷|점)\s?[\])}]\s?", re.IGNORECASE)
_AT = re.compile(r"\s?[\[({]\s?(?:at|@|골뱅이|앳)\s?[\])}]\s?|\s?골뱅이\s?", re.IGNORECASE)

# Endings that advertisements use and that no file, version or abbreviation in a support question has.
_ENDINGS = (
    "com|net|org|info|biz|io|me|ly|gg|link|shop|store|site|online|xyz|club|vip|casino|icu|cc"
    "|ru|cn|jp|uk|eu|tk|co\\.kr|or\\.kr|pe\\.kr|ne\\.kr|kr|한국|닷컴"
)
_WITH_SCHEME = re.compile(r"\b(?:https?|hxxps?|ftp)\s?:\s?//\s?([^\s<>\"')\]]+)", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    rf"(?<![\w@./-])((?:[a-z0-9가-힣](?:[a-z0-9가-힣-]{{0,61}}[a-z0-9가-힣])?\.)+(?:{_ENDINGS}))(?![a-z0-9_.-]*@)(?![a-z0-9-])",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"\]\(\s*<?//([^\s)>]+)|^\s{0,3}\[[^\]]+\]:\s*<?//(\S+)", re.MULTILINE)

# Each run of signs is tried once, from its start: trying it from every sign takes minutes for a page-long word.
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[._%+-]*+[a-z0-9][a-z0-9._%+-]*+\s?@\s?[a-z0-9-]+(?:\s?\.\s?[a-z0-9-]+)*\s?\.\s?[a-z]{2,}",
    re.IGNORECASE,
)
_GAP = r"[\s.\-)·/~_]{0,3}"
_NEAR = r"(?<![\w.\-])"
_PHONES = [
    re.compile(
        rf"{_NEAR}\(?(?:\+?82{_GAP}0?|0)1[016789]{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)"
    ),  # 010-1234-5678, +82 10 …
    re.compile(
        rf"{_NEAR}\(?0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d)\)?[\s.\-]\d{{3,4}}[\s.\-]\d{{4}}(?!\d)"
    ),  # 02-123-4567
    re.compile(rf"{_NEAR}1[568]\d\d-\d{{4}}(?![\d-])"),  # 1588-1234
    re.compile(r"(?<![\w+])\+\d{1,3}(?:[\s.\-()]{0,2}\d){7,12}(?!\d)"),  # +44 20 …
    re.compile(rf"{_NEAR}(?:\(\d{{3}}\)\s?|\d{{3}}-)\d{{3}}-\d{{4}}(?![\d-])"),  # (555) 123-4567
    re.compile(r"(?:공|영)\s?일\s?(?:공|영)(?:[\s.\-]*(?:[공영일이삼사오육칠팔구]|\d)){7,8}"),  # 공일공 …
]
_MESSENGERS = (
    r"카카오톡|카톡|카카오|카_톡|ㅋㅌ|ㅋ톡|텔레그램|텔레|텔래|라인|위챗|왓츠앱|왓츠|디스코드|디코|시그널"
    r"|kakao\s?talk|kakao|telegram|whats\s?app|we\s?chat|discord|\bline|\bsignal|skype|viber|snapchat"
)
# English that follows "LINE" or "Signal" in a sentence about a device, not on a visiting card.
_ORDINARY = (
    r"(?!(?:is|not|no|does|doesn|do|and|or|the|a|an|it|my|but|app|login|error|settings?|on|in|for|of|at|to|lost|weak|strong|fine|good|bad"
    r"|ok|okay|works?|working|gone|dead|green|red|drops?|missing|poor|low|high|very|too|so|still|only|just|always|never|will|can|can.t"
    r"|muted|silent|broken|crash\w*|never|what|when|how|why|call\w*|message\w*|notification\w*|yes|none|unknown)\b)"
)
_HANDLE = r"[a-z0-9][a-z0-9_.\-#]{3,31}"
_REACHES = [
    # 카톡 아이디 abcd, telegram: abcd, LINE ID = abcd, my telegram is abcd_1
    re.compile(
        rf"(?:{_MESSENGERS})\s*(?:(?:아이디|계정|채널|친추|문의|상담|id|account|handle|me)\b\s*(?:는|은|가|로|is)?\s*[:：=@\-]?|[:：=@])\s*@?{_ORDINARY}{_HANDLE}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:{_MESSENGERS})[^\n]{{0,20}}?(?<![\w.])@[a-z0-9_]{{4,}}", re.IGNORECASE),
    re.compile(rf"\bmy\s+(?:{_MESSENGERS})\s+is\s+@?{_ORDINARY}{_HANDLE}", re.IGNORECASE),
    # 카톡 abc123, 텔레 sell_kr: a bare handle counts if no word looks like it
    re.compile(
        rf"(?:{_MESSENGERS})\s+(?!(?:ios|android|version|ver|v|win|windows|mac|macos|one\s?ui)[\s_.\-]?\d)"
        r"(?=[a-z0-9_]*[\d_])(?=[a-z0-9_]*[a-z])[a-z][a-z0-9_]{4,31}\b",
    ),
]


def normal(text: str) -> str:
    """One spelling of what looks the same: full-width and circled signs, invisible letters, spaces, "[dot]"."""
    text = text.translate({ord(sign): " " for sign in _PHRASES})
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = _SPACE.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
    return _AT.sub("@", _DOT.sub(".", text))


def _is_ours(host: str) -> bool:
    """This site, and addresses of a network at home, lead nobody away."""
    host = host.lower().rstrip(".,:;!?")
    own = (urlsplit(settings.SITE_URL).hostname or "").lower()
    if host == "localhost" or host == own:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


def _host(address: str) -> str:
    try:
        return urlsplit("//" + address).hostname or address
    except ValueError:  # "[": not an address that a browser would open, but somebody tried
        return address


def has_link(text: str) -> bool:
    """Whether the text leads to another site, with or without "https://"."""
    seen = normal(text)
    hosts = [_host(found) for found in _WITH_SCHEME.findall(seen)]
    hosts += [_host(first or second) for first, second in _MARKDOWN.findall(seen)]
    hosts += _WITHOUT_SCHEME.findall(seen)
    return any(not _is_ours(host) for host in hosts)


def has_contact(text: str) -> bool:
    """Whether the text says how to reach somebody elsewhere: mail, phone, or a name on a messenger.

    Naming a messenger is not enough: people ask about its notifications every day.
    """
    seen = normal(text)
    return any(pattern.search(seen) for pattern in [_EMAIL, *_PHONES, *_REACHES])
