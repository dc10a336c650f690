"""Pictures in posts: taken, cleaned, served; or refused with a sentence."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

from portal.core.models import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **save) -> bytes:
    made = io.BytesIO()
    Picture.new(mode, size, "red" if mode == "RGB" else None).save(made, kind, **save)
    return made.getvalue()


def send(client, data: bytes, name: str = "screen shot.png"):
    return client.post("/images/", {"image": SimpleUploadedFile(name, data)})


def stored(row: Image) -> Picture.Image:
    return Picture.open(row.file.path)


@pytest.fixture
def minji(client, cast):
    client.force_login(cast.minji)
    return cast.minji


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_kept_as_webp_and_shown(client, minji, kind):
    answer = send(client, picture(kind))
    assert answer.status_code == 201
    row = Image.objects.get()
    assert answer.json() == {"url": row.file.url, "markdown": f"![screen shot]({row.file.url})"}
    assert (row.author, row.width, row.height) == (minji, 40, 20)
    row.full_clean()  # its token fits the column
    served = client.get(row.file.url)
    assert served["Content-Type"] == "image/webp"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in served["Cache-Control"]
    assert Picture.open(io.BytesIO(b"".join(served.streaming_content))).format == "WEBP"


def test_the_picture_stands_in_the_preview(client, minji):
    markdown = send(client, picture()).json()["markdown"]
    html = client.post("/preview/", {"body": markdown}).content.decode()
    assert f'src="{Image.objects.get().file.url}"' in html


def test_where_it_was_taken_is_forgotten_and_it_stands_upright(client, minji):
    exif = Picture.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A phone that tells"
    assert send(client, picture("JPEG", exif=exif)).status_code == 201
    kept = stored(Image.objects.get())
    assert kept.size == (20, 40)
    assert not kept.getexif()
    assert b"A phone" not in Image.objects.get().file.read()


def test_a_large_picture_is_made_smaller(client, minji):
    send(client, picture(size=(4000, 1000)))
    assert stored(Image.objects.get()).size == (2000, 500)


def test_see_through_stays_see_through(client, minji):
    send(client, picture(mode="RGBA"))
    assert stored(Image.objects.get()).mode == "RGBA"


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A small file whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"not a picture at all", 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 400),
        (b"GIF89a", 400),
        (picture()[:60], 400),
        (picture("TIFF"), 400),
        (b"\x00" * 100, 400),
        (bomb(), 413),
        (bomb(7_000, 10), 413),
        (b"\xff" * (10 * 1024 * 1024), 413),
    ],
    ids=["text", "svg", "stub", "cut", "tiff", "nul", "bomb", "wide", "10 MB"],
)
def test_what_is_no_fitting_picture_is_refused_in_a_sentence(client, minji, data, status):
    answer = send(client, data)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
    assert not Image.objects.exists()


def test_no_file_and_no_account_are_refused(client, cast):
    assert send(client, picture()).status_code == 401
    client.force_login(cast.minji)
    assert client.post("/images/").status_code == 400


def test_the_name_of_a_file_cannot_break_out_of_its_markdown(client, minji):
    markdown = send(client, picture(), "a](javascript:x) ![b.png").json()["markdown"]
    assert markdown.count("](") == 1
    assert "javascript:" not in markdown


def test_too_many_in_an_hour_wait(client, minji, monkeypatch):
    from portal.core import limits

    monkeypatch.setitem(limits.LIMITS, "image", ("1/hour", "100/hour"))
    assert send(client, picture()).status_code == 201
    answer = send(client, picture())
    assert answer.status_code == 429


@pytest.mark.parametrize(
    "path",
    [
        "/media/images/ab/" + "0" * 32 + ".webp",
        "/media/../secret_key",
        "/media/images/%2e%2e/secret_key.webp",
    ],
)
def test_nothing_else_is_served(client, db, path):
    assert client.get(path).status_code == 404


def test_a_preview_is_safe_and_keeps_nothing(client, cast):
    client.force_login(cast.minji)
    html = client.post("/preview/", {"body": "**bold** <script>alert(1)</script>\x00"}).content.decode()
    assert "<strong>bold</strong>" in html
    assert "<script>" not in html
    assert client.post("/preview/", {"body": "x" * 50_000}).status_code == 413
    assert client.post("/preview/", {}).status_code == 200
