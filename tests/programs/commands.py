#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""onecardctl and onecard-sim as scripts use them: the manual's story, the words of refusals, the exit status of each.

Usage: commands.py ONECARDCTL ONECARD_SIM. Prints TAP.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

CTL, SIM = sys.argv[1:3]
ELECTRIC = "slot=1,model=RT-dt,meter=000000000007,user-type=居民用电,price=居民电价"
WATER = "slot=2,model=24C04接触式冷水表,meter=000000000022,user-type=居民用水,price=居民水价"


class World:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="oct")
        os.chmod(self.dir, 0o711)
        self.data = os.path.join(self.dir, "data")
        self.env = dict(os.environ, ONECARD_OPERATOR="1001", ONECARD_PASSWORD="1001", LC_ALL="C.UTF-8")

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, *args, env=None):
        return subprocess.run(args, env=dict(self.env, **(env or {})), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120)

    def ctl(self, *args, card=None, expect=0, env=None):
        """Answer of a command as JSON; its exit status must be the expected one."""
        reader = ["--reader", "sim:" + self.path(card)] if card else []
        done = self.run(CTL, "--data", self.data, "--json", *reader, *args, env=env)
        assert done.returncode == expect, f"{args}: {done.returncode} instead of {expect}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def refused(self, code, *args, card=None, expect=1, env=None):
        error = self.ctl(*args, card=card, expect=expect, env=env)["error"]
        assert error["code"] == code, error
        assert error["message"], error
        return error

    def sim(self, *args, expect=0):
        done = self.run(SIM, *args)
        assert done.returncode == expect, f"{args}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def card(self, name, family):
        self.sim("card", "new", self.path(name), "--family", family, "--keys-from", self.data)

    def meter(self, name, layout, number, *more):
        self.sim("meter", "new", self.path(name), "--layout", layout, "--number", number, "--keys-from", self.data, *more)

    def insert(self, meter, card, expect=0):
        return self.sim("meter", "insert", self.path(meter), "--card", self.path(card), expect=expect)

    def clean(self):
        checks = self.ctl("db", "check")
        assert checks["count"] > 10 and all(row["broken"] == 0 for row in checks["rows"]), checks

    def end(self):
        self.run(CTL, "--data", self.data, "server", "stop")
        shutil.rmtree(self.dir, ignore_errors=True)


def test_init(w):
    assert w.ctl("init", "--demo") == {"done": True}
    assert w.ctl("init", "--demo") == {"done": True}
    status = w.ctl("db", "status")
    assert status["exists"] is True and status["running"] is True
    assert "password" not in status["uri"]
    assert int(status["server"].split(".")[0]) >= 15
    w.clean()


def test_settings(w):
    models = w.ctl("settings", "list", "meter-models")
    names = [row["name"] for row in models["rows"]]
    assert "RT-dt" in names and "24C04接触式冷水表" in names
    assert models["count"] == len(names) and "name" in models["columns"]
    for kind in ("parameters", "sub-meters", "user-types", "unit", "prices", "branches", "roles", "operators"):
        assert w.ctl("settings", "list", kind)["count"] > 0, kind
    w.refused("USAGE", "settings", "list", "nonsense", expect=2)
    w.refused("USAGE", "settings", "save", "branches", "{", expect=2)
    w.refused("USAGE", "settings", "save", "operators", '{"operator": 1009, "password": "x"}', expect=2)
    w.refused("USAGE", "settings", "delete", "branches", "x", expect=2)
    # made, changed as the list shows it, refused to who comes second, taken back, deleted
    made = w.ctl("settings", "save", "branches", '{"number": 1003, "name": "南门"}')
    assert made["id"] == 1003 and made["row"]["name"] == "南门" and made["row"]["row_version"] == 1, made
    w.ctl("settings", "save", "branches", json.dumps(dict(made["row"], name="北门")))
    error = w.refused("OC113", "settings", "save", "branches", json.dumps(dict(made["row"], name="西门")))
    assert "管理员" in error["message"], error
    changed = w.ctl("settings", "save", "branches", '{"id": 1003, "name": "西门"}')
    assert w.ctl("settings", "undo", str(changed["change"]))["row"]["name"] == "北门"
    w.refused("OC119", "settings", "undo", str(changed["change"]))
    assert w.ctl("settings", "delete", "branches", "1003")["row"] is None
    assert w.refused("OC101", "settings", "save", "branches", '{"number": 1001, "name": "x"}')["field"] == "number"
    assert w.refused("OC105", "settings", "save", "user-types", '{"id": 2, "alarm_2": 10}')["field"] == "alarm_2"
    w.refused("OC110", "settings", "delete", "roles", "2")
    # a price with its version; one that changes it by more than the limit wants a second person
    w.ctl("settings", "save", "parameters", '{"approval_percent": "10"}')
    price = w.ctl("settings", "save", "prices", json.dumps({"name": "试价", "meter_type": "cold-water", "tiered": True, "period": "month", "tiers": [
        {"upper_limit": 10, "items": {"水价": 2}}, {"items": {"水价": "3.5"}}]}))
    versions = w.ctl("settings", "list", "price-versions", "--of", str(price["id"]))
    assert [(v["state"], v["tiers"], v["unit_price"]) for v in versions["rows"]] == [("current", 2, "2.00")], versions
    tiers = w.ctl("settings", "list", "price-tiers", "--of", str(versions["rows"][0]["id"]))
    assert [(t["tier"], t["upper_limit"], t["unit_price"]) for t in tiers["rows"]] == [(1, "10", "2.00"), (2, None, "3.50")], tiers
    dearer = json.dumps({"id": price["id"], "starts_at": "2099-01-01", "tiers": [{"items": {"水价": 9}}]})
    w.refused("OC117", "settings", "save", "prices", dearer)
    w.refused("WRONG_PASSWORD", "--approve", "1002", "settings", "save", "prices", dearer, env={"ONECARD_APPROVE_PASSWORD": "wrong"})
    w.refused("OC001", "--approve", "1002", "settings", "save", "prices", dearer, env={"ONECARD_APPROVE_PASSWORD": "1002"})
    w.refused("OC118", "--approve", "1001", "settings", "save", "prices", dearer, env={"ONECARD_APPROVE_PASSWORD": "1001"})
    w.ctl("settings", "save", "roles", '{"name": "主管", "permissions": "approve"}')
    w.ctl("operators", "create", "1016", "--role", "主管", "--name", "主管", env={"ONECARD_NEW_PASSWORD": "first"})
    w.ctl("passwd", env={"ONECARD_OPERATOR": "1016", "ONECARD_PASSWORD": "first", "ONECARD_NEW_PASSWORD": "second"})
    w.ctl("--approve", "1016", "settings", "save", "prices", dearer, env={"ONECARD_APPROVE_PASSWORD": "second"})
    trail = w.ctl("query", "audit", "--text", "试价")
    assert [(row["act"], row["kind"], row["approved_name"] or "") for row in trail["rows"]] == [
        ("save", "prices", "主管"), ("save", "prices", "")], trail
    fields = w.ctl("query", "audit", "--fields", str(trail["rows"][0]["id"]))
    assert ("versions.2.tiers.1.items.水价", None, "9") in [(f["field"], f["before"], f["after"]) for f in fields["rows"]], fields
    w.ctl("settings", "save", "parameters", '{"approval_percent": ""}')
    w.clean()


def test_electricity(w):
    w.card("e", "cpu")
    w.meter("m7", "cpu-electricity-63", "000000000007", "--presale", "100", "--hoarding", "1000")
    receipt = w.path("open.pdf")
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--household", "3", "--sub-meter", ELECTRIC + ",amount=100",
                   "--receipt", receipt, card="e")
    assert (opened["due"], opened["received"], opened["card_amount"], opened["state"]) == ("210.00", "210.00", "100.00", "effective")
    assert [(t["kind"], t["due"]) for t in opened["trades"]] == [("open", "10.00"), ("purchase", "200.00")]
    with open(receipt, "rb") as file:
        assert file.read(5) == b"%PDF-"
    w.refused("OC023", "purchase", "--sub-meter", "11", "--amount", "50", card="e")
    w.insert("m7", "e")
    quote = w.ctl("quote", "--sub-meter", "11", "--amount", "50", card="e")
    assert quote["rows"][0]["due"] == "50.00" and quote["rows"][0]["unit_price"] == "0.4885", quote
    bought = w.ctl("purchase", "--sub-meter", "11", "--amount", "50", "--received", "100", card="e")
    assert (bought["trade"], bought["customer"], bought["kind"], bought["sub_meter"], bought["purchase_count"]) == (3, 1, "purchase", 11, 2)
    assert (bought["due"], bought["change"], bought["card_amount"]) == ("50.00", "50.00", "50.00")
    assert bought["lines"][0]["name"] == "电价"
    w.insert("m7", "e")
    read = w.ctl("card", "read", card="e")
    assert read["state"] == "current" and read["differences"] == 0, read
    assert {g["area"] for g in read["groups"]} >= {"DF01/01", "DF01/02", "DF01/05"}
    assert read["meters"][0]["remaining"] == "250.00"
    w.clean()


def test_water(w):
    w.card("w", "24c04")
    w.meter("m22", "mem-24c", "000000000022", "--presale", "3")
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方, 2", "--sub-meter", WATER + ",amount=101", card="w")
    assert (opened["due"], opened["balance"], opened["card_amount"]) == ("123.00", "0.20", "25.20"), opened
    w.insert("m22", "w")
    bought = w.ctl("purchase", "--sub-meter", "22", "--quantity", "2.5", "--pay", "wechat", card="w")
    assert bought["quantity"] == "2.5" and bought["due"] == "9.80" and bought["balance"] == "0.00", bought
    w.refused("OC023", "purchase", "--sub-meter", "22", "--quantity", "1", card="w")
    w.insert("m22", "w")
    w.refused("OC015", "purchase", "--sub-meter", "22", "--quantity", "0.25", card="w")
    w.clean()


def test_two_meters(w):
    """Two meters of one type with a tiered price: the first one's purchase counts into the second one's tiers, in the quote as in the sale."""
    meter = "slot={},model=24C04接触式冷水表,meter={},user-type=居民用水,price=居民阶梯水价,quantity={}"
    form = ["open-account", "--name", "两表", "--address", "b", "--household", "3"]
    both = form + ["--sub-meter", meter.format(3, 33, 50), "--sub-meter", meter.format(2, 32, 170)]
    quote = w.ctl(*both, "--quote")
    # 3 of presale and 170; 3 more, then 4 until the tier ends at 180, and 46 at the next one's price; 10 for the account
    assert [(row["slot"], row["tier"], row["quantity"]) for row in quote["rows"] if row["item_name"] == "水价"] \
        == [(2, 1, "170"), (3, 1, "4"), (3, 2, "46")], quote
    assert quote["due"] == "877.18", quote
    w.card("two", "24c04")
    refused = form + ["--sub-meter", meter.format(2, 32, 170), "--sub-meter", meter.format(3, 33, "0.25")]
    assert w.refused("OC015", *refused, card="two")["slot"] == 3
    opened = w.ctl(*both, card="two")
    assert opened["due"] == "877.18", opened
    w.clean()


def test_bad_amounts(w):
    for text, code in (("0", "OC010"), ("-1", "OC010"), ("1e9", "OC010"), ("0.001", "OC014"), ("501", "OC011"), ("x", "OC010")):
        error = w.refused(code, "purchase", "--sub-meter", "11", "--amount", text, card="e")
        assert error["field"] == "amount", error
    # 250 are in the meter; full-width digits are digits
    assert w.ctl("purchase", "--sub-meter", "11", "--amount", "４５０", card="e")["due"] == "450.00"
    w.insert("m7", "e")
    w.refused("OC012", "purchase", "--sub-meter", "11", "--amount", "301", card="e")
    w.clean()


def test_bad_cards(w):
    w.refused("OTHER", "card", "read", card="missing", expect=5)
    w.card("blank", "cpu")
    w.refused("OC020", "purchase", "--sub-meter", "11", "--amount", "1", card="blank", expect=5)
    w.refused("OC024", "open-account", "--name", "a", "--address", "b", "--sub-meter", ELECTRIC.replace("007", "008") + ",amount=1", card="e",
              expect=5)
    w.refused("OC036", "open-account", "--name", "a", "--address", "b", "--sub-meter", WATER.replace("022", "023") + ",amount=10", card="blank",
              expect=5)
    assert w.ctl("card", "read", card="blank")["state"] == "blank"
    # another maker's card, which has no such file: how it answers the reader tells what it is
    w.refused("UNREADABLE", "--fault", "sw@2=6A82", "card", "read", card="blank", expect=5)
    other = w.run(CTL, "--data", w.data, "--reader", "sim:" + w.path("blank"), "--fault", "sw@2=6A82", "card", "read")
    assert other.returncode == 5 and "ATR" in other.stdout and "3B" in other.stdout, other
    w.clean()


def test_bad_forms(w):
    w.card("fresh", "cpu")
    good = ELECTRIC.replace("007", "009")
    long = "名" * 10000
    for code, field, name, address, meter in (
            ("OC042", "name", long, "b", good), ("OC040", "name", "", "b", good), ("OC041", "address", "a", " ", good),
            ("OC042", "name", "a\x01b", "b", good), ("OC045", "meter", "a", "b", ELECTRIC), ("OC047", "model", "a", "b", good.replace("RT-dt", "no")),
            ("OC044", "meter", "a", "b", good.replace("000000000009", "x")), ("OC046", "slot", "a", "b", good.replace("slot=1", "slot=9"))):
        error = w.refused(code, "open-account", "--name", name, "--address", address, "--sub-meter", meter + ",amount=10", card="fresh")
        assert error["field"] == field, (error, field)
    w.refused("USAGE", "open-account", "--name", "a", "--address", "b", "--sub-meter", good + ",colour=red", card="fresh", expect=2)
    w.refused("USAGE", "open-account", "--name", "a", "--address", "b", card="fresh", expect=2)
    opened = w.ctl("open-account", "--name", "O'Brien \"😀\"; --", "--address", "1\\2", "--sub-meter", good + ",amount=10", card="fresh")
    assert opened["name"] == "O'Brien \"😀\"; --"
    found = w.ctl("customers", "find", "O'Brien")
    assert found["count"] == 1 and found["rows"][0]["address"] == "1\\2", found
    w.clean()


def test_exit_status(w):
    w.refused("WRONG_PASSWORD", "home", env={"ONECARD_PASSWORD": "nonsense"})
    w.refused("USAGE", "frob", expect=2)
    w.refused("USAGE", "purchase", "--sub-meter", "11", card="e", expect=2)
    w.refused("USAGE", "home", "--no-such-option", expect=2)
    w.refused("USAGE", "--reader", "floppy:1", "card", "read", expect=2)
    w.refused("CLUSTER", "--data", w.path("nothing"), "home", expect=4)
    assert not os.path.exists(w.path("nothing"))
    # operator 1002 may sell but not look at settings of roles
    w.refused("OC001", "settings", "list", "roles", env={"ONECARD_OPERATOR": "1002", "ONECARD_PASSWORD": "1002"})


def test_unfinished(w):
    w.insert("m22", "w")
    # pulled while it is read: nothing is begun; pulled while it is written: it is on the list
    for step in range(2, 100):
        done = w.run(CTL, "--data", w.data, "--json", "--reader", "sim:" + w.path("w"), "--fault", f"pull@{step}", "purchase", "--sub-meter",
                     "22", "--quantity", "1")
        if done.returncode != 5:
            break
    assert done.returncode == 3 and json.loads(done.stdout)["error"]["code"] == "OC031", done
    w.step = step
    listed = w.ctl("unfinished", "list")
    assert listed["count"] == 1 and listed["rows"][0]["name"] == "吴敏", listed
    # the one number is in the refusal, in the list and in the outcome, and says which one to settle
    number = str(listed["rows"][0]["number"])
    assert f"job {number} " in json.loads(done.stdout)["error"]["message"], done.stdout
    w.refused("USAGE", "unfinished", "settle", "--job", "999999", card="w", expect=2)
    settled = w.ctl("unfinished", "settle", "--job", number, card="w")
    assert settled["job_state"] == "done" and settled["state"] == "effective" and str(settled["job_number"]) == number, settled
    assert w.ctl("unfinished", "list")["count"] == 0
    w.insert("m22", "w")
    w.clean()


def test_killed(w):
    """Killed at a command of the card: what was begun is found, and settles itself."""
    done = w.run(CTL, "--data", w.data, "--json", "--reader", "sim:" + w.path("w"), "--fault", f"killed@{w.step}", "purchase", "--sub-meter", "22",
                 "--quantity", "1")
    assert done.returncode == -9, done
    settled = w.ctl("unfinished", "settle", card="w")
    assert settled["job_state"] == "done", settled
    w.insert("m22", "w")
    w.clean()


def test_operators(w):
    w.ctl("operators", "create", "1005", "--role", "营业员", "--name", "新人", "--branch", "1002", env={"ONECARD_NEW_PASSWORD": "first"})
    new = {"ONECARD_OPERATOR": "1005", "ONECARD_PASSWORD": "first"}
    w.refused("OC003", "home", env=new)
    w.refused("OC081", "passwd", env=dict(new, ONECARD_NEW_PASSWORD="abc"))
    w.ctl("passwd", env=dict(new, ONECARD_NEW_PASSWORD="second"))
    new["ONECARD_PASSWORD"] = "second"
    w.ctl("home", env=new)
    w.ctl("operators", "lock", "1005")
    w.refused("LOCKED", "home", env=new)
    w.ctl("operators", "unlock", "1005")
    w.ctl("home", env=new)
    w.ctl("operators", "reset-password", "1005", env={"ONECARD_NEW_PASSWORD": "third"})
    w.refused("OC003", "home", env=dict(new, ONECARD_PASSWORD="third"))
    w.ctl("operators", "delete", "1005")
    w.refused("WRONG_PASSWORD", "home", env=dict(new, ONECARD_PASSWORD="third"))
    w.clean()


def test_server(w):
    w.ctl("server", "stop")
    w.refused("UNREACHABLE", "server", "status", expect=4)
    assert w.ctl("home")["count"] == 1      # any other command starts it
    w.ctl("server", "status")
    w.ctl("db", "upgrade")
    w.clean()


def test_shared(w):
    """A database on a server that several stations share; here the private one, asked as its administrator."""
    server = w.ctl("db", "status")["uri"].replace(" dbname=onecard", "")
    with open(os.path.join(w.data, "superuser.password"), encoding="utf-8") as file:
        administrator = {"PGUSER": "postgres", "PGPASSWORD": file.read().strip(), "ONECARD_OWNER_PASSWORD": "owner's own"}
    w.refused("USAGE", "db", "create", "--server", server, expect=2)
    w.refused("INTERNAL", "db", "create", "--server", server, "--name", "Bad Name", expect=4, env=administrator)
    w.refused("INTERNAL", "db", "create", "--server", server, "--name", "town", "--time-zone", "Mars/City", expect=4, env=administrator)
    w.ctl("db", "create", "--server", server, "--name", "town", "--time-zone", "Pacific/Kiritimati", env=administrator)
    w.ctl("db", "create", "--server", server, "--name", "town", env=administrator)    # keeps it
    config = w.path("config")
    os.makedirs(os.path.join(config, "onecard"))
    with open(os.path.join(config, "onecard", "profiles.ini"), "w", encoding="utf-8") as file:
        file.write(f"[town]\nuri={server} dbname=town\n")
    shared = {"XDG_CONFIG_HOME": config, "ONECARD_NEW_PASSWORD": "better", "ONECARD_OWNER_PASSWORD": "owner's own"}
    w.refused("OC003", "--profile", "town", "home", env=shared)
    w.ctl("--profile", "town", "passwd", env=shared)
    shared["ONECARD_PASSWORD"] = "better"
    assert w.ctl("--profile", "town", "home", env=shared)["rows"][0]["customers"] == 0
    assert all(row["broken"] == 0 for row in w.ctl("--profile", "town", "db", "check", env=shared)["rows"])
    w.ctl("--profile", "town", "db", "upgrade", env=shared)
    status = w.ctl("--profile", "town", "db", "status", env=dict(shared, PGTZ="America/New_York"))
    assert status["time_zone"] == "Pacific/Kiritimati" and "town" in status["uri"], status
    assert w.ctl("db", "status")["time_zone"] not in ("", "Pacific/Kiritimati")
    w.refused("WRONG_PASSWORD", "--profile", "town", "db", "check", env=dict(shared, ONECARD_OWNER_PASSWORD="x"))
    w.refused("USAGE", "--profile", "village", "home", expect=2, env=shared)
    assert w.ctl("home")["rows"][0]["customers"] > 0


def test_fill(w):
    filled = w.ctl("--data", w.path("many"), "init", "--demo")
    assert filled == {"done": True}
    w.ctl("--data", w.path("many"), "db", "fill", "--customers", "50", "--trades", "400", "--seed", "7")
    assert w.ctl("--data", w.path("many"), "home")["rows"][0]["customers"] == 50
    assert all(row["broken"] == 0 for row in w.ctl("--data", w.path("many"), "db", "check")["rows"])
    w.ctl("--data", w.path("many"), "server", "stop")


def test_help(w):
    for program in (CTL, SIM):
        for option in ("--help", "--version"):
            done = w.run(program, option)
            assert done.returncode == 0 and done.stdout, (program, option, done)


def test_omnikey(w):
    """An SLE4442 in an OMNIKEY reader, from the opening to the second purchase."""
    w.ctl("settings", "save", "meter-models", json.dumps({"name": "4442水表", "meter_type": "cold-water", "layout": "mem-4442", "chip": "4442",
                                                        "step": "0.1"}))
    w.card("s", "4442")
    w.meter("m23", "mem-4442", "000000000023", "--presale", "3")
    water = "slot=2,model=4442水表,meter=000000000023,user-type=居民用水,price=居民水价"
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--sub-meter", water + ",amount=100", card="s,omnikey")
    assert opened["state"] == "effective", opened
    w.insert("m23", "s")
    bought = w.ctl("purchase", "--sub-meter", "22", "--quantity", "2.5", card="s,acs")
    assert bought["purchase_count"] == 2, bought
    w.refused("UNREADABLE", "card", "read", card="s,plain", expect=5)
    w.insert("m23", "s")
    read = w.ctl("card", "read", card="s,omnikey")
    assert read["state"] == "current" and read["differences"] == 0 and read["meters"][0]["unread"] == "0.00", read
    w.clean()


def test_keys(w):
    """Two people, a component each."""
    one, other = {"ONECARD_KEY_COMPONENT": "0011 2233 4455 6677 8899 AABB CCDD EEFF"}, {"ONECARD_OPERATOR": "1006", "ONECARD_PASSWORD": "second"}
    roles = w.ctl("settings", "save", "roles", json.dumps({"name": "密钥员", "permissions": "keys"}))
    assert roles, roles
    w.ctl("operators", "create", "1006", "--role", "密钥员", "--name", "乙", "--branch", "1001", env={"ONECARD_NEW_PASSWORD": "first"})
    w.ctl("passwd", env=dict(other, ONECARD_PASSWORD="first", ONECARD_NEW_PASSWORD="second"))
    first = w.ctl("keys", "load", "cpu-mac", env=one)
    assert first["version"] is None and len(first["component_check"]) == 6, first
    w.refused("OC076", "keys", "load", "cpu-mac", env=dict(other, ONECARD_KEY_COMPONENT="no"))
    w.refused("OC074", "keys", "load", "cpu-mac", env=dict(other, **one))
    second = w.ctl("keys", "load", "cpu-mac", env=dict(other, ONECARD_KEY_COMPONENT="FF" * 16))
    assert second["version"] == 2 and len(second["check_value"]) == 6, second
    rows = w.ctl("keys", "status", env=other)["rows"]
    assert [(row["version"], row["state"]) for row in rows if row["purpose"] == "cpu-mac"] == [(2, "in-force"), (1, "old")], rows
    assert "secret" not in rows[0]
    w.refused("OC001", "keys", "status", env={"ONECARD_OPERATOR": "1002", "ONECARD_PASSWORD": "1002"})


def test_station_reader(w):
    """The station remembers its reader without the numbers behind its name."""
    assert w.ctl("station", "reader") == {"reader": "any"}
    assert w.ctl("station", "reader", "pcsc:None such 00 00,omnikey") == {"reader": "pcsc:None such,omnikey"}
    w.refused("USAGE", "station", "reader", "nonsense", expect=2)
    refusal = w.ctl("card", "read", expect=5)["error"]["code"]
    assert refusal in ("NO_READER", "NO_SERVICE"), refusal
    assert w.ctl("station", "reader", "any") == {"reader": "any"}


TESTS = [test_init, test_settings, test_electricity, test_water, test_two_meters, test_omnikey, test_bad_amounts, test_bad_cards, test_bad_forms, test_exit_status,
         test_unfinished, test_killed, test_operators, test_keys, test_station_reader, test_server, test_shared, test_fill,
         test_help]


def main():
    world = World()
    print(f"1..{len(TESTS)}", flush=True)
    failed = 0
    try:
        for number, test in enumerate(TESTS, 1):
            try:
                test(world)
                print(f"ok {number} {test.__name__}", flush=True)
            except Exception as error:    # what went wrong is the test's answer, whatever it is
                failed += 1
                print(f"not ok {number} {test.__name__}")
                for line in f"{type(error).__name__}: {error}".splitlines():
                    print("# " + line)
                sys.stdout.flush()
    finally:
        world.end()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
