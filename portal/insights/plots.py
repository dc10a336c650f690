"""Plots drawn on the server: SVG shapes with classes and HTML words, no style and no script."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.insights.shapes import Bar, Report

WIDTH, HEIGHT = 720, 120


def plot(report: Report) -> SafeString | str:
    """The plot of a report, or "" where all of it is zero. Its table says the same in words."""
    if not any(sum(bar.parts) for bar in report.bars):
        return ""
    return _rows(report.bars) if report.lying else _days(report)


def _days(report: Report) -> SafeString:
    """One bar for each day, its parts on top of each other; stretched to the room there is."""
    bars = report.bars
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
    drawn = format_html_join(
        "", '<rect x="{}" y="{}" width="{}" height="{}" class="plot-{}"><title>{}: {}</title></rect>', shapes
    )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>'
        '<p class="plot-days"><span>{}</span><span>{}</span></p>',
        WIDTH, HEIGHT, f"{report.title}: {', '.join(report.series)}", drawn, bars[0].label, bars[-1].label,
    )  # fmt: skip


def _rows(bars: list[Bar]) -> SafeString:
    """One line for each name: the name, its bar, its number. The words are HTML, so that they keep their size."""
    top = max(sum(bar.parts) for bar in bars)
    lines = format_html_join(
        "",
        '<li><span class="plot-label">{}</span>'
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="10" class="plot-0"/></svg><span class="plot-value">{}</span></li>',
        ((bar.label, _n(max(sum(bar.parts) / top * 100, 0.4)), bar.words) for bar in bars),
    )
    return format_html('<ul class="plot-rows">{}</ul>', lines)


def _n(number: float) -> str:
    return f"{number:.1f}"
