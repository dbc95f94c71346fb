"""OpenDocument texts written by the tests: LibreOffice's own format, in which it does most for a document."""

from tests.pipelines.office_files import zipped

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        **{name: f"{_URN}:{name}:1.0" for name in ("office", "text", "script", "manifest")},
        "draw": f"{_URN}:drawing:1.0",
        "svg": f"{_URN}:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dom": "http://www.w3.org/2001/xml-events",
        "ooo": "http://openoffice.org/2004/office",
        "library": "http://openoffice.org/2000/library",
    }.items()
)
_TYPE = "application/vnd.oasis.opendocument.text"
_ON_LOAD = (
    '<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load" '
    'xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" '
    'xlink:type="simple"/></office:event-listeners>'
)

PICTURE = (
    '<draw:frame svg:width="1cm" svg:height="1cm" text:anchor-type="as-char">'
    '<draw:image xlink:href="{address}/picture.png" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame>'
)
MACRO = 'Sub Main\nOpen "{file}" For Output As #1\nClose #1\nStarDesktop.terminate\nEnd Sub'


def open_document(inner: str, macro: str = "") -> bytes:
    """Return a text with this XML in its paragraph, and a Basic macro that is to run when it is opened."""
    members = {
        "content.xml": f'<office:document-content {_NAMES} office:version="1.2"><office:scripts>{_ON_LOAD}'
        f"</office:scripts><office:body><office:text><text:p>样本{inner}</text:p></office:text></office:body>"
        "</office:document-content>",
        "Basic/script-lc.xml": f'<library:libraries {_NAMES}><library:library library:name="Standard" '
        'library:link="false"/></library:libraries>',
        "Basic/Standard/script-lb.xml": f'<library:library {_NAMES} library:name="Standard" library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Module1"/></library:library>',
        "Basic/Standard/Module1.xml": '<script:module xmlns:script="http://openoffice.org/2000/script" '
        f'script:name="Module1" script:language="StarBasic">{macro}</script:module>',
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in {"/": _TYPE, **dict.fromkeys(members, "text/xml")}.items()
    )
    manifest = f'<manifest:manifest {_NAMES} manifest:version="1.2">{entries}</manifest:manifest>'
    return zipped({"mimetype": _TYPE, **members, "META-INF/manifest.xml": manifest})
