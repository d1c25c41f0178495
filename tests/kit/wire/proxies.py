"""Proxies with the settings that they come with, and only their files in a folder of the test's."""

import csv
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

from processes import free_port, serving

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    add_header X-Upstream $upstream_addr always;
    {more}
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""
HAPROXY = """
global
    maxconn 200
defaults
    mode http
    timeout connect 5s
    timeout client 20s
    timeout server 20s
frontend clients
    bind 127.0.0.1:{port}
    stats enable
    stats uri /haproxy
    default_backend replicas
backend replicas
    {lines}
"""


@contextmanager
def nginx(program, folder, locations, more=""):
    """Run nginx; `locations` stand in its server block, `more` before it. Yield its port and error log."""
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, port=port, locations=locations, more=more), encoding="utf-8")
    errors = folder / "error.log"
    command = [program, "-e", str(errors), "-p", str(folder), "-c", str(file)]
    with serving(command, port, folder / "nginx.out"):
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}", errors=errors)


@contextmanager
def haproxy(program, folder, *lines):
    """Run haproxy; `lines` stand in its backend. Yield its port."""
    port, file = free_port(), folder / "haproxy.cfg"
    file.write_text(HAPROXY.format(port=port, lines="\n    ".join(lines)), encoding="utf-8")
    with serving([program, "-f", str(file)], port, folder / "haproxy.out"):
        yield SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}")


def upstream(*services):
    """Write nginx's block of replicas, as its documentation does: one failure takes one out for ten seconds."""
    servers = "".join(f"server 127.0.0.1:{service.port};" for service in services)
    return f"upstream replicas {{ {servers} }}"


def servers_of(proxy):
    """Return haproxy's table of replicas, by their names."""
    with urllib.request.urlopen(f"{proxy.url}/haproxy;csv", timeout=10) as answer:
        table = csv.DictReader(answer.read().decode().removeprefix("# ").splitlines())
    return {row["svname"]: row for row in table if row["pxname"] == "replicas"}
