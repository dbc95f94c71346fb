"""A reading in words, for people: what `gongkai extract FILE` prints."""

from pipelines.reading import Finding, Reading


def words(file: str, reading: Reading) -> str:
    """Return a reading as a few lines of text."""
    lines = [
        f"{file}: {reading.title or 'no title'}",
        f"  agency {reading.agency or '?'}, year {reading.year or '?'}, form {reading.form or 'none'}",
        f"  {len(reading.cells)} cells, {len(reading.sections)} sections",
    ]
    if not reading.is_report:
        lines.append(f"  not a report: {reading.reason}")
    lines += [f"  {_finding(finding)}" for finding in reading.findings]
    lines += [f"  problem: {problem.kind}: {problem.detail}" for problem in reading.problems]
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    where = "/".join(part for part in (finding.table, finding.row, finding.column) if part)
    numbers = (("expected", finding.expected), ("found", finding.found))
    told = ", ".join(f"{word} {number}" for word, number in numbers if number is not None)
    return f"{finding.severity}: {finding.check} ({finding.pass_}){' ' if where else ''}{where}: {told}"
