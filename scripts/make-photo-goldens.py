"""Makes the goldens of test/shared/image/formats.test.ts: a small picture in each format that is read, and what Pillow sees there.

usage: make-photo-goldens.py   (numpy, pillow, pillow-heif, imagecodecs; writes test/shared/image/golden/formats/)

NAME.EXT is a photo; NAME.EXT.png is Pillow's `convert("RGB")` of it, turned upright, blended on white where it is transparent.
"""

import struct
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
golden = Path(__file__).resolve().parent.parent / "test/shared/image/golden/formats"
golden.mkdir(parents=True, exist_ok=True)
width, height = 64, 48


def colours():
    """Red, green and blue from 0 to 1, smooth, so that files stay small; darker to the left and to the top."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    red = 0.5 + 0.4 * np.sin(x / width * 3 - 1.5)
    green = 0.5 + 0.4 * np.sin(y / height * 3 - 1.5)
    blue = 0.5 + 0.3 * np.sin((x + y) / (width + height) * 9)
    return np.stack([red, green, blue], axis=2)


picture = Image.fromarray(np.round(colours() * 255).astype(np.uint8))
deep = np.round(colours() * 65535).astype(np.uint16)
cut_out = picture.convert("RGBA")
cut_out.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))))


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return {"exif": exif}


def turned_heic(name, orientation):
    """With `irot` and `imir`, and the same said in EXIF, as phones write it: it must be turned once."""
    exif = turned(orientation)["exif"].tobytes()
    pillow_heif.encode("RGB", picture.size, picture.tobytes(), golden / name, exif=exif, quality=80)


def heic_of_bits(bits):
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    pillow_heif.encode("RGB;16", (width, height), deep.tobytes(), golden / f"{bits}-bit.heic", quality=90)


def bitmap(name, bits, rows, *, compression=0, masks=b"", palette=b"", top_down=False):
    """A Windows bitmap; Pillow writes only some of the kinds that it reads. Masks of more than 12 bytes make a BITMAPV4HEADER."""
    stored = rows if top_down else rows[::-1]
    pixels = b"".join(row + b"\0" * (-len(row) % 4) for row in stored)
    at = 54 + len(masks) + len(palette)
    size = struct.pack("<iiHHI", width, -height if top_down else height, 1, bits, compression)
    length = 40 if len(masks) <= 12 else 40 + len(masks)
    header = struct.pack("<2sIHHII", b"BM", at + len(pixels), 0, 0, at, length) + size
    header += struct.pack("<IiiII", len(pixels), 2835, 2835, len(palette) // 4, 0)
    (golden / name).write_bytes(header + masks + palette + pixels)


def bitmaps():
    rgb = np.asarray(picture).astype(np.uint32)
    five = rgb >> 3
    picture.convert("1").save(golden / "1-bit.bmp")
    picture.quantize(200).save(golden / "8-bit.bmp")
    picture.save(golden / "24-bit.bmp")
    few = picture.quantize(16)
    colours = np.array(few.getpalette()[: 16 * 3], np.uint8).reshape(-1, 3)
    quads = b"".join(bytes([*colour[::-1], 0]) for colour in colours)
    numbers = np.asarray(few)
    bitmap("4-bit.bmp", 4, [(row[::2] * 16 + row[1::2]).tobytes() for row in numbers], palette=quads)
    fifteen = (five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]).astype("<u2")
    bitmap("16-bit.bmp", 16, [row.tobytes() for row in fifteen])
    sixteen = (five[..., 0] << 11 | (rgb[..., 1] >> 2) << 5 | five[..., 2]).astype("<u2")
    masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
    bitmap("16-bit-masks.bmp", 16, [row.tobytes() for row in sixteen], compression=3, masks=masks)
    unused = np.dstack([rgb[..., ::-1], np.zeros((height, width))]).astype(np.uint8)
    bitmap("32-bit-top-down.bmp", 32, [row.tobytes() for row in unused], top_down=True)
    rgba = np.asarray(cut_out)[..., [2, 1, 0, 3]]
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs" + bytes(48)
    bitmap("32-bit-alpha.bmp", 32, [row.tobytes() for row in rgba], compression=3, masks=masks)


def other_depths():
    picture.convert("CMYK").save(golden / "inks.jpg", quality=90)
    picture.convert("CMYK").save(golden / "inks.tiff", compression="tiff_adobe_deflate")
    picture.convert("L").save(golden / "grey.tiff", compression="tiff_adobe_deflate")
    Image.fromarray(deep[..., 0].copy()).save(golden / "16-bit-grey.tiff", compression="tiff_adobe_deflate")
    (golden / "16-bit.png").write_bytes(imagecodecs.png_encode(deep, level=9))
    linear = imagecodecs.cms_profile("rgb", gamma=1.0)
    # The numbers in the file count, whatever is said beside them: a linear profile would make them all brighter.
    picture.save(golden / "profile.jpg", quality=90, icc_profile=linear)


def seen(file):
    image = ImageOps.exif_transpose(Image.open(file))
    if image.mode == "I;16":  # Pillow clips 16 bits of grey; of 16 bits of colour it takes the upper eight
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    return image.convert("RGB")


picture.save(golden / "photo.heic", quality=80)
turned_heic("turned.heic", 6)
turned_heic("mirrored.heic", 5)
picture.convert("L").save(golden / "grey.heic", quality=80)
cut_out.save(golden / "alpha.heic", quality=80)
heic_of_bits(10)
heic_of_bits(12)
picture.save(golden / "photo.avif", quality=80)
picture.save(golden / "turned.avif", quality=80, **turned(6))
cut_out.save(golden / "alpha.avif", quality=80)
(golden / "10-bit.avif").write_bytes(imagecodecs.avif_encode(deep >> 6, level=90, bitspersample=10))
picture.save(golden / "photo.tiff", compression="tiff_adobe_deflate")
picture.save(golden / "turned.tiff", compression="tiff_adobe_deflate", **turned(6))
cut_out.save(golden / "alpha.tiff", compression="tiff_adobe_deflate")
frames = [picture.quantize(64), picture.transpose(Image.Transpose.ROTATE_180).quantize(64)]
frames[0].save(golden / "film.gif", save_all=True, append_images=frames[1:])
picture.save(golden / "pages.tiff", compression="tiff_adobe_deflate", save_all=True, append_images=[frames[1].convert("RGB")])
bitmaps()
other_depths()
for file in sorted(golden.iterdir()):
    if not file.name.endswith(".png") or file.name == "16-bit.png":
        seen(file).save(golden / f"{file.name}.png", optimize=True)
