"""What describes a publication's files to programs and people: `datapackage.json`, `dictionary.csv`.

The data package follows Frictionless Data (https://datapackage.org): one resource for each table, made
of all its CSV files, and one for the database.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.formats import ENCODING, Csv
from archive.manifest import File
from archive.parts import STRING, Field, Table

PACKAGE, DICTIONARY = "datapackage.json", "dictionary.csv"
LICENCE = {
    "name": "ODC-By-1.0",
    "path": "https://opendatacommons.org/licenses/by/1-0/",
    "title": "Open Data Commons Attribution License 1.0",
}

Json = dict[str, Any]

_DICTIONARY = Table(
    "dictionary",
    "",
    "",
    tuple(
        Field(name, STRING, "", "", "") for name in ("table", "field", "type", "key", "refers", "zh", "en")
    ),
)


def write_package(
    folder: Path, version: str, made_at: str, tables: Sequence[Table], files: Sequence[File]
) -> None:
    """Write `datapackage.json`."""
    package = {
        "profile": "data-package",
        "name": "gongkai",
        "title": "Gongkai 公开",
        "description": "政府信息公开工作年度报告 / Annual reports on government-information disclosure",
        "version": version,
        "created": made_at,
        "licenses": [LICENCE],
        "resources": [
            *(_resource(table, [each for each in files if each.table == table.name]) for table in tables),
            *(_whole(each) for each in files if each.table is None),
        ],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8")


def _resource(table: Table, files: Sequence[File]) -> Json:
    shown = [each for each in files if each.format == "csv"]
    paths = [each.path for each in shown]
    told: Json = {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.zh,
        "description": f"{table.zh} / {table.en}",
        "path": paths if len(paths) != 1 else paths[0],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": ENCODING,
        "rows": sum(each.rows or 0 for each in shown),
        "dialect": {"lineTerminator": "\n", "header": True},
        "schema": _schema(table),
    }
    # The length and digest of several files together mean nothing; the manifest has them one by one.
    if len(shown) == 1:
        told["bytes"] = shown[0].bytes
        told["hash"] = f"sha256:{shown[0].sha256}"
    return told


def _schema(table: Table) -> Json:
    schema: Json = {
        "fields": [
            {
                "name": field.name,
                "type": field.type,
                "title": field.zh,
                "description": f"{field.zh} / {field.en}",
                **({"constraints": {"required": True}} if field.in_key and field.type != STRING else {}),
            }
            for field in table.fields
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {
            "fields": [field.name],
            # The table itself is named by nothing.
            "reference": {"resource": field.refers if field.refers != table.name else "", "fields": ["id"]},
        }
        for field in table.fields
        if field.refers
    ]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _whole(file: File) -> Json:
    return {
        "name": "database",
        "path": file.path,
        "format": "sqlite",
        "mediatype": "application/vnd.sqlite3",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def write_dictionary(folder: Path, tables: Sequence[Table]) -> None:
    """Write `dictionary.csv`: every table (its field is empty) and every field of its files."""
    rows: list[tuple[object, ...]] = []
    for table in tables:
        rows.append((table.name, None, None, None, None, table.zh, table.en))
        rows += [
            (table.name, field.name, field.type, int(field.in_key), field.refers, field.zh, field.en)
            for field in table.fields
        ]
    writer = Csv(folder / DICTIONARY, _DICTIONARY)
    writer.write(rows)
    writer.close()
