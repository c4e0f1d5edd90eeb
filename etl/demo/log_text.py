"""How log items stand in pages-logging.xml, as MediaWiki's XmlDumpWriter writes it. It knows of no event."""

from xml.sax.saxutils import escape

from etl.demo.wikis import Wiki

Value = str | int | bool | None | list["Value"] | dict[str, "Value"]

CLOSE = "  </logitem>\n"
HIDDEN_CONTRIBUTOR = '    <contributor deleted="deleted" />\n'
HIDDEN_COMMENT = '    <comment deleted="deleted" />\n'
HIDDEN_ACTION = '    <text deleted="deleted" />\n'
SCHEMA = "http://www.mediawiki.org/xml/export-0.11/"


def php(value: Value) -> str:
    """PHP's serialize(): the length of a text is that of its UTF-8 bytes."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{value:d};"
        case int():
            return f"i:{value};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
        case list():
            return f"a:{len(value)}:{{{''.join(f'i:{place};{php(one)}' for place, one in enumerate(value))}}}"
        case dict():
            return f"a:{len(value)}:{{{''.join(php(key) + php(one) for key, one in value.items())}}}"


def contributor(name: str, number: int) -> str:
    return (
        f"    <contributor>\n      <username>{escape(name)}</username>\n      <id>{number}</id>\n    </contributor>\n"
    )


def comment(text: str) -> str:
    """Left out where there is none."""
    return f"    <comment>{escape(text)}</comment>\n" if text else ""


def action(log_type: str, name: str) -> str:
    return f"    <type>{log_type}</type>\n    <action>{name}</action>\n"


def title(text: str) -> str:
    return f"    <logtitle>{escape(text)}</logtitle>\n"


def params(text: str) -> str:
    if not text:
        return '    <params xml:space="preserve" />\n'
    return f'    <params xml:space="preserve">{escape(text)}</params>\n'


def head(wiki: Wiki) -> str:
    """Everything before the first item."""
    names = "".join(_namespace(number, name) for number, name in wiki.namespaces().items())
    return (
        f'<mediawiki xmlns="{SCHEMA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{SCHEMA} http://www.mediawiki.org/xml/export-0.11.xsd" version="0.11" '
        f'xml:lang="{wiki.language}">\n'
        f"  <siteinfo>\n    <sitename>{escape(wiki.name)}</sitename>\n    <dbname>{wiki.id}</dbname>\n"
        f"    <base>https://{wiki.code}.demo.invalid/wiki/</base>\n    <generator>MediaWiki 1.45.0</generator>\n"
        f"    <case>first-letter</case>\n    <namespaces>\n{names}    </namespaces>\n  </siteinfo>\n"
    )


def _namespace(number: int, name: str) -> str:
    opening = f'      <namespace key="{number}" case="first-letter"'
    return f"{opening}>{escape(name)}</namespace>\n" if name else f"{opening} />\n"


def prefixes(wiki: Wiki) -> dict[int, str]:
    """What stands before a title, by namespace, with its colon."""
    return {number: f"{name}:" if name else "" for number, name in wiki.namespaces().items()}
