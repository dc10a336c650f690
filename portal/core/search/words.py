"""Words that mean nothing to a search, and words that mean the same."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Never indexed: they stand in nearly every English sentence.
ENGLISH_STOP = _set(
    "a an and are as at be been being but by for from if in into is it its of on or so such than that the their "
    "then there these they this those to was were will with"
)
# Dependent nouns and helping verbs that Korean sentences are held together by.
KOREAN_STOP = _set("것 수 거 게 등 때문 따름 뿐 바 줄 데 적 하다 되다 이다 있다 싶다 주다 드리다")

# Asked with, not asked for: indexed, but a query is only made of them when it has nothing else.
ASKING = _set(
    "i my me mine you your we our us he she his her do doe did doesn don didn can could cannot cant how what when "
    "where why which who whom would should shall may might must have ha had am ani some just please help want need "
    "wai know tell get got let like wonder someon anyon im ive id thi there possibl "
    "어떻다 어떻게 어떡하다 방법 알다 알리다 궁금 무엇 무슨 무어 뭐 왜 언제 어디 어느 누구 좀 가능 경우 때 어떤 질문 "
    "문의 부탁 말씀 설명 가르치다 혹시 해당 관련 대하다 위하다 통하다 그리고 그런데 만약 "
)

# What people type that the Korean dictionary does not hold as a word.
SLANG = (
    "로긴",
    "비번",
    "블투",
    "와파",
    "펌웨어",
    "이어버드",
    "이어팁",
    "노캔",
    "환불",
    "재설정",
    "초기화",
    "페어링",
)

# One thing under several names: the first word of the tuple stands for it in the index.
ALIASES: dict[str, tuple[str, ...]] = {
    "로긴": ("로그인", "login"),
    "로그인": ("로그인", "login"),
    "비번": ("비밀", "번호", "비밀번호", "password"),
    "비밀번호": ("비밀번호", "password"),
    "암호": ("암호", "password"),
    "블투": ("블루투스", "bluetooth"),
    "블루투스": ("블루투스", "bluetooth"),
    "와파": ("와이파이", "wifi"),
    "와이파이": ("와이파이", "wifi"),
    "펌웨어": ("펌웨어", "firmwar"),
    "앱": ("앱", "app"),
    "어플": ("앱", "app"),
    "애플리케이션": ("앱", "app"),
    "이어버드": ("이어버드", "earbud"),
    "노캔": ("노이즈", "캔슬링"),
    "업데이트": ("업데이트", "updat"),
    "업그레이드": ("업그레이드", "upgrad"),
    "다운로드": ("다운로드", "download"),
    "업로드": ("업로드", "upload"),
    "배터리": ("배터리", "batteri"),
    "충전": ("충전", "charg"),
    "페어링": ("페어링", "pair"),
    "카메라": ("카메라", "camera"),
    "마이크": ("마이크", "microphon"),
    "스피커": ("스피커", "speaker"),
    "케이블": ("케이블", "cabl"),
    "라우터": ("라우터", "router"),
    "공유기": ("공유기", "router"),
    "리셋": ("리셋", "reset"),
    "재설정": ("재설정", "reset"),
    "초기화": ("초기화", "reset"),
    "계정": ("계정", "account"),
    "환불": ("환불", "refund"),
    "결제": ("결제", "payment"),
    "배송": ("배송", "deliveri"),
    "설정": ("설정", "set"),
    "오류": ("오류", "error"),
    "에러": ("오류", "error"),
    "이메일": ("이메일", "email"),
    "메일": ("메일", "email"),
    "wi-fi": ("wifi",),
    "e-mail": ("email",),
    "mic": ("microphone",),
    "apps": ("app",),
    "application": ("app",),
    "login": ("login",),
    "signin": ("login",),
    "logon": ("login",),
    "bt": ("bluetooth",),
    "shipping": ("delivery",),
    "wireless": ("wireless",),
}
