"""The command `cog-kit`: prepares pictures, says what they are, and checks models."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cog_kit
from cog_kit._native import report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cog_kit._native import Info

DONE, FAILED, USAGE = 0, 1, 2
HEADINGS = ("file", "format", "size", "orientation", "bits", "alpha", "frames", "profile", "warnings")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code: 0, 1 if a file failed, 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="cog-kit", description="Any picture in, the right pixels out; and a model that people understand.")
    parser.add_argument("--version", action="version", version=f"cog-kit {cog_kit.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_prepare, _add_info, _add_check):
        add(commands)
    chosen = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except KeyboardInterrupt:
        return 130


def _add_prepare(commands: Any) -> None:
    parser = commands.add_parser("prepare", help="prepare pictures for a model: upright, opaque, well-sized")
    parser.add_argument("pictures", nargs="+", metavar="IN", type=Path)
    parser.add_argument("-o", "--output", required=True, metavar="OUT", type=Path, help="a file for one picture, a folder for many")
    parser.add_argument("--format", choices=("webp", "jpg", "png"), help="what is written (default: by OUT's extension, else webp)")
    parser.add_argument("--output-quality", type=int, metavar="N", help="0 to 100 (default: webp 80, jpg 90)")
    parser.add_argument("--subsampling", choices=("4:4:4", "4:2:2", "4:2:0"), help="of chroma in jpg (default: 4:2:0, from quality 95 on 4:4:4)")
    parser.add_argument("--threads", type=int, metavar="N", help="(default: one for each core)")
    parser.add_argument("--quiet", action="store_true", help="no bar, no summary")
    options = parser.add_argument_group("options of cog_kit.prepare")
    options.add_argument("--size", type=_size, metavar="WxH", help="the box that pictures go into")
    options.add_argument("--fit", help="cover, contain, inside, outside or fill (default: cover)")
    options.add_argument("--max-side", type=int, metavar="PIXELS", help="the most that the longer side may have")
    options.add_argument("--max-pixels", type=int, metavar="PIXELS", help="the most that the result may have")
    options.add_argument("--megapixels", type=float, metavar="N", help="the same, in 1024 x 1024")
    options.add_argument("--multiple-of", type=int, metavar="PIXELS", help="both sides become multiples (default: 1)")
    options.add_argument("--snap", help="crop, pad, nearest, down or up (default: crop)")
    options.add_argument("--upscale", help="never or allowed (default: never)")
    options.add_argument("--filter", help="lanczos3, mitchell, catmull-rom, bilinear, box or nearest (default: lanczos3)")
    options.add_argument("--quality", help="of decoders that shrink: fast, high or exact (default: fast)")
    options.add_argument("--background", metavar="COLOUR", help="#rrggbb or a word (default: white)")
    options.add_argument("--alpha", help="flatten or keep (default: flatten)")
    options.add_argument("--colours", help="srgb or file (default: srgb)")
    options.add_argument("--truncated", help="refuse or keep (default: refuse)")
    names = [action.dest for action in options._group_actions]
    parser.set_defaults(run=lambda chosen: _prepare(parser, chosen, names))


def _prepare(parser: argparse.ArgumentParser, chosen: argparse.Namespace, names: Sequence[str]) -> int:
    options = {name: value for name in names if (value := getattr(chosen, name)) is not None}
    output: Path = chosen.output
    many = len(chosen.pictures) > 1 or output.is_dir()
    extension = output.suffix[1:].lower() if not many else ""
    form = chosen.format or {"jpeg": "jpg"}.get(extension, extension) or "webp"
    if many:
        output.mkdir(parents=True, exist_ok=True)
    elif output.parent != Path():
        output.parent.mkdir(parents=True, exist_ok=True)
    failed = 0
    try:
        results = cog_kit.prepare_many(chosen.pictures, threads=chosen.threads, on_error="return", **options)
        with nullcontext() if chosen.quiet else _bar(len(chosen.pictures)) as bar:
            for path, result in zip(chosen.pictures, results, strict=True):
                if isinstance(result, Exception):
                    failed += 1
                    print(f"{path}: {_reason(result)}", file=sys.stderr)
                elif many:
                    cog_kit.save(result, format=form, quality=chosen.output_quality, subsampling=chosen.subsampling, folder=output, stem=path.stem)
                else:
                    _write(result, output, form, chosen)
                if bar is not None:
                    bar.update()
    except (ValueError, TypeError) as error:
        # What is wrong with one picture was returned; what is raised is wrong with the command.
        parser.error(str(error))
    if not chosen.quiet:
        print(f"{len(chosen.pictures) - failed} prepared, {failed} failed", file=sys.stderr)
    return FAILED if failed else DONE


def _write(picture: cog_kit.Pixels, output: Path, form: str, chosen: argparse.Namespace) -> None:
    """One picture to the very file that was named, whole or not at all."""
    quality, subsampling = chosen.output_quality, chosen.subsampling
    written = cog_kit.save(picture, format=form, quality=quality, subsampling=subsampling, folder=output.parent, stem=f".{output.stem}")
    written.replace(output)


def _bar(total: int) -> Any:
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return nullcontext()
    return tqdm(total=total, unit="picture", disable=None)


def _add_info(commands: Any) -> None:
    parser = commands.add_parser("info", help="say what picture files are, from their headers")
    parser.add_argument("pictures", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.set_defaults(run=_info)


def _info(chosen: argparse.Namespace) -> int:
    rows: list[tuple[str, ...]] = [HEADINGS]
    failed = False
    for path in chosen.pictures:
        try:
            info = cog_kit.info(path)
        except (cog_kit.CogKitError, OSError) as error:
            failed = True
            if chosen.json:
                print(json.dumps({"file": str(path), "error": _reason(error), "code": getattr(error, "code", None)}))
            else:
                print(f"{path}: {_reason(error)}", file=sys.stderr)
            continue
        if chosen.json:
            print(json.dumps({"file": str(path), **_facts(info)}))
        else:
            rows.append(_row(path, info))
    if len(rows) > 1:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return FAILED if failed else DONE


def _facts(info: Info) -> dict[str, Any]:
    names = ("format", "size", "stored_size", "orientation", "bit_depth", "has_alpha", "frames", "profile", "warnings")
    return {name: getattr(info, name) for name in names}


def _row(path: Path, info: Info) -> tuple[str, ...]:
    width, height = info.size
    alpha = "yes" if info.has_alpha else "no"
    profile = "-" if info.profile is None else info.profile or "unnamed"
    counts = (str(info.orientation), str(info.bit_depth), alpha, str(info.frames))
    return (str(path), info.format, f"{width}x{height}", *counts, profile, ", ".join(info.warnings) or "-")


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _add_check(commands: Any) -> None:
    parser = commands.add_parser("check", help="hold models to the publishing guide")
    parser.add_argument(
        "models", nargs="*", metavar="PATH", default=["."], help="folders, cog.yaml, Python files, OpenAPI documents, http addresses (default: .)"
    )
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    parser.add_argument("--level", choices=("hint", "warning", "error"), help="what makes the check fail (default: cog-kit.toml's, else warning)")
    parser.set_defaults(run=_check)


def _check(chosen: argparse.Namespace) -> int:
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    try:
        text, found = report(chosen.models, chosen.format, colour, chosen.level)
    except (OSError, cog_kit.GuideError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE
    print(text, end="")
    return FAILED if found else DONE
