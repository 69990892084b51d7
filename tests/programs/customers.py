#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers as scripts serve them: found, edited, registered before, imported by the hundred thousand, barred, paid in and out.

Usage: customers.py ONECARDCTL ONECARD_SIM. Prints TAP.
"""
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import commands  # noqa: E402
from commands import CTL, ELECTRIC  # noqa: E402

CLERK = {"ONECARD_OPERATOR": "1002", "ONECARD_PASSWORD": "1002"}


def waiting(w):
    return w.ctl("pre-registered", "list", "--limit", "1000")["count"]


def write_lines(w, name, n, last=None, encoding="gb18030"):
    with open(w.path(name), "w", encoding=encoding, newline="") as file:
        file.write("用户姓名;地址;联系电话;家庭人口\r\n")
        for i in range(n):
            file.write(f"张{i % 977}三;人民路{i // 100}号{i % 100};139{i:08d};{i % 6 or ''}\r\n")
        if last:
            file.write(last + "\r\n")


def test_init(w):
    w.ctl("init", "--demo")
    w.card("c", "cpu")
    w.ctl("open-account", "--name", "单雄信", "--address", "没有地方", "--phone", "13800000000", "--id-number", "510102199001011234",
          "--sub-meter", ELECTRIC + ",amount=100", card="c")
    w.meter("m", "cpu-electricity-63", "000000000007", "--presale", "100")
    w.insert("m", "c")


def test_find_and_edit(w):
    for text in ("1", "7", "sxx", "xx", "雄信", "有地", "1380", "000000000007"):
        rows = w.ctl("customers", "find", text)["rows"]
        assert [row["customer"] for row in rows] == [1], (text, rows)
    assert w.ctl("edit-customer", "1", "--note", "有狗", "--row-version", "1")["rows"][0]["row_version"] == 2
    w.refused("OC152", "edit-customer", "1", "--note", "有猫", "--row-version", "1")
    assert w.refused("OC040", "edit-customer", "1", "--name", " ")["field"] == "name"
    w.refused("OC053", "edit-customer", "1", "--household", "many")
    w.refused("OC050", "edit-customer", "99", "--name", "x")
    w.refused("USAGE", "edit-customer", "x", "--name", "x", expect=2)
    shown = w.ctl("customers", "show", "1", env=CLERK)["rows"][0]
    assert (shown["note"], shown["id_number"]) == ("有狗", "*" * 14 + "1234"), shown
    assert w.ctl("card", "read", card="c")["card"]["note"] == "有狗"
    w.refused("OC047", "change-meter", "1", "--sub-meter", "11", "--price", "居民水价")
    w.ctl("change-meter", "1", "--sub-meter", "11", "--price", "居民电价")


def test_pre_registered(w):
    number = w.ctl("pre-registered", "save", "--name", "王小明", "--address", "一街1号", "--phone", "13900000000", env=CLERK)["rows"][0]["pre_registered"]
    w.refused("OC153", "pre-registered", "save", "--name", "王小明", "--address", "一街1号")
    w.ctl("pre-registered", "save", str(number), "--household", "4")
    w.card("p", "cpu")
    sold = w.ctl("open-account", "--pre-registered", str(number), "--sub-meter", ELECTRIC.replace("07,", "08,") + ",amount=100", "--pay",
                 "wechat=40,cash", card="p")
    assert (sold["name"], sold["pay"]) == ("王小明", "wechat=40.00,cash=170.00"), sold
    assert waiting(w) == 0
    w.refused("OC154", "pre-registered", "delete", str(number))
    w.refused("OC154", "open-account", "--pre-registered", str(number), "--sub-meter", ELECTRIC, card="p")


def test_import_all_or_nothing(w):
    write_lines(w, "bad.csv", 99999, ";最后一街;1;2")
    done = w.ctl("customers", "import", w.path("bad.csv"), "--errors", w.path("errors.csv"), expect=1)
    assert (done["lines"], done["imported"], len(done["errors"])) == (100000, False, 1), done
    assert (done["errors"][0]["line"], done["errors"][0]["code"]) == ("100001", "OC040"), done
    assert waiting(w) == 0, "lines of a file with an error are in"
    errors = open(w.path("errors.csv"), encoding="utf-8-sig").read().splitlines()
    assert len(errors) == 2 and errors[1].startswith("100001,"), errors


def test_import_killed(w):
    """Whatever ends it before its end, nothing of it is in."""
    write_lines(w, "many.csv", 100000)
    process = subprocess.Popen([CTL, "--data", w.data, "customers", "import", w.path("many.csv")], env=w.env)
    time.sleep(2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert waiting(w) == 0


def test_import(w):
    write_lines(w, "good.csv", 5000, encoding="utf-16")
    checked = w.ctl("customers", "import", w.path("good.csv"), "--check")
    assert (checked["lines"], checked["imported"], checked["errors"], checked["encoding"]) == (5000, False, [], "UTF-16"), checked
    assert waiting(w) == 0
    assert w.ctl("customers", "import", w.path("good.csv"))["imported"] is True
    assert waiting(w) == 1000  # the most that a list shows
    assert w.ctl("pre-registered", "list", "人民路49号99")["count"] == 1
    again = w.ctl("customers", "import", w.path("good.csv"), expect=1)
    assert len(again["errors"]) == 5000 and again["errors"][0]["code"] == "OC153", again["errors"][:1]
    for content, code in (("", "OC166"), ("姓名;地址\n", "OC166"), ("谁;哪里\na;b\n", "OC165"), ('姓名;地址\n"a;b\n', "OC151"), ("a;\0b", "OC150")):
        with open(w.path("odd.csv"), "w", encoding="utf-8") as file:
            file.write(content)
        w.refused(code, "customers", "import", w.path("odd.csv"))
    w.refused("USAGE", "customers", "import", w.path("none.csv"), expect=2)


def test_lost_and_barred(w):
    w.ctl("lost", "1", env=CLERK)
    w.refused("OC022", "purchase", "--sub-meter", "11", "--amount", "50", card="c", expect=5)
    w.ctl("found", "1", env=CLERK)
    w.refused("OC001", "blacklist", "add", "1", "--reason", "欠费", env=CLERK)
    w.ctl("blacklist", "add", "1", "--meter", "7", "--reason", "欠费")
    assert "欠费" in w.refused("OC028", "purchase", "--sub-meter", "11", "--amount", "50", card="c")["message"]
    assert w.ctl("blacklist", "list")["rows"][0]["reason"] == "欠费"
    w.ctl("blacklist", "remove", "1", "--meter", "7", "--reason", "付清")
    assert w.ctl("purchase", "--sub-meter", "11", "--amount", "50", card="c")["state"] == "effective"
    assert all(row["cause"] for row in w.ctl("blacklist", "suspects", "--days", "30")["rows"])


def test_balance(w):
    paid = w.ctl("balance", "in", "--customer", "1", "--amount", "1500", "--reference", "T1", "--receipt", w.path("in.pdf"), env=CLERK)
    assert (paid["kind"], paid["due"], paid["balance"], paid["reference"]) == ("balance", "1500.00", "1500.00", "T1"), paid
    assert os.path.getsize(w.path("in.pdf")) > 1000
    assert "1500" in w.refused("OC159", "balance", "out", "--customer", "1", "--amount", "1500.01")["message"]
    w.refused("OC168", "balance", "out", "--customer", "1", "--amount", "1000", env=CLERK)
    w.ctl("--approve", "1001", "balance", "out", "--customer", "1", "--amount", "1000", env=dict(CLERK, ONECARD_APPROVE_PASSWORD="1001"))
    left = w.ctl("balance", "out", "--customer", "1", "--amount", "500", "--pay", "transfer", env=CLERK)
    assert (left["balance"], left["received"], left["pay"]) == ("0.00", "-500.00", "transfer"), left
    w.clean()


commands.TESTS = [test_init, test_find_and_edit, test_pre_registered, test_lost_and_barred, test_balance, test_import_all_or_nothing,
                  test_import_killed, test_import]

if __name__ == "__main__":
    sys.exit(commands.main())
