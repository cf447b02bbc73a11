# SPDX-License-Identifier: ISC
# scep_http.py PORT-FILE COMMAND...: the smallest web server that hands each
# request to a stage under its contract, so that clients written by others can
# be tried on "scep-ca respond" alone.
import http.server, os, subprocess, sys


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        facts_in, facts_out = os.pipe()
        env = dict(os.environ, MCPROFILE_METHOD=self.command, MCPROFILE_PATH=path, MCPROFILE_QUERY=query)
        run = subprocess.run(
            ["bash", "-c", 'exec "$@" 3>&%d' % facts_out, "bash"] + sys.argv[2:],
            input=body, stdout=subprocess.PIPE, env=env, pass_fds=[facts_out])
        os.close(facts_out)
        with os.fdopen(facts_in) as f:
            facts = dict(line.rstrip("\n").split("=", 1) for line in f)
        status = {0: 200, 65: 400, 66: 404, 75: 503}.get(run.returncode, 500)
        self.send_response(status)
        self.send_header("Content-Type", facts.get("CONTENT_TYPE", "text/plain"))
        self.send_header("Content-Length", str(len(run.stdout)))
        self.end_headers()
        self.wfile.write(run.stdout)

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
