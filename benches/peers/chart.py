"""The chart: how long each peer takes beside cog-kit, as a hand-written SVG that follows the reader's light or dark theme."""

from collections.abc import Sequence

WIDTH, LEFT, BAR, GAP = 720, 150, 14, 4
STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.faint { fill: #57606a }
.bar { fill: #8c959f }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .faint { fill: #9198a1 }
  .bar { fill: #656c76 }
  .ours { fill: #4493f8 }
}
</style>"""


def chart(title: str, groups: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """A bar for each peer of each group; the numbers are times beside the first peer's, which is 1."""
    longest = max((number for _, bars in groups for _, number in bars), default=1.0)
    scale = (WIDTH - LEFT - 60) / longest
    lines, y = [f'<text class="title" x="8" y="20">{title}</text>'], 44
    for group, bars in groups:
        lines.append(f'<text class="title" x="8" y="{y}">{group}</text>')
        y += 8
        for place, (peer, number) in enumerate(bars):
            kind = "bar" if place else "ours"
            length = max(1.0, number * scale)
            lines.append(f'<text class="faint" x="{LEFT - 8}" y="{y + BAR - 3}" text-anchor="end">{peer}</text>')
            lines.append(f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>')
            lines.append(f'<text x="{LEFT + length + 6:.1f}" y="{y + BAR - 3}">{number:.2f}</text>')
            y += BAR + GAP
        y += 20
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{title}">'
    return "\n".join([head, STYLE, *lines, "</svg>", ""])
