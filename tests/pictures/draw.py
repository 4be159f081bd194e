"""Draws the pictures of this folder (numpy, Pillow, pillow-heif). Nothing was photographed or copied: every file is CC0."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
ORIENTATION = 0x0112


def landscape(width: int, height: int, seed: int = 7) -> Image.Image:
    """A sunset over hills: smooth sky, sharp ridges, fine grain, nothing symmetric."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    sky = np.stack([0.25 + 0.75 * y**0.6, 0.35 + 0.35 * y, 0.75 - 0.45 * y], axis=-1)
    sun = np.exp(-(((x - 0.72) * width / height) ** 2 + (y - 0.38) ** 2) / 0.006)
    picture = np.clip(sky + sun[..., None] * [1.0, 0.8, 0.3], 0, 1)
    for layer in range(4):
        ridge = np.full(width, 0.5 + 0.12 * layer)
        for octave in range(1, 8):
            phase, weight = rng.uniform(0, 6.28), 0.06 / octave**1.3
            ridge += weight * np.sin(x[0] * 6.28 * octave * rng.uniform(0.7, 1.3) + phase)
        colour = np.array([0.30, 0.25, 0.42]) * (1 - 0.22 * layer)
        texture = rng.normal(0, 0.012, (height, width, 1))
        picture = np.where((y > ridge)[..., None], np.clip(colour + texture, 0, 1), picture)
    return Image.fromarray((picture * 255 + 0.5).astype(np.uint8))


def large(folder: Path) -> None:
    """Pictures that take megabytes of memory and kilobytes of disk: a few bands of colour."""
    width, height = 2400, 1600
    bands = np.broadcast_to((np.arange(height) // 200 * 24 + 30)[:, None], (height, width))
    colours = np.stack([bands, 255 - bands, bands // 2], axis=2).astype(np.uint8)
    picture, other = Image.fromarray(colours), Image.fromarray(255 - colours)
    seen = Image.fromarray((255 - bands // 2).astype(np.uint8))
    transparent = picture.copy()
    transparent.putalpha(seen)
    picture.save(folder / "progressive.jpg", quality=50, progressive=True, optimize=True)
    picture.convert("CMYK").save(folder / "cmyk.jpg", quality=50, optimize=True)
    (folder / "interlaced.png").write_bytes(interlaced(colours))
    picture.save(folder / "animated.png", save_all=True, append_images=[other], duration=100)
    palette = picture.quantize(16)
    palette.save(folder / "animated.gif", save_all=True, append_images=[other.quantize(16)], duration=100)
    picture.save(folder / "lossless.webp", lossless=True)
    transparent.save(folder / "alpha.webp", quality=20)
    picture.save(folder / "animated.webp", save_all=True, append_images=[other], duration=100, quality=20)
    picture.save(folder / "still.avif", quality=30)
    transparent.save(folder / "alpha.avif", quality=30)
    picture.save(folder / "animated.avif", save_all=True, append_images=[other, picture], duration=100, quality=30)
    picture.save(folder / "one_strip.tif", compression="tiff_deflate", tiffinfo={278: height})
    pillow_heif.from_pillow(picture).save(folder / "still.heic", quality=30)
    pillow_heif.from_pillow(transparent).save(folder / "alpha.heic", quality=30)


def interlaced(colours: np.ndarray) -> bytes:
    """An interlaced PNG file, which Pillow does not write."""
    turns = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = (colours[y, left::across] for left, top, across, down in turns for y in range(top, colours.shape[0], down))
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", colours.shape[1], colours.shape[0], 8, 2, 0, 0, 1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
    written = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def main() -> None:
    """Writes every file."""
    large(HERE / "large")
    upright = landscape(1600, 1200)
    # A phone held upright: stored lying on its side, with the tag that says so.
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(HERE / "phone.jpg", quality=82, exif=exif)

    # Text in Pillow's own font (Aileron, CC0), on a picture that lies on its side too.
    sign = landscape(1000, 700)
    draw = ImageDraw.Draw(sign)
    draw.rectangle((180, 150, 820, 450), fill=(250, 250, 240))
    draw.text((500, 230), "Platform 7", fill=(20, 20, 60), font=ImageFont.load_default(96), anchor="mm")
    draw.text((500, 370), "to the sea", fill=(150, 20, 20), font=ImageFont.load_default(64), anchor="mm")
    sign.transpose(Image.Transpose.ROTATE_90).save(HERE / "sign.jpg", quality=80, exif=exif)

    small = landscape(120, 80)
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    for number, turn in undo.items():
        exif = Image.Exif()
        exif[ORIENTATION] = number
        stored = small if turn is None else small.transpose(turn)
        stored.save(HERE / f"oriented_{number}.jpg", quality=90, subsampling=0, exif=exif)

    # A red disc; what is transparent hides pure blue, which must never be seen.
    x, y = np.meshgrid(np.arange(64) - 31.5, np.arange(48) - 23.5)
    alpha = np.clip((20 - np.hypot(x, y)) * 255, 0, 255).astype(np.uint8)
    disc = np.where(alpha[..., None] > 0, [200, 30, 30], [0, 0, 255]).astype(np.uint8)
    rgba = Image.fromarray(np.dstack([disc, alpha]))
    rgba.save(HERE / "disc_rgba.png")
    rgba.save(HERE / "disc_rgba.webp", lossless=True, exact=True)
    Image.fromarray(np.dstack([disc[..., 0], alpha])).save(HERE / "disc_grey_alpha.png")
    palette = Image.fromarray((alpha > 0).astype(np.uint8))
    palette.putpalette([0, 0, 255, 200, 30, 30])
    palette.save(HERE / "disc_palette.png", transparency=0)
    frames = [palette.copy(), palette.transpose(Image.Transpose.ROTATE_180)]
    frames[0].save(
        HERE / "disc_animated.gif",
        save_all=True,
        append_images=frames[1:],
        transparency=0,
        disposal=2,
        duration=100,
        loop=0,
    )

    # A disc that rolls to the right; each frame is shown longer than the one before.
    x, y = np.meshgrid(np.arange(48), np.arange(32))
    frames = []
    for number in range(4):
        alpha = np.clip((11.5 - np.hypot(x - 12 - 8 * number, y - 15.5)) * 255, 0, 255)
        colours = np.stack([200 - 40 * number + 0 * x, 4 * x, 7 * y], axis=-1)
        frames.append(Image.fromarray(np.dstack([colours, alpha]).astype(np.uint8)))
    durations = [40, 80, 120, 160]
    frames[0].save(HERE / "disc_animated.avif", save_all=True, append_images=frames[1:], duration=durations, quality=60, speed=0)

    small.save(HERE / "photo.webp", quality=80)
    small.save(HERE / "progressive.jpg", quality=85, progressive=True)
    small.convert("L").save(HERE / "grey.jpg", quality=85)
    small.convert("CMYK").save(HERE / "cmyk.jpg", quality=85)
    whole = (HERE / "oriented_1.jpg").read_bytes()
    (HERE / "truncated.jpg").write_bytes(whole[: len(whole) * 2 // 3])
    # A header that claims 65,535 x 65,535 pixels, and next to nothing behind it.
    start = whole.index(b"\xff\xc0") if b"\xff\xc0" in whole else whole.index(b"\xff\xc2")
    bomb = bytearray(whole[: start + 200])
    bomb[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    (HERE / "bomb.jpg").write_bytes(bytes(bomb))


if __name__ == "__main__":
    main()
