#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A web server that answers what a folder says, wrong things above all.

serve.py ROOT CERT KEY: prints its port, serves TLS on the loopback until killed.

POST /scep?operation=PKIOperation is answered from the file ROOT/POST.scep.PKIOperation, GET /enroll from ROOT/GET.enroll;
an executable file is run with the request's body as input, and what it prints is the answer. NAME.head beside it, if there,
holds the status on its first line and then headers. What was asked is kept: ROOT/log has a line a request, ROOT/last.NAME the body.
"""
import http.server, os, ssl, subprocess, sys, urllib.parse

root, cert, key = sys.argv[1:]

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def answer(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        name = ".".join([self.command, url.path.strip("/")] + query.get("operation", []))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(root + "/log", "a") as f:
            print(self.command, self.path, self.headers.get("Content-Type", "-"), self.headers.get("Authorization", "-"), file=f)
        with open(root + "/last." + name, "wb") as f:
            f.write(body)
        path, status, headers = root + "/" + name, 200, []
        if not os.path.exists(path):
            status, out = 404, b""
        elif os.access(path, os.X_OK):
            env = dict(os.environ, MESSAGE=query.get("message", [""])[0])
            out = subprocess.run([path], input=body, stdout=subprocess.PIPE, env=env).stdout
        else:
            out = open(path, "rb").read()
        if os.path.exists(path + ".head") and status == 200:
            first, *rest = open(path + ".head").read().splitlines()
            status, headers = int(first), [line.split(": ", 1) for line in rest]
        self.send_response(status)
        for pair in headers:
            self.send_header(*pair)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)
    do_GET = do_POST = answer

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(cert, key)
server.socket = tls.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
