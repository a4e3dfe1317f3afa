"""Raw HTTP/1.1 answers that are broken, odd or foreign in transport. Standard library only, no side effects.

Every function takes a whole HTML page as bytes (UTF-8) and returns the bytes to write to the socket; the server
then closes the connection (SHUTDOWN after the last byte) unless the case is in KEEP_OPEN, where it should stay
silent with the connection open for a while. CASES lists (name, function, verdict): the verdict is what a careful
archive may do:
  whole    the page came whole: it may be stored as the article
  broken   it did not: nothing may be stored as the article and the earlier copy stays; a later try is right
  either   both can be defended
  none     there is no page in it (not even a broken one): the earlier copy stays, no mark that the page is gone
The first line of each docstring is the reason.
"""

import gzip
import struct
import zlib

CASES = []
KEEP_OPEN = set()
CT = ("Content-Type", "text/html; charset=UTF-8")


def case(verdict, keep_open=False):
    def add(f):
        CASES.append((f.__name__, f, verdict))
        if keep_open:
            KEEP_OPEN.add(f.__name__)
        return f

    return add


def answer(body, *headers, status="200 OK", length=True, ct=CT):
    """Status line, headers, body. length: True = right, False = none, a number = that number."""
    head = [
        f"HTTP/1.1 {status}",
        "Server: nginx",
        "Date: Mon, 05 Jan 2026 03:00:00 GMT",
        "Connection: close",
    ]
    if ct:
        head.append(f"{ct[0]}: {ct[1]}")
    if length is not False:
        head.append(f"Content-Length: {len(body) if length is True else length}")
    head += [f"{k}: {v}" for k, v in headers]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body


def chunks(body, size=1000):
    return b"".join(
        b"%x\r\n%s\r\n" % (len(c), c)
        for c in (body[i : i + size] for i in range(0, len(body), size))
    )


GZ = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")


def zip_(page):
    return gzip.compress(page, mtime=0)


def raw_deflate(page):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return c.compress(page) + c.flush()


def cut_before_end(page):
    """The page up to before its closing tags, at about its middle."""
    return page[: len(page) // 2]


# --- controls
@case("whole")
def plain(page):
    """Control: everything right."""
    return answer(page)


@case("whole")
def plain_gzip(page):
    """Control: right gzip."""
    return answer(zip_(page), GZ)


@case("whole")
def plain_chunked(page):
    """Control: right chunks."""
    return answer(chunks(page) + b"0\r\n\r\n", CHUNKED, length=False)


@case("whole")
def until_close(page):
    """Control: no length at all, the end of the connection is the end of the body; whole because </html> is there."""
    return answer(page, length=False)


# --- gzip
@case("broken")
def gzip_half(page):
    """Half a gzip under a matching Content-Length (a proxy cached it cut): the half unpacks silently in many readers."""
    z = zip_(page)
    return answer(z[: len(z) // 2], GZ)


@case("broken")
def gzip_without_trailer(page):
    """All the data but no CRC and size: the stream did not end; 'either' only if the text ends with </html>."""
    return answer(zip_(page)[:-8], GZ)


@case("broken")
def gzip_cut_in_header(page):
    """Five bytes of gzip: no text at all."""
    return answer(zip_(page)[:5], GZ)


@case("either")
def gzip_double(page):
    """Packed twice, declared once: after one unpacking there is gzip; unpack once more or refuse, never store as text."""
    return answer(zip_(zip_(page)), GZ)


@case("whole")
def gzip_double_declared(page):
    """Packed twice, declared 'gzip, gzip': right by the book; refusing is tolerable, storing bytes as text is not."""
    return answer(zip_(zip_(page)), ("Content-Encoding", "gzip, gzip"))


@case("either")
def gzip_undeclared(page):
    """gzip without the header: recognise 1f 8b and unpack, or refuse; never decode it as Latin-1 text."""
    return answer(zip_(page))


@case("either")
def gzip_undeclared_octet(page):
    """The same with application/octet-stream."""
    return answer(zip_(page), ct=("Content-Type", "application/octet-stream"))


@case("either")
def gzip_header_plain_body(page):
    """Says gzip, is plain HTML (a PHP filter that failed): browsers refuse, an archive may take the whole page."""
    return answer(page, GZ)


@case("broken")
def gzip_header_plain_cut(page):
    """Says gzip, is plain and cut: a tolerant reader must still see that it is cut."""
    return answer(cut_before_end(page), GZ)


@case("either")
def gzip_trailing_garbage(page):
    """Rubbish after the end of gzip: the text is whole, RFC 1952 lets one ignore it."""
    return answer(zip_(page) + b"\x00\xff garbage <b>after</b>", GZ)


@case("whole")
def gzip_trailing_zeros(page):
    """Zero padding after gzip: harmless."""
    return answer(zip_(page) + b"\x00" * 512, GZ)


@case("either")
def gzip_then_html(page):
    """A PHP warning appended in plain after gzip."""
    return answer(zip_(page) + b"<br /><b>Warning</b>: ob_end_flush()", GZ)


@case("whole")
def gzip_members(page):
    """Two members: the text is both together; a reader that stops after the first stores half a page."""
    m = len(page) // 2
    return answer(zip_(page[:m]) + zip_(page[m:]), GZ)


@case("whole")
def gzip_many_members(page):
    """A member per 50 bytes: slow quadratic readers show here."""
    return answer(b"".join(zip_(page[i : i + 50]) for i in range(0, len(page), 50)), GZ)


@case("broken")
def gzip_second_member_cut(page):
    """Two members, the second cut."""
    m = len(page) // 2
    z = zip_(page[m:])
    return answer(zip_(page[:m]) + z[: len(z) // 2], GZ)


@case("broken")
def gzip_wrong_crc(page):
    """CRC does not fit: some byte of the text is wrong."""
    z = zip_(page)
    return answer(z[:-8] + struct.pack("<I", zlib.crc32(page) ^ 1) + z[-4:], GZ)


@case("broken")
def gzip_wrong_size(page):
    """ISIZE does not fit."""
    z = zip_(page)
    return answer(z[:-4] + struct.pack("<I", len(page) + 7), GZ)


@case("broken")
def gzip_flipped_bit(page):
    """A damaged byte in the middle."""
    z = bytearray(zip_(page))
    z[len(z) // 2] ^= 0x55
    return answer(bytes(z), GZ)


@case("none")
def gzip_of_nothing(page):
    """A right gzip of zero bytes: an empty page is not the office's article."""
    return answer(zip_(b""), GZ)


@case("none")
def gzip_zero_bytes(page):
    """Says gzip, Content-Length 0."""
    return answer(b"", GZ)


@case("whole")
def gzip_named_extra(page):
    """gzip with FNAME, FCOMMENT, FEXTRA and FHCRC fields (name with ../): legal."""
    head = (
        b"\x1f\x8b\x08"
        + bytes([4 | 8 | 16 | 2])
        + b"\0\0\0\0\x02\x03"
        + struct.pack("<H", 4)
        + b"ab\0\0"
        + b"../../x.html\0"
        + b"c\0"
    )
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    return answer(
        head + raw_deflate(page) + struct.pack("<II", zlib.crc32(page), len(page) & 0xFFFFFFFF), GZ
    )


@case("broken")
def gzip_bomb(page):
    """1 kB per MB: 300 MB of blanks before the page's end; bounded memory and time, then give up."""
    c = zlib.compressobj(9, zlib.DEFLATED, 31)
    z = c.compress(page[: len(page) // 2])
    for _ in range(300):
        z += c.compress(b" " * 1_000_000)
    return answer(z + c.compress(page[len(page) // 2 :]) + c.flush(), GZ)


@case("whole")
def x_gzip_upper(page):
    """X-GZIP in capitals equals gzip."""
    return answer(zip_(page), ("Content-Encoding", "X-GZIP"))


# --- deflate, br, unknown
@case("whole")
def deflate_zlib(page):
    """deflate as RFC 9110 means it: with the zlib wrapper."""
    return answer(zlib.compress(page), ("Content-Encoding", "deflate"))


@case("either")
def deflate_raw(page):
    """deflate as old servers mean it: without the wrapper; read it or refuse."""
    return answer(raw_deflate(page), ("Content-Encoding", "deflate"))


@case("broken")
def deflate_zlib_half(page):
    """Half of it."""
    z = zlib.compress(page)
    return answer(z[: len(z) // 2], ("Content-Encoding", "deflate"))


@case("broken")
def deflate_raw_half(page):
    """Half of it, no checksum to tell."""
    z = raw_deflate(page)
    return answer(z[: len(z) // 2], ("Content-Encoding", "deflate"))


@case("broken")
def deflate_bad_adler(page):
    """Adler-32 does not fit."""
    z = zlib.compress(page)
    return answer(z[:-4] + b"\0\0\0\0", ("Content-Encoding", "deflate"))


@case("either")
def deflate_is_gzip(page):
    """Says deflate, is gzip."""
    return answer(zip_(page), ("Content-Encoding", "deflate"))


@case("either")
def br_header_plain_body(page):
    """Says br (which was not asked for), is plain: take it or refuse."""
    return answer(page, ("Content-Encoding", "br"))


@case("none")
def br_unreadable(page):
    """Says br and is something unreadable: nothing to store as text."""
    return answer(
        b"\x1b\xff\x7f\x00\xf8\xa5\x01" + bytes((i * 37 + 11) % 256 for i in range(900)),
        ("Content-Encoding", "br"),
    )


@case("either")
def zstd_header_plain_body(page):
    """Says zstd, is plain."""
    return answer(page, ("Content-Encoding", "zstd"))


@case("either")
def encoding_utf8(page):
    """'Content-Encoding: UTF-8', a common mistake: the page is plain and whole."""
    return answer(page, ("Content-Encoding", "UTF-8"))


@case("whole")
def encoding_identity(page):
    """identity: nothing to unpack."""
    return answer(page, ("Content-Encoding", "identity"))


# --- length
@case("broken")
def closed_mid_body(page):
    """Content-Length says more than came."""
    return answer(cut_before_end(page), length=len(page))


@case("broken")
def closed_one_byte_short(page):
    """One byte is missing; it may be a newline, but the length says no ('either' if </html> is there)."""
    return answer(page[:-1], length=len(page))


@case("broken")
def closed_after_headers(page):
    """Headers, then nothing."""
    return answer(b"", length=len(page))


@case("broken")
def closed_in_headers(page):
    """The connection ends within a header line."""
    return answer(page)[:60]


@case("broken", keep_open=True)
def stalled_mid_body(page):
    """Half came, then silence: a timeout has to end it."""
    return answer(cut_before_end(page), length=len(page))


@case("broken")
def length_short(page):
    """Content-Length is less than the page (counted in characters or before a filter): the reader sees a cut page."""
    return answer(page, length=len(page) // 2)


@case("either")
def length_short_by_tail(page):
    """Content-Length leaves out only what follows </html>."""
    return answer(page + b"\n<!-- cached 0.02s -->", length=len(page))


@case("broken")
def cut_with_right_length(page):
    """Cut before </html> by the engine, the length fits the cut: only the missing end of the document tells."""
    return answer(cut_before_end(page))


@case("broken")
def cut_until_close(page):
    """Cut, without any length: only the missing end tells."""
    return answer(cut_before_end(page), length=False)


@case("broken")
def cut_in_tag(page):
    """Cut within a tag."""
    i = page.rfind(b"<", 0, len(page) * 3 // 4)
    return answer(page[: i + 2])


@case("broken")
def cut_in_utf8(page):
    """Cut within a character of several bytes (one is put in)."""
    return answer(cut_before_end(page).rsplit(b"<", 1)[0] + "\u2013".encode()[:2])


@case("broken")
def cut_in_script(page):
    """Cut within a script whose text says </html>: a search for the word is fooled."""
    return answer(cut_before_end(page).rsplit(b"<", 1)[0] + b'<script>var tail="<\\/body></html>";')


@case("broken")
def cut_then_closed_by_proxy(page):
    """Cut by the engine, then a filter adds </body></html>: looks whole; share block and counter are missing."""
    return answer(cut_before_end(page).rsplit(b"<", 1)[0] + b"</body></html>")


@case("either")
def without_closing_tags(page):
    """</body></html> left out although all the text is there: legal HTML. To refuse it costs the page, to take it risks cuts."""
    return answer(page.replace(b"</body>", b"").replace(b"</html>", b""))


@case("whole")
def upper_closing_tag(page):
    """</HTML > in capitals with a blank."""
    return answer(page.replace(b"</html>", b"</HTML >"))


@case("whole")
def tail_after_html(page):
    """Statistics, a comment and blank lines after </html>."""
    return answer(page + b"\n\n<!-- 0.31 s -->\n<script src='/stat.js'></script>\n\n\n")


@case("either")
def length_twice_same(page):
    """Content-Length twice, the same number."""
    return answer(page, ("Content-Length", len(page)))


@case("broken")
def length_twice_differs(page):
    """Content-Length twice, different: RFC 9112 says invalid ('either' if the whole page was read)."""
    return answer(page, ("Content-Length", len(page) // 2))


@case("either")
def length_negative(page):
    """Content-Length: -1."""
    return answer(page, length=-1)


@case("either")
def length_word(page):
    """Content-Length: abc."""
    return answer(page, length="abc")


@case("broken")
def length_huge(page):
    """Content-Length of thirty digits: must not be allocated."""
    return answer(page, length="9" * 30)


# --- chunks
@case("broken")
def chunked_without_last(page):
    """All data, no closing chunk: incomplete by RFC 9112 ('either' when </html> came)."""
    return answer(chunks(page), CHUNKED, length=False)


@case("broken")
def chunked_cut_in_chunk(page):
    """The connection ends within a chunk."""
    b = chunks(page)
    return answer(b[: len(b) // 2], CHUNKED, length=False)


@case("broken")
def chunked_ends_early(page):
    """Half the page, then a right last chunk: the engine died; only the missing end of the document tells."""
    return answer(chunks(cut_before_end(page)) + b"0\r\n\r\n", CHUNKED, length=False)


@case("broken")
def chunked_bad_size(page):
    """A chunk size that is no number."""
    return answer(chunks(page[: len(page) // 2]) + b"zz\r\nabc\r\n0\r\n\r\n", CHUNKED, length=False)


@case("broken")
def chunked_size_huge(page):
    """A chunk of 2^64 bytes announced: must not be allocated."""
    return answer(
        chunks(page[: len(page) // 2]) + b"FFFFFFFFFFFFFFFF\r\nabc", CHUNKED, length=False
    )


@case("broken")
def chunked_size_negative(page):
    """int('-5', 16) is a number in Python."""
    return answer(chunks(page[: len(page) // 2]) + b"-5\r\nabc\r\n0\r\n\r\n", CHUNKED, length=False)


@case("either")
def chunked_header_plain_body(page):
    """Says chunked, is plain: '<!do' is no chunk size."""
    return answer(page, CHUNKED, length=False)


@case("either")
def chunked_and_length(page):
    """Both headers: chunked wins; some refuse it as smuggling."""
    return answer(chunks(page) + b"0\r\n\r\n", CHUNKED)


@case("whole")
def chunked_extensions_trailers(page):
    """Chunk extensions, upper-case sizes and trailers: legal. A trailer may not overwrite headers."""
    b = b'%X;name="a;b"\r\n%s\r\n0\r\nContent-Type: image/png\r\nX-Trailer: 1\r\n\r\n' % (
        len(page),
        page,
    )
    return answer(b, CHUNKED, length=False)


@case("whole")
def chunked_single_bytes(page):
    """One byte per chunk: cuts every character."""
    return answer(chunks(page, 1) + b"0\r\n\r\n", CHUNKED, length=False)


@case("broken")
def chunked_gzip_cut(page):
    """Right chunks around half a gzip."""
    z = zip_(page)
    return answer(chunks(z[: len(z) // 2]) + b"0\r\n\r\n", CHUNKED, GZ, length=False)


@case("either")
def chunked_lf_only(page):
    """Chunk lines end with a bare LF."""
    return answer(b"%x\n%s\n0\n\n" % (len(page), page), CHUNKED, length=False)


# --- status
@case("either")
def s206_whole(page):
    """206 nobody asked for, but the range is the whole page."""
    return answer(
        page,
        ("Content-Range", f"bytes 0-{len(page) - 1}/{len(page)}"),
        status="206 Partial Content",
    )


@case("broken")
def s206_part(page):
    """206 with the first half."""
    h = cut_before_end(page)
    return answer(
        h, ("Content-Range", f"bytes 0-{len(h) - 1}/{len(page)}"), status="206 Partial Content"
    )


@case("broken")
def s206_tail(page):
    """206 with the last half: it ends with </html>."""
    m = len(page) // 2
    return answer(
        page[m:],
        ("Content-Range", f"bytes {m}-{len(page) - 1}/{len(page)}"),
        status="206 Partial Content",
    )


@case("either")
def s206_unknown_total(page):
    """206 with '*' as total."""
    return answer(
        page, ("Content-Range", f"bytes 0-{len(page) - 1}/*"), status="206 Partial Content"
    )


@case("broken")
def s206_no_range(page):
    """206 without Content-Range: of what is it a part? ('either' for a page that ends right)"""
    return answer(page, status="206 Partial Content")


@case("broken")
def s206_multipart(page):
    """206 as multipart/byteranges: the body is no HTML."""
    b = b"--B\r\nContent-Type: text/html\r\nContent-Range: bytes 0-99/%d\r\n\r\n%s\r\n--B--\r\n" % (
        len(page),
        page[:100],
    )
    return answer(
        b, status="206 Partial Content", ct=("Content-Type", "multipart/byteranges; boundary=B")
    )


@case("either")
def s200_content_range(page):
    """200 that carries a Content-Range of a part: contradiction; the page itself is whole."""
    return answer(page, ("Content-Range", "bytes 0-99/100000"))


@case("either")
def s203(page):
    """203: a proxy changed the page. Keep it with its status, or not at all, never as the origin's untouched copy."""
    return answer(page, ("Via", "1.1 proxy"), status="203 Non-Authoritative Information")


@case("none")
def s304_unasked(page):
    """304 to a request without conditions: nothing came; the earlier copy, if any, is not confirmed."""
    return answer(b"", ("ETag", '"abc"'), status="304 Not Modified", length=False)


@case("none")
def s304_with_length(page):
    """304 with the page's Content-Length (legal) and no body: a reader that waits for the body hangs."""
    return answer(b"", ("ETag", '"abc"'), status="304 Not Modified", length=len(page))


@case("none")
def s304_with_body(page):
    """304 followed by a body: the body belongs to no answer."""
    return answer(page, status="304 Not Modified")


@case("none")
def s200_empty(page):
    """200 and nothing in it: not the article, not gone."""
    return answer(b"")


@case("none")
def s200_blank(page):
    """200 and blank lines only."""
    return answer(b"\r\n\r\n   \n")


@case("none")
def s204(page):
    """204: no content."""
    return answer(b"", status="204 No Content", length=False)


@case("none")
def s205(page):
    """205: no content."""
    return answer(b"", status="205 Reset Content")


@case("either")
def s201(page):
    """201 with the page."""
    return answer(page, status="201 Created")


@case("either")
def s202_page(page):
    """202 with the real page: usually a challenge carries 202."""
    return answer(page, status="202 Accepted")


@case("either")
def s299(page):
    """An unknown 2xx counts as 200."""
    return answer(page, status="299 Lain")


@case("none")
def s404_with_article(page):
    """404 whose body is the whole article: the status says missing; keeping the body aside is fine."""
    return answer(page, status="404 Not Found")


@case("none")
def s503_with_article(page):
    """503 whose body is the whole article (a stale cache): not missing; try again later."""
    return answer(
        page,
        ("Retry-After", "120"),
        ("Warning", '111 - "Revalidation Failed"'),
        status="503 Service Unavailable",
    )


@case("either")
def s500_with_article(page):
    """500 set by a late PHP error though the page is whole."""
    return answer(page, status="500 Internal Server Error")


@case("none")
def s301_with_article(page):
    """301 without Location, but with the page."""
    return answer(page, status="301 Moved Permanently")


@case("none")
def s300(page):
    """300 with choices."""
    return answer(page, status="300 Multiple Choices")


@case("none")
def s999(page):
    """999: an invention of some firewalls."""
    return answer(b"Request denied", status="999 Request Denied")


@case("none")
def s000(page):
    """Status 000."""
    return answer(page, status="000 x")


@case("none")
def s_four_digits(page):
    """Status of four digits."""
    return answer(page, status="2000 OK")


@case("none")
def s_word(page):
    """A status that is no number."""
    return answer(page, status="OK")


@case("whole")
def s_no_reason(page):
    """Status line without a reason: legal."""
    return answer(page, status="200 ").replace(b"200 \r\n", b"200 \r\n", 1)


@case("either")
def s_utf8_reason(page):
    """UTF-8 in the reason."""
    return answer(page).replace(b"200 OK", "200 Beres \u2713".encode(), 1)


@case("whole")
def continue_prefix(page):
    """100 Continue before the answer: skip it."""
    return b"HTTP/1.1 100 Continue\r\n\r\n" + answer(page)


@case("whole")
def early_hints_prefix(page):
    """103 Early Hints (twice) before the answer: skip them; their headers are not the answer's."""
    return (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nContent-Encoding: gzip\r\n\r\n"
        * 2
        + answer(page)
    )


@case("none")
def endless_continue(page):
    """Ten thousand times 100 Continue: bounded."""
    return b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000


@case("none")
def s101(page):
    """101 Switching Protocols unasked."""
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
        + page
    )


# --- heads
@case("either")
def http_09(page):
    """No head at all, just the page (HTTP/0.9)."""
    return page


@case("whole")
def http_10(page):
    """HTTP/1.0 without a length."""
    return answer(page, length=False).replace(b"HTTP/1.1", b"HTTP/1.0", 1)


@case("either")
def http_11_lower(page):
    """'http/1.1'."""
    return answer(page).replace(b"HTTP/1.1", b"http/1.1", 1)


@case("either")
def icy(page):
    """'ICY 200 OK' as the status line."""
    return answer(page).replace(b"HTTP/1.1", b"ICY", 1)


@case("none")
def http2_preface(page):
    """HTTP/2 frames to an HTTP/1.1 request."""
    return b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00\x00\x05\x00\xff\xff\xff"


@case("none")
def tls_alert(page):
    """A TLS alert instead of HTTP."""
    return b"\x15\x03\x01\x00\x02\x02\x46"


@case("none")
def nothing(page):
    """The connection closes without a byte."""
    return b""


@case("none", keep_open=True)
def silence(page):
    """The connection stays open without a byte: a timeout has to end it."""
    return b""


@case("either")
def lf_only_head(page):
    """Header lines end with a bare LF."""
    h, _, b = answer(page).partition(b"\r\n\r\n")
    return h.replace(b"\r\n", b"\n") + b"\n\n" + b


@case("whole")
def duplicated_headers(page):
    """Harmless headers several times; Set-Cookie twice is usual."""
    return answer(
        page,
        ("Server", "Apache"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Cache-Control", "no-cache"),
        ("Cache-Control", "no-store"),
        ("Vary", "Cookie"),
        ("Vary", "User-Agent"),
    )


@case("either")
def duplicated_content_type(page):
    """Content-Type twice, with different charsets."""
    return answer(page, ("Content-Type", "text/plain; charset=iso-8859-1"))


@case("either")
def duplicated_encoding(page):
    """Content-Encoding: gzip twice, packed once."""
    return answer(zip_(page), GZ, GZ)


@case("whole")
def duplicated_last_modified(page):
    """Last-Modified twice, different: neither is evidence."""
    return answer(
        page,
        ("Last-Modified", "Tue, 15 Oct 2024 02:30:00 GMT"),
        ("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"),
    )


@case("either")
def header_20k(page):
    """A header line of 20 kB: http.client stops at 65,536, others at 8 kB."""
    return answer(page, ("X-Debug", "d" * 20_480))


@case("either")
def header_70k(page):
    """A header line of 70 kB: http.client raises LineTooLong; must be an error of this page only."""
    return answer(page, ("X-Debug", "d" * 71_680))


@case("either")
def headers_150(page):
    """150 headers: http.client raises HTTPException above 100."""
    return answer(page, *[(f"X-H{i}", "v") for i in range(150)])


@case("none", keep_open=True)
def header_endless(page):
    """A header line of 4 MB without an end."""
    return b"HTTP/1.1 200 OK\r\nX-Debug: " + b"d" * 4_000_000


@case("either")
def header_no_colon(page):
    """A line without a colon among the headers: http.client takes what follows for body or drops it."""
    return answer(page).replace(
        b"Server: nginx\r\n", b"Server: nginx\r\nPHP Warning  headers already sent\r\n", 1
    )


@case("either")
def header_folded(page):
    """A folded header."""
    return answer(page, ("X-Info", "a\r\n\tb"))


@case("either")
def header_nul(page):
    """NUL in a header's value."""
    return answer(page, ("X-Info", "a\0b"))


@case("whole")
def header_latin1(page):
    """Latin-1 byte in a header's value: do not let a store that wants UTF-8 fall over."""
    return answer(page, ("X-Info", "caf\xe9"))


@case("whole")
def header_utf8(page):
    """UTF-8 bytes in a header's value."""
    return answer(page, ("X-Info", "caf\u00e9 \u2713".encode().decode("latin-1")))


@case("either")
def header_blank_before_colon(page):
    """'Content-Type : text/html'."""
    return answer(page).replace(b"Content-Type:", b"Content-Type :", 1)


@case("whole")
def no_content_type(page):
    """No Content-Type: the page says itself what it is."""
    return answer(page, ct=None)


@case("either")
def content_type_plain(page):
    """text/plain for an HTML page."""
    return answer(page, ct=("Content-Type", "text/plain"))


@case("either")
def content_type_image(page):
    """image/jpeg for an HTML page."""
    return answer(page, ct=("Content-Type", "image/jpeg"))


@case("none")
def image_as_html(page):
    """A picture under text/html."""
    return answer(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 8)


@case("none")
def pdf_as_html(page):
    """A PDF under text/html: not an article page; keep it as a file if at all."""
    return answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")


@case("whole")
def two_answers(page):
    """A second answer follows the first on the same connection unasked: it belongs to no request."""
    return answer(page).replace(b"Connection: close\r\n", b"", 1) + answer(
        b"<html><body>lain</body></html>"
    )


# --- bodies
@case("either")
def nuls_in_body(page):
    """NULs between the letters of the text: drop them or refuse, do not let a store break."""
    return answer(page.replace(b"<p>", b"<p>\0\0"))


@case("broken")
def nuls_fill(page):
    """The second half is NULs (a file system after a crash), the length fits."""
    m = len(page) // 2
    return answer(page[:m] + b"\0" * (len(page) - m))


@case("either")
def utf16_bom(page):
    """UTF-16 with BOM under charset=UTF-8: the BOM wins."""
    return answer(b"\xff\xfe" + page.decode("utf-8").encode("utf-16-le"))


@case("whole")
def utf16_declared(page):
    """UTF-16 with BOM, declared in the header."""
    return answer(
        b"\xff\xfe" + page.decode("utf-8").encode("utf-16-le"),
        ct=("Content-Type", "text/html; charset=UTF-16"),
    )


@case("either")
def utf16be_bom_undeclared(page):
    """UTF-16 BE with BOM, nothing declared."""
    return answer(
        b"\xfe\xff" + page.decode("utf-8").encode("utf-16-be"), ct=("Content-Type", "text/html")
    )


@case("either")
def utf16_no_bom(page):
    """UTF-16 without BOM, declared UTF-8: guess it or refuse; every second byte is NUL."""
    return answer(page.decode("utf-8").encode("utf-16-le"))


@case("either")
def utf32_bom(page):
    """UTF-32 with BOM (FF FE 00 00): looks like UTF-16."""
    return answer(b"\xff\xfe\0\0" + page.decode("utf-8").encode("utf-32-le"))


@case("whole")
def utf8_bom(page):
    """UTF-8 BOM at the start: not part of the text."""
    return answer(b"\xef\xbb\xbf" + page)


@case("whole")
def utf8_bom_thrice(page):
    """Three BOMs, as PHP includes leave them."""
    return answer(b"\xef\xbb\xbf" * 3 + page)


@case("either")
def latin1_undeclared(page):
    """Windows-1252 bytes, nothing declared in the header, the meta says UTF-8: text must not be lost at the first bad byte."""
    return answer(
        page.decode("utf-8").encode("cp1252", "xmlcharrefreplace"), ct=("Content-Type", "text/html")
    )


@case("whole")
def latin1_declared(page):
    """ISO-8859-1 declared in the header means Windows-1252; the header wins over the meta."""
    return answer(
        page.decode("utf-8").encode("cp1252", "xmlcharrefreplace"),
        ct=("Content-Type", "text/html; charset=ISO-8859-1"),
    )


@case("either")
def latin1_declared_utf8_body(page):
    """ISO-8859-1 declared in the header, the body is UTF-8: a common fault; mojibake or the right text."""
    return answer(page, ct=("Content-Type", "text/html; charset=ISO-8859-1"))


@case("either")
def utf8_one_bad_byte(page):
    """One bad byte in a UTF-8 page (a title cut by bytes): the rest must stay."""
    return answer(page.replace(b"<p>", b"<p>\xe2\x80", 1))


@case("either")
def unknown_charset(page):
    """A charset nobody knows."""
    return answer(page, ct=("Content-Type", "text/html; charset=kpu-8"))


@case("either")
def not_text_codec(page):
    """charset=hex: Python knows a codec of that name which is none for text."""
    return answer(page, ct=("Content-Type", "text/html; charset=hex"))


@case("either")
def html_twice(page):
    """The same document twice in a row (output buffer flushed twice)."""
    return answer(page + page)


@case("either")
def other_document_after(page):
    """The article, then a block page as a second document."""
    return answer(
        page
        + b"<html><head><title>Internet Positif</title></head><body>Situs diblokir</body></html>"
    )


@case("whole")
def blank_lines_before(page):
    """Two hundred blank lines before the doctype."""
    return answer(b"\r\n" * 200 + page)


@case("either")
def php_warning_before(page):
    """PHP warnings printed before the doctype: the page follows whole."""
    return answer(
        b"<br />\n<b>Deprecated</b>: strftime() in <b>/var/www/x.php</b> on line <b>3</b><br />\n"
        + page
    )


@case("whole")
def script_injected(page):
    """An ISP puts a script before </head>: the text is the office's, the bytes are not."""
    return answer(
        page.replace(
            b"</head>", b'<script src="http://cfs.uzone.id/2fn7a2/request?id=1"></script></head>', 1
        )
    )


@case("either")
def frame_wrapped(page):
    """A mobile operator wraps the page in a toolbar of its own."""
    i = page.find(b"<body")
    j = page.find(b">", i) + 1
    return answer(
        page[:j]
        + b'<div id="op-toolbar">Paket Internet Murah <a href="http://op.example">Beli</a></div>'
        + page[j:]
    )


@case("broken")
def body_50mb(page):
    """50 MB of comments within the page: bounded."""
    i = page.find(b"</head>")
    return answer(page[:i] + b"<!--" + b"x" * 50_000_000 + b"-->" + page[i:])


@case("either")
def deep_nesting(page):
    """50,000 open <div>s before the article: recursion."""
    i = page.find(b">", page.find(b"<body")) + 1
    return answer(page[:i] + b"<div>" * 50_000 + page[i:])


@case("either")
def many_attributes(page):
    """A tag with 20,000 attributes: quadratic readers."""
    i = page.find(b">", page.find(b"<body")) + 1
    return answer(
        page[:i] + b"<div " + b" ".join(b"a%d=1" % k for k in range(20_000)) + b"></div>" + page[i:]
    )


@case("either")
def many_open_angles(page):
    """100,000 '<' in the text: quadratic readers."""
    i = page.find(b">", page.find(b"<body")) + 1
    return answer(page[:i] + b"<" * 100_000 + page[i:])


@case("either")
def unclosed_comment(page):
    """'<!--' never closed in front of the share block: in a browser the rest is gone."""
    i = page.find(b"Bagikan:")
    return answer(page if i < 0 else page[:i] + b"<!-- " + page[i:])


if __name__ == "__main__":
    sample = (
        "<!doctype html><html lang=id><head><meta charset=utf-8><title>KPU KOTA-SURAKARTA - Rapat</title></head><body><h1>Rapat"
        "</h1>"
        + "<p>Surakarta, 15 Oktober 2024 \u2013 Rapat dibuka \u201cresmi\u201d.</p>" * 20
        + "<div>Bagikan:</div><small>Telah dilihat 151 kali</small></body></html>\n"
    ).encode()
    for name, f, verdict in CASES:
        out = f(sample)
        assert (
            isinstance(out, bytes)
            and verdict in ("whole", "broken", "either", "none")
            and f.__doc__
        ), name
    print(
        len(CASES),
        {v: sum(c[2] == v for c in CASES) for v in ("whole", "broken", "either", "none")},
    )
