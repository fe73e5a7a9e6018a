"""A picture of ratios, as plain SVG."""

from html import escape

WIDTH, NAMES, LINE, HEAD = 900, 380, 24, 56  # pixels


def draw(title: str, bars: list[tuple[str, float, float]]) -> str:
    """Bars of name, value and what it must reach, as an SVG document."""
    most = max((max(value, target) for _name, value, target in bars), default=1) * 1.1
    scale = (WIDTH - NAMES - 70) / most
    height = HEAD + LINE * len(bars) + 8
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13" role="img">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="10" y="26" font-size="17">{escape(title)}</text>',
        '<text x="10" y="44" fill="#555">The line is what must be reached.</text>',
    ]
    for number, (name, value, target) in enumerate(bars):
        y = HEAD + number * LINE
        colour = "#14437c" if value >= target else "#b3261e"
        mark, end = NAMES + target * scale, NAMES + max(value, target) * scale + 6
        lines += [
            f'<text x="{NAMES - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{NAMES}" y="{y}" width="{value * scale:.1f}" height="16" fill="{colour}"/>',
            f'<path d="M{mark:.1f} {y - 2}v20" stroke="#000" stroke-width="2"/>',
            f'<text x="{end:.1f}" y="{y + 13}">{value:.2f}</text>',
        ]
    return "\n".join([*lines, "</svg>\n"])
