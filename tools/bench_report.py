"""What tools/bench shows of its figures: a text table, and one HTML page with plots that needs nothing but itself."""

import html
import math
from statistics import geometric_mean

ENGINES = ("krait", "pypy")
COLORS = {"krait": "#0b6e4f", "pypy": "#c2571a"}


def figure(engine, kind, clock):
    """The one number of an engine's rounds that counts: best seconds, or peak megabytes; None where it has none."""
    rounds = engine.get(kind + ("_cpu" if kind == "cold" and clock == "cpu" else ""))
    if not rounds:
        return None
    return max(rounds) if kind == "peak_mb" else min(rounds)


def ratio(record, engine, kind, clock):
    """How many times better than CPython, or None."""
    mine = figure(record["engines"].get(engine, {}), kind, clock)
    reference = figure(record["engines"]["cpython"], kind, clock)
    return reference / mine if mine and reference else None


def mean(records, engine, kind, clock):
    ratios = [r for r in (ratio(record, engine, kind, clock) for record in records) if r]
    return geometric_mean(ratios) if ratios else None


def groups(records):
    found = {}
    for record in records:
        found.setdefault(record["group"], []).append(record)
    return found


def present(result):
    return [e for e in ENGINES if any(e in record["engines"] for record in result["programs"])]


def number(value, width, digits=2):
    return f"{value:{width}.{digits}f}" if value is not None else " " * (width - 1) + "-"


def progress(record, clock):
    words = [f"{record['group']}/{record['program']}:"]
    for engine, figures in record["engines"].items():
        if "failure" in figures:
            words.append(f"{engine} {figures['failure']};")
        elif engine != "cpython":
            words.append(f"{engine} cold {number(ratio(record, engine, 'cold', clock), 0)} steady {number(ratio(record, engine, 'steady', clock), 0)};")
    return " ".join(words)


def table(result):
    records, clock, engines = result["programs"], result["clock"], present(result)
    kinds = [(kind, engine) for kind in ("cold", "steady", "peak_mb") for engine in engines]
    title = f"{'program':36}{'cpython s':>10}{'MB':>7}"
    title += "".join(f"{engine + ' ' + {'cold': 'cold', 'steady': 'warm', 'peak_mb': 'mem'}[kind]:>12}" for kind, engine in kinds)
    lines = [title]

    def row(name, seconds, megabytes, values, note=""):
        lines.append(f"{name:36}{number(seconds, 10, 3)}{number(megabytes, 7, 1)}" + "".join(number(v, 12) for v in values) + note)

    for group, members in groups(records).items():
        for record in members:
            note = "".join(f"  {e}: {f['failure']}" for e, f in record["engines"].items() if "failure" in f)
            reference = record["engines"]["cpython"]
            row(f"{group}/{record['program']}", figure(reference, "cold", clock), figure(reference, "peak_mb", clock),
                [ratio(record, engine, kind, clock) for kind, engine in kinds], note)
        row(f"= {group}", None, None, [mean(members, engine, kind, clock) for kind, engine in kinds])
    row("== geometric mean of all", None, None, [mean(records, engine, kind, clock) for kind, engine in kinds])
    for engine in engines:
        values = [r for record in records for kind in ("cold", "steady") if (r := ratio(record, engine, kind, clock))]
        if values:
            lines.append(f"{engine}, cold and warm together: {geometric_mean(values):.2f}; below 1.0: {sum(v < 1 for v in values)} of {len(values)}")
    return "\n".join(lines) + "\n"


def plot(rows, engines, title):
    """Dots on a logarithmic axis: filled for cold or the only kind, hollow for steady. rows: (name, {engine: [ratios]})."""
    values = [v for _, by_engine in rows for vs in by_engine.values() for v in vs if v]
    if not values:
        return ""
    low, high = min(0.5, *values) / 1.1, max(2.0, *values) * 1.1
    left, width, step = 230, 620, 17

    def x(value):
        return left + width * math.log(value / low) / math.log(high / low)

    height = step * len(rows) + 40
    out = [f'<svg viewBox="0 0 {left + width + 30} {height}" role="img"><title>{html.escape(title)}</title>']
    for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200):
        if low <= tick <= high:
            out.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="16" y2="{height - 18}" class="{"one" if tick == 1 else "tick"}"/>'
                       f'<text x="{x(tick):.1f}" y="{height - 4}" text-anchor="middle">{tick:g}×</text>')
    for n, (name, by_engine) in enumerate(rows):
        y = 26 + n * step
        out.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{html.escape(name)}</text>')
        for engine in engines:
            for hollow, value in enumerate(by_engine.get(engine, ())):
                if value:
                    paint = f'fill="none" stroke="{COLORS[engine]}" stroke-width="1.6"' if hollow else f'fill="{COLORS[engine]}"'
                    out.append(f'<circle cx="{x(value):.1f}" cy="{y}" r="4.2" {paint}><title>{engine} {value:.2f}×</title></circle>')
    return "".join(out) + "</svg>"


STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
svg{width:100%;height:auto}svg text{font-size:11px;fill:#444}.tick{stroke:#e4e4e4}.one{stroke:#888}
pre{overflow-x:auto;font-size:12px;line-height:1.35}h2{margin-top:2rem}"""


def page(result):
    records, clock, engines = result["programs"], result["clock"], present(result)

    def rows(of, kinds):
        return [(name, {e: [mean(members, e, kind, clock) for kind in kinds] for e in engines}) for name, members in of]

    by_group = list(groups(records).items())
    singly = [(f"{r['group']}/{r['program']}", [r]) for r in records]
    legend = ", ".join(f'<b style="color:{COLORS[e]}">{e}</b>' for e in engines)
    parts = [f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Krait benchmarks</title><style>{STYLE}</style>',
             f"<h1>Krait against CPython 3.14</h1><p>{len(records)} programs; {legend}. A filled dot is a cold run of the whole "
             "process, a hollow one the steady state of main() in one process. Right of 1× is faster than CPython.</p>"]
    for title, of, kinds in (("Speed by group", by_group, ("cold", "steady")), ("Speed by program", singly, ("cold", "steady")),
                             ("Peak memory by group (right of 1× is less)", by_group, ("peak_mb",)),
                             ("Peak memory by program", singly, ("peak_mb",))):
        parts.append(f"<h2>{title}</h2>{plot(rows(of, kinds), engines, title)}")
    parts.append(f"<h2>Figures</h2><pre>{html.escape(table(result))}</pre></html>")
    return "\n".join(parts)
