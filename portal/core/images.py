"""Pictures in posts: checked, turned upright, stripped of metadata, made smaller, kept as WebP."""

import io
import re
import warnings
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Picture
from PIL import ImageOps, UnidentifiedImageError

from portal.core import limits
from portal.core.errors import RuleError, TooLarge
from portal.core.models import Image, User

BYTES_MAX = 5 * 1024 * 1024
SIDE_MAX = 6_000
KEPT_SIDE = 2_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82


def store_image(*, file: BinaryIO, by: User) -> Image:
    """Keep a picture somebody puts into a post, or refuse it with a sentence that says why."""
    if not by.is_authenticated:
        raise PermissionDenied
    limits.take("image", by=by)
    data = file.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        raise TooLarge(_("The image is larger than 5 MB. Please choose a smaller one."), field="image")
    picture = _clean(data)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY, method=4)
    image = Image(width=picture.width, height=picture.height, author=by)
    with transaction.atomic():
        image.file.save("image.webp", ContentFile(encoded.getvalue()), save=False)
        image.save()
    return image


def alt_text(filename: str) -> str:
    """What a picture is called until its author says what it shows: its file's name, without Markdown's signs."""
    return re.sub(r"[^\w .-]+", " ", PurePath(filename).stem).strip()[:60] or "image"


def _clean(data: bytes) -> Picture.Image:
    """The picture alone: upright, at most KEPT_SIDE pixels a side, nothing of its file left."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Picture.DecompressionBombWarning)
            Picture.open(io.BytesIO(data), formats=FORMATS).verify()
            opened = Picture.open(io.BytesIO(data), formats=FORMATS)
            if max(opened.size) > SIDE_MAX:  # the header alone says so: nothing is unpacked yet
                raise TooLarge(
                    _("The image is wider or taller than %(n)d pixels. Please make it smaller.")
                    % {"n": SIDE_MAX},
                    field="image",
                )
            opened.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
            upright = ImageOps.exif_transpose(opened)
    except (Picture.DecompressionBombError, Picture.DecompressionBombWarning):
        raise TooLarge(_("The image unpacks to more than we can take."), field="image") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise RuleError(
            _("This file is not an image we can read. JPEG, PNG, WebP and GIF work."), field="image"
        ) from None
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Picture.Resampling.LANCZOS)
    mode = "RGBA" if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info else "RGB"
    kept = Picture.new(mode, upright.size)
    kept.paste(upright.convert(mode))  # a new picture carries no EXIF, profile or text
    return kept
