# /// script
# requires-python = ">=3.11"
# dependencies = ["pillow>=11"]
# ///
"""``finish-picture.py FROM.png TO.png``: white margins cut to 24 pixels, 64 colours, so that the repository stays small."""

import sys

from PIL import Image, ImageChops, ImageOps

source, target = sys.argv[1:]
picture = Image.open(source).convert("RGB")
inked = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
framed = ImageOps.expand(picture.crop(inked), 24, "white")
framed.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
