#!/usr/bin/python3
"""A stand-in for CoreDNS: reads the Corefile that MiniPlane writes and does what CoreDNS would do with the parts that matter here:
names of the first block's zones go to the grpc plugin's server by a stock gRPC (grpcio: HTTP/2, mutual TLS), all others to the
forward plugin's resolver. It serves UDP, and /health. Called as CoreDNS is: coredns -conf FILE."""
import http.server, os, re, signal, socket, sys, threading
import grpc

text = open(sys.argv[sys.argv.index("-conf") + 1]).read()
blocks = re.findall(r"^(\S[^{\n]*) \{\n(.*?)^\}", text, re.M | re.S)
assert len(blocks) == 2, text
zones = [key.rsplit(":", 1)[0].rstrip(".").split(".") for key in blocks[0][0].split()]
port = int(blocks[0][0].split()[0].rsplit(":", 1)[1])


def plugin(block, name):
    found = re.search(rf"^\s+{name}\b[ ]*(.*)$", block, re.M)
    return found.group(1).split() if found else None


address = plugin(blocks[0][1], "bind")[0]
start, server = plugin(blocks[0][1], "grpc")[:2]
assert start == "." and plugin(blocks[0][1], "errors") == [] and plugin(blocks[1][1], "reload") == []
certificate, key, authority = (open(name, "rb").read() for name in plugin(blocks[0][1], "tls"))
channel = grpc.secure_channel(
    server,
    grpc.ssl_channel_credentials(authority, key, certificate),
    [("grpc.ssl_target_name_override", plugin(blocks[0][1], "tls_servername")[0])],
)


def varint(number):
    octets = b""
    while number > 127:
        octets += bytes([number & 127 | 128])
        number >>= 7
    return octets + bytes([number])


def unpack(message):
    assert message[0] == 0x0A
    length = shift = 0
    at = 1
    while True:
        length |= (message[at] & 127) << shift
        shift += 7
        at += 1
        if message[at - 1] < 128:
            break
    assert at + length == len(message)
    return message[at:]


query = channel.unary_unary(
    "/coredns.dns.DnsService/Query",
    request_serializer=lambda octets: b"\x0a" + varint(len(octets)) + octets,
    response_deserializer=unpack,
)


def labels(packet):
    at, names = 12, []
    while packet[at]:
        names.append(packet[at + 1 : at + 1 + packet[at]].decode().lower())
        at += packet[at] + 1
    return names


def forward(packet):
    to = plugin(blocks[1][1], "forward")
    if to is None:
        return packet[:2] + b"\x81\x05" + packet[4:]
    host, number = to[1].rsplit(":", 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(5)
        upstream.sendto(packet, (host, int(number)))
        return upstream.recv(4096)


def answer(packet, client):
    name = labels(packet)
    within = any(name[-len(zone) :] == zone for zone in zones)
    sock.sendto(query(packet, timeout=5) if within else forward(packet), client)


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


host, number = plugin(blocks[1][1], "health")[0].rsplit(":", 1)
threading.Thread(target=http.server.HTTPServer((host, int(number)), Health).serve_forever, daemon=True).start()
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((address, port))
print("stand-in for CoreDNS serves", blocks[0][0], flush=True)
while True:
    received, sender = sock.recvfrom(4096)
    threading.Thread(target=answer, args=(received, sender), daemon=True).start()
