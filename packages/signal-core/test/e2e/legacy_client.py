"""A legacy client in another language: python-socketio. Usage: legacy_client.py URL TRANSPORT; prints a JSON report."""

import json
import queue
import sys

import engineio.payload
import requests
import socketio

# python-engineio refuses a polling payload of more than 16 packets; the server may send as many as there are.
engineio.payload.Payload.max_decode_packets = 1000

URL, TRANSPORT = sys.argv[1], sys.argv[2]
PATIENCE = 5
EVENTS = [
    "join_success", "users_updated", "incoming_call", "call_status", "call_accepted",
    "call_rejected", "call_ended", "ice_candidate", "pong", "signal_error",
]
OFFER = {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\no=- 3 4 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"}

rows = {}


def row(name, right, seen=None):
    """One row of the protocol: fine, or what was seen instead."""
    rows[name] = True if right else {"seen": seen}


def candidate(n):
    line = "candidate:%d 1 udp 2122260223 192.0.2.1 %d typ host" % (n, 10000 + n)
    return {"candidate": line, "sdpMid": "0", "sdpMLineIndex": 0}


class Client:
    def __init__(self, username):
        answer = requests.post(URL + "/api/login", json={"username": username, "password": "secret"}, timeout=PATIENCE)
        self.login = answer
        self.user = answer.json()["user"]
        self.inbox = {event: queue.Queue() for event in EVENTS}
        self.order = []
        self.sio = socketio.Client(reconnection=False)
        for event in EVENTS:
            self.sio.on(event, self.listener(event))
        self.sio.connect(URL, transports=[TRANSPORT])

    def listener(self, event):
        def heard(*args):
            self.order.append(event)
            self.inbox[event].put(args[0] if args else None)
        return heard

    def send(self, event, *payload):
        self.sio.emit(event, *payload)

    def next(self, event, where=lambda payload: True):
        while True:
            try:
                payload = self.inbox[event].get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError("%s waited for %s; came: %s" % (self.user["username"], event, self.order)) from None
            if where(payload):
                return payload

    def settle(self):
        """What was sent is handled, and what came of it is here."""
        for _ in range(2):
            self.send("ping")
            self.next("pong")

    def heard(self, event):
        return not self.inbox[event].empty()

    def call(self, to, call_type="video"):
        self.send("call_user", {"to": to["id"], "from": self.user, "callType": call_type, "offer": OFFER})

    def join(self):
        self.send("join", self.user)
        return self.next("join_success")


def rest_before_join(alice):
    body = alice.login.json()
    right = alice.login.status_code == 200 and sorted(body) == ["token", "user"]
    right = right and sorted(body["user"]) == ["id", "isOnline", "username"] and body["user"]["isOnline"] is False
    row("POST /api/login", right, body)
    bad = requests.post(URL + "/api/login", json={"username": "alice"}, timeout=PATIENCE)
    right = bad.status_code == 400 and bad.json()["error"] == "Username and password required"
    row("POST /api/login refused", right, bad.text)


def presence(alice, bob):
    success = alice.join()
    listed = [user["username"] for user in success["onlineUsers"]]
    right = success["message"] == "Successfully connected to the server" and listed == ["alice"]
    row("join -> join_success", right, success)
    bob.join()
    users = alice.next("users_updated", lambda users: len(users) == 2)
    right = all(sorted(user) == ["id", "isOnline", "socketId", "username"] and user["isOnline"] for user in users)
    row("users_updated", right, users)
    alice.send("ping")
    alice.next("pong")
    row("ping -> pong", True)


def rest_after_join(carol):
    get = lambda path: requests.get(URL + path, timeout=PATIENCE).json()
    users = {user["username"]: user["isOnline"] for user in get("/api/users")}
    row("GET /api/users", users == {"alice": True, "bob": True, "carol": False}, users)
    online = get("/api/online-users")
    right = sorted(user["username"] for user in online) == ["alice", "bob"] and all(user["socketId"] for user in online)
    row("GET /api/online-users", right, online)
    health = get("/health")
    right = health["status"] == "OK" and health["activeUsers"] == 2 and health["activeCalls"] == 0
    row("GET /health", right and {"timestamp", "uptime", "memory"} <= set(health), health)


def answered_call(alice, bob):
    alice.send("ice_candidate", {"to": bob.user["id"], "candidate": candidate(1)})
    alice.call(bob.user)
    incoming = bob.next("incoming_call")
    call_id = incoming["callId"]
    origin = {"id": alice.user["id"], "username": "alice"}
    right = incoming == {"callId": call_id, "from": origin, "callType": "video", "offer": OFFER}
    row("call_user -> incoming_call", right, incoming)
    status = alice.next("call_status")
    row("call_status ringing", status == {"status": "ringing", "callId": call_id}, status)
    bob.send("ice_candidate", {"to": alice.user["id"], "candidate": candidate(2)})
    bob.settle()
    alice.settle()
    row("candidates wait for the answer", not alice.heard("ice_candidate") and not bob.heard("ice_candidate"))
    bob.send("accept_call", {"callId": call_id, "answer": ANSWER})
    accepted = alice.next("call_accepted")
    row("accept_call -> call_accepted", accepted == {"callId": call_id, "answer": ANSWER}, accepted)
    to_bob, to_alice = bob.next("ice_candidate"), alice.next("ice_candidate")
    right = to_bob == {"callId": call_id, "from": alice.user["id"], "candidate": candidate(1)}
    right = right and to_alice == {"callId": call_id, "from": bob.user["id"], "candidate": candidate(2)}
    row("ice_candidate", right, [to_bob, to_alice])
    alice.send("end_call", {"callId": call_id})
    ended = bob.next("call_ended")
    row("end_call -> call_ended", ended["callId"] == call_id, ended)


def other_endings(alice, bob, carol):
    bob.call(alice.user, "audio")
    incoming = alice.next("incoming_call")
    alice.send("reject_call", {"callId": incoming["callId"]})
    rejected = bob.next("call_rejected")
    row("reject_call -> call_rejected", rejected["callId"] == incoming["callId"], rejected)
    alice.call(carol.user)
    status = alice.next("call_status", lambda status: status["status"] != "ringing")
    row("call_status user_offline", status["status"] == "user_offline", status)
    alice.call(bob.user)
    call_id = bob.next("incoming_call")["callId"]
    alice.sio.disconnect()
    ended = bob.next("call_ended")
    row("a caller who leaves -> call_ended", ended["callId"] == call_id, ended)
    users = bob.next("users_updated", lambda users: len(users) == 1)
    row("a user who leaves -> users_updated", users[0]["username"] == "bob", users)


def refusal(bob):
    """Also what is sent with too much around it, and without enough in it."""
    bob.send("accept_call", {"callId": "none", "answer": ANSWER, "unknown": {"key": [1]}})
    error = bob.next("signal_error")
    row("signal_error", error["event"] == "accept_call" and error["code"] == "call_not_found", error)
    got = bob.sio.call("call_user", {}, timeout=PATIENCE)
    row("acknowledgement", got["ok"] is False and got["error"]["code"] == "invalid_payload", got)


def main():
    alice, bob = Client("alice"), Client("bob")
    carol = Client("carol")
    failure = None
    try:
        rest_before_join(alice)
        presence(alice, bob)
        rest_after_join(carol)
        answered_call(alice, bob)
        other_endings(alice, bob, carol)
        refusal(bob)
    except AssertionError as error:
        failure = str(error)
    finally:
        for client in (alice, bob, carol):
            client.sio.disconnect()
    print(json.dumps({"transport": TRANSPORT, "rows": rows, "failure": failure}))


main()
