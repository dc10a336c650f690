"""People, products and topics of the demo; rows that are there already stay as they are."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from community.demo import ACCOUNTS, PASSWORD, lines
from kb.models import Category
from portal.core.models import Product, Release, User

# slug: name, Korean name, summary, Korean summary, icon, releases
PRODUCTS = {
    "nova-buds": (
        "Nova Buds", "노바 버즈", "Wireless earbuds, model NB-200", "무선 이어버드 NB-200", "headphones",
        {"2.0": date(2025, 11, 3), "2.4": date(2026, 4, 14), "3.0": date(2026, 9, 22)},
    ),
    "nova-cam": (
        "Nova Cam", "노바 캠", "Home security camera, model NC-310", "가정용 보안 카메라 NC-310", "cctv",
        {"1.8": date(2025, 12, 9), "2.0": date(2026, 5, 12), "2.2": date(2026, 10, 6)},
    ),
    "nova-vac": (
        "Nova Vac", "노바 로봇청소기", "Robot vacuum with dock, model NV-500", "도크가 있는 로봇청소기 NV-500", "bot",
        {"4.1": date(2025, 10, 21), "4.5": date(2026, 3, 31), "5.0": date(2026, 9, 8)},
    ),
}  # fmt: skip
TOPICS = {
    "setup": ("Getting started", "처음 설정"),
    "connect": ("Connecting", "연결"),
    "sound": ("Sound and calls", "소리와 통화"),
    "battery": ("Battery and charging", "배터리와 충전"),
    "app": ("App and updates", "앱과 업데이트"),
    "cleaning": ("Cleaning", "청소"),
    "mapping": ("Maps and rooms", "지도와 방"),
    "recording": ("Recording and storage", "녹화와 저장"),
    "network": ("Wi-Fi and network", "와이파이와 네트워크"),
    "repair": ("Parts and repair", "부품과 수리"),
    "account": ("Account and privacy", "계정과 개인정보"),
}


def make_catalogue() -> None:
    """Products with their releases, and the topics that articles are shelved under."""
    for position, (slug, row) in enumerate(PRODUCTS.items()):
        name, name_ko, summary, summary_ko, icon, releases = row
        product, made = Product.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name, "name_ko": name_ko, "summary": summary, "summary_ko": summary_ko, "icon": icon,
                "position": position,
            },
        )  # fmt: skip
        if made:
            Release.objects.bulk_create(
                Release(product=product, name=release, released_on=day, position=n)
                for n, (release, day) in enumerate(releases.items())
            )
    for position, (slug, (name, name_ko)) in enumerate(TOPICS.items()):
        Category.objects.get_or_create(
            slug=slug, defaults={"name": name, "name_ko": name_ko, "position": position}
        )


def make_people(today: datetime) -> None:
    """Customers, staff and editors; only the four demo accounts have a password."""
    groups = {group.name: group for group in Group.objects.all()}
    known = set(User.objects.values_list("username", flat=True))
    for line in lines("people.jsonl"):
        if line["username"] in known:
            continue
        person = User(
            username=line["username"],
            display_name=line["display_name"],
            language=line["language"],
            bio=line["bio"],
            email=f"{line['username']}@example.com",
            is_staff=line["role"] == "staff",
            date_joined=today - timedelta(hours=line["hours_ago"]),
        )
        if person.username in ACCOUNTS:
            person.set_password(PASSWORD)
        else:
            person.set_unusable_password()
        person.save()
        person.groups.add(groups[line["role"]])
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
