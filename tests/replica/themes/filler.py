"""Style sheets and scripts of a believable size."""

from __future__ import annotations

from random import Random

PROPERTIES = ("margin:{n}px", "padding:{n}px {n}px", "color:#{n:06x}", "font-size:{n}px", "border-radius:{n}px",
              "display:flex", "background:#{n:06x}", "line-height:1.{n}")  # fmt: skip


def write_filler(rng: Random, size: int) -> tuple[str, str]:
    """A style sheet and a script, together about `size` characters."""
    rules: list[str] = []
    length = 0
    while length < size * 0.6:
        body = ";".join(rng.choice(PROPERTIES).format(n=rng.randint(1, 48)) for _ in range(4))
        rules.append(f".u{rng.getrandbits(20):x} .w{len(rules)}{{{body}}}")
        length += len(rules[-1]) + 1
    calls: list[str] = []
    length = 0
    while length < size * 0.4:
        calls.append(
            f"w[{len(calls)}]=function(e){{return "
            f"e.q({rng.getrandbits(30)},{rng.getrandbits(24)})&&0}};"
        )
        length += len(calls[-1]) + 1
    return "\n".join(rules), "\n".join(["var w=[];", *calls])
