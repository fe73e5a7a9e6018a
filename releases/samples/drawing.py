"""Pictures for the samples, drawn when they are loaded: landscapes of nowhere."""

import io

from PIL import Image, ImageDraw

SIZE = (1200, 750)  # pixels

# Colours of sky at the top, sky at the horizon, sun, and hills from far to near.
LANDSCAPES = {
    "dusk": ["#23395b", "#f2a65a", "#ffe8c2", "#7d5a6b", "#523f58", "#2e2a40"],
    "morning": ["#6fb1d6", "#e9f3f5", "#fffbe6", "#8fb8a0", "#5f937c", "#33604e"],
}
# Where each line of hills stands at the left edge, in steps across: fractions of the height.
HILLS = [
    [0.58, 0.46, 0.54, 0.42, 0.52, 0.48, 0.56],
    [0.66, 0.62, 0.52, 0.64, 0.60, 0.68, 0.58],
    [0.84, 0.74, 0.80, 0.70, 0.78, 0.82, 0.72],
]


def draw(name: str) -> bytes:
    """The landscape `name` as PNG."""
    above, horizon, sun, *hills = LANDSCAPES[name]
    width, height = SIZE
    # A sky of two rows, stretched: the stretching makes it smooth.
    sky = Image.new("RGB", (1, 2))
    for row, colour in enumerate((above, horizon)):
        ImageDraw.Draw(sky).point((0, row), fill=colour)
    picture = sky.resize(SIZE, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    pen.ellipse([width * 0.68, height * 0.26, width * 0.68 + 110, height * 0.26 + 110], fill=sun)
    for line, colour in zip(HILLS, hills, strict=True):
        step = width / (len(line) - 1)
        ridge = [(step * place, height * top) for place, top in enumerate(line)]
        pen.polygon([(0, height), *ridge, (width, height)], fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
