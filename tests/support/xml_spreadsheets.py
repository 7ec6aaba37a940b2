"""XML Spreadsheets of 2003 made by hand, as Excel writes them: no program of today writes them well."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
 <DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Author>张某</Author></DocumentProperties>
 <ExcelWorkbook xmlns="urn:schemas-microsoft-com:office:excel">{workbook}</ExcelWorkbook>
 <Styles><Style ss:ID="Default" ss:Name="Normal"><Alignment ss:Vertical="Center"/><Borders/>
  <Font ss:FontName="宋体" x:CharSet="134" ss:Size="11"/><Interior/><NumberFormat/><Protection/></Style>{styles}</Styles>
"""


def xml_spreadsheet(*sheets: str, styles: str = "", workbook: str = "", encoding: str = "UTF-8") -> bytes:
    """A workbook of ``Worksheet`` elements; ``styles`` and ``workbook`` stand in the elements of that name."""
    head = _HEAD.format(styles=styles, workbook=workbook).replace("UTF-8", encoding)
    return (head + "".join(sheets) + "</Workbook>").encode(encoding)


def worksheet(table: str, name: str = "附件2", options: str = "", behind: str = "") -> str:
    """A sheet; ``options`` stand in ``WorksheetOptions``, ``behind`` after it."""
    return (
        f'<Worksheet ss:Name="{name}"><Table ss:ExpandedColumnCount="6" x:FullColumns="1" x:FullRows="1">{table}</Table>\n'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Print><ValidPrinterInfo/></Print>{options}'
        f"<ProtectObjects>False</ProtectObjects></WorksheetOptions>{behind}</Worksheet>"
    )


def style(name: str, inside: str) -> str:
    return f'<Style ss:ID="{name}">{inside}</Style>'


def data(value: object, **attributes: object) -> str:
    """A cell with a number or a text."""
    return typed("Number" if isinstance(value, int | float) else "String", escape(str(value)), **attributes)


def typed(kind: str, value: str, **attributes: object) -> str:
    given = "".join(f" ss:{name}={quoteattr(str(said))}" for name, said in attributes.items())
    return f'<Cell {given}><Data ss:Type="{kind}">{value}</Data></Cell>'


def rows(values: Sequence[Sequence[object]]) -> str:
    return "".join(f"<Row>{''.join(data(value) if value is not None else '<Cell/>' for value in row)}</Row>\n" for row in values)


def one(cell: str, styles: str = "", workbook: str = "") -> bytes:
    """A workbook with one cell, which stands in D7 unless it says otherwise."""
    at = cell.replace("<Cell ", '<Cell ss:Index="4" ', 1)
    return xml_spreadsheet(worksheet(f'<Row ss:Index="7">{at}</Row>'), styles=styles, workbook=workbook)
