"""For developers: write ``storage/schema.py`` from the models of ``storage.tables``, after a change there.

::

    python -m storage.generate
"""

from pathlib import Path

from sqlalchemy import JSON, Column, Enum, Table
from sqlmodel.sql.sqltypes import AutoString

from storage import tables

TARGET = Path(__file__).parent / "schema.py"
_NAMES = {table: name for name, table in vars(tables).items() if isinstance(table, Table)}
_HEAD = '''"""The tables as statements need them: columns and their types. Made by ``storage.generate`` from the models.

Importing the models themselves, with SQLModel and the ORM, would take longer than a poll in which nothing changed.
"""

from sqlalchemy import {types}

from storage.types import {own}
{enums}

_METADATA = MetaData()
'''


def schema() -> str:
    """The text of ``storage/schema.py``."""
    made = [_table(name, table) for table, name in _NAMES.items()]
    columns = [column for table in _NAMES for column in table.c]
    kinds = {_kind(column) for column in columns}
    enums = {column.type.enum_class for column in columns if isinstance(column.type, Enum) and column.type.enum_class}
    own = kinds & {"Moment", "Packed"} | {"choice"}
    head = _HEAD.format(
        types=", ".join(
            sorted({*(kinds - own), "Column", "MetaData", "Table"}, key=lambda name: (not name.isupper(), name))
        ),
        own=", ".join(sorted(own)),
        enums="\n".join(_imports({kind.__module__: [] for kind in enums}, enums)),
    )
    return "\n".join([head, *made])


def _imports(modules: dict[str, list[str]], enums: set[type]) -> list[str]:
    for kind in enums:
        modules[kind.__module__].append(kind.__name__)
    return [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(modules.items())]


def _table(name: str, table: Table) -> str:
    columns = "".join(f"    {_column(column)},\n" for column in table.c)
    return f'{name} = Table(\n    "{table.name}",\n    _METADATA,\n{columns})\n'


def _column(column: "Column[object]") -> str:
    key = ", primary_key=True" if column.primary_key else ""
    return f'Column("{column.name}", {_type(column)}{key})'


def _type(column: "Column[object]") -> str:
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class:
        return f'choice({kind.enum_class.__name__}, "{kind.name}", check=False)'
    return "JSON(none_as_null=True)" if isinstance(kind, JSON) and kind.none_as_null else _kind(column)


def _kind(column: "Column[object]") -> str:
    kind = column.type
    return "choice" if isinstance(kind, Enum) else "String" if isinstance(kind, AutoString) else type(kind).__name__


if __name__ == "__main__":
    TARGET.write_text(schema())
