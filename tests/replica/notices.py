"""Pages that answer 200 and are no content."""

NOTICES = {
    "maintenance": """<!DOCTYPE html><html><head><title>Situs Dalam Pemeliharaan</title></head><body><center>
<h1>Mohon Maaf</h1><p>Website sedang dalam pemeliharaan sistem (maintenance). Silakan kembali beberapa saat lagi.</p>
</center></body></html>""",
    "busy": """<html><head><title>Server sedang sibuk</title></head><body><h2>Server sedang sibuk</h2>
<p>Permintaan Anda belum dapat dilayani karena tingginya jumlah pengunjung. Silakan coba lagi.</p></body></html>""",
    "challenge": """<!DOCTYPE html><html><head><title>Just a moment...</title><meta name="robots" content="noindex">
<script>setTimeout(function(){document.forms[0].submit()},5000);</script></head><body>
<h1>Checking your browser before accessing</h1><noscript>Please enable JavaScript and cookies to continue</noscript>
<form action="/__challenge" method="POST"><input type="hidden" name="token" value="f3a9"></form></body></html>""",
    "soft404": """<!DOCTYPE html><html><head><title>404 Page Not Found</title></head><body><div id="container">
<h1>404 Page Not Found</h1><p>The page you requested was not found.</p></div></body></html>""",
    "takeover": """<!doctype html><html><head><title>Pemberitahuan</title></head><body><main><article>
<h1>Penanganan Insiden</h1>"""
    + "<p>Laman ini untuk sementara dialihkan oleh tim tanggap insiden siber. Layanan dipulihkan kemudian.</p>"
    * 20
    + "</article></main></body></html>",
}
