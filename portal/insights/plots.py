"""Plots as SVG, drawn on the server: shapes with classes, no style and no script."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.insights.shapes import Bar, Report

WIDTH, HEIGHT, ROW, LABEL = 720, 120, 26, 200


def plot(report: Report) -> SafeString | str:
    """The plot of a report, or "" where all of it is zero. Its table says the same in words."""
    if not any(sum(bar.parts) for bar in report.bars):
        return ""
    lying = report.lying
    height = ROW * len(report.bars) if lying else HEIGHT
    drawn = _lying(report.bars) if lying else _standing(report.bars)
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="xMinYMin meet">{}</svg>',
        WIDTH, height, f"{report.title}: {', '.join(report.series)}", drawn,
    )  # fmt: skip


def _standing(bars: list[Bar]) -> SafeString:
    """One bar for each day, its parts on top of each other."""
    top = max(sum(bar.parts) for bar in bars)
    step = WIDTH / len(bars)
    gap = 1 if step < 12 else 3
    shapes = []
    for n, bar in enumerate(bars):
        y = float(HEIGHT)
        for part, value in enumerate(bar.parts):
            tall = value / top * (HEIGHT - 4)
            y -= tall
            if tall:
                shapes.append(
                    (_n(n * step + gap / 2), _n(y), _n(step - gap), _n(tall), part, bar.label, bar.words)
                )
    return format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" class="plot-{}"><title>{}: {}</title></rect>', shapes
    )


def _lying(bars: list[Bar]) -> SafeString:
    """One bar for each name, with its number behind it."""
    top = max(sum(bar.parts) for bar in bars)
    room = WIDTH - LABEL - 60
    shapes = []
    for n, bar in enumerate(bars):
        long = max(sum(bar.parts) / top * room, 1)
        y = n * ROW
        shapes.append(
            (
                LABEL - 10,
                y + 17,
                bar.label,
                LABEL,
                y + 5,
                _n(long),
                ROW - 10,
                _n(LABEL + long + 8),
                y + 17,
                bar.words,
            )
        )
    return format_html_join(
        "",
        '<text x="{}" y="{}" class="plot-label">{}</text><rect x="{}" y="{}" width="{}" height="{}" rx="2" class="plot-0"/>'
        '<text x="{}" y="{}" class="plot-value">{}</text>',
        shapes,
    )


def _n(number: float) -> str:
    return f"{number:.1f}"
