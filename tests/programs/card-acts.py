#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of cards and of what was bought, as scripts do it: the manual's day, selling anew, cards replaced and cleared, accounts closed;
the books are checked after each.

Usage: card-acts.py ONECARDCTL ONECARD_SIM. Prints TAP.
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import commands  # noqa: E402
from commands import ELECTRIC, WATER  # noqa: E402

SECOND = ["--approve", "1016"]
SECOND_ENV = {"ONECARD_APPROVE_PASSWORD": "second"}


def open_electric(w, card, number, name="吴敏", amount="100"):
    """An account with one electricity meter, whose card was not in it yet."""
    w.card(card, "cpu")
    w.meter("m" + number[-2:], "cpu-electricity-63", number, "--presale", "100", "--hoarding", "1000")
    return w.ctl("open-account", "--name", name, "--address", "没有地方", "--household", "3", "--sub-meter",
                 ELECTRIC.replace("000000000007", number) + ",amount=" + amount, card=card)


def open_water(w, card, number, name="王小明", quantity="10"):
    w.card(card, "24c04")
    w.meter("m" + number[-2:], "mem-24c", number, "--presale", "3", "--hoarding", "2000")
    return w.ctl("open-account", "--name", name, "--address", "有地方", "--sub-meter", WATER.replace("000000000022", number) + ",quantity=" + quantity,
                 card=card)


def said(answer, *names):
    return tuple(answer[name] for name in names)


def balance(w, customer):
    return w.ctl("customers", "show", str(customer))["rows"][0]["balance"]


def test_init(w):
    w.ctl("init", "--demo")
    w.ctl("settings", "save", "roles", '{"name": "主管", "permissions": "approve"}')
    w.ctl("operators", "create", "1016", "--role", "主管", "--name", "主管", env={"ONECARD_NEW_PASSWORD": "first"})
    w.ctl("passwd", env={"ONECARD_OPERATOR": "1016", "ONECARD_PASSWORD": "first", "ONECARD_NEW_PASSWORD": "second"})


def test_day(w):
    """The manual's day: account 10, purchase with presale 200, card 10."""
    opened = open_electric(w, "day", "000000000007")
    assert [said(t, "trade", "kind", "due") for t in opened["trades"]] == [(1, "open", "10.00"), (2, "purchase", "200.00")], opened
    w.card("day-2", "cpu")
    replaced = w.ctl("replace-card", "--customer", "1", "--received", "20", "--expected-due", "10", "--receipt", w.path("day.pdf"), card="day-2")
    assert said(replaced, "trade", "kind", "customer", "due", "received", "change", "state") \
        == (3, "replace-card", 1, "10.00", "10.00", "10.00", "effective"), replaced
    with open(w.path("day.pdf"), "rb") as file:
        assert file.read(5) == b"%PDF-"
    # what was bought is on the new card, the old one buys nothing; its meter takes it once
    read = w.ctl("card", "read", card="day-2")
    assert said(read["meters"][0], "purchase_count", "unread") == (1, "100.00"), read
    w.refused("OC022", "purchase", "--sub-meter", "11", "--amount", "1", card="day", expect=5)
    w.insert("m07", "day-2")
    assert "Remaining 200" in w.insert("m07", "day")    # it never was in this meter, which so can't know that it is the older one
    assert w.ctl("card", "read", card="day-2")["meters"][0]["remaining"] == "200.00"
    assert w.ctl("home")["rows"][0]["received"] == "220.00"
    w.clean()


def test_anew(w):
    """Up and down, by money and by quantity; what goes back is held until the meter has answered."""
    assert open_electric(w, "e", "000000000008")["customer"] == 2
    more = w.ctl("re-purchase", "--sub-meter", "11", "--amount", "150", "--expected-due", "50", card="e")
    assert said(more, "kind", "purchase_count", "card_amount", "due", "held", "balance") == ("re-purchase", 1, "150.00", "50.00", "0.00", "0.00"), more
    less = w.ctl("re-purchase", "--sub-meter", "11", "--amount", "80", "--expected-due", "-70", card="e")
    assert said(less, "purchase_count", "card_amount", "due", "held", "balance") == (1, "80.00", "0.00", "70.00", "70.00"), less
    assert less["trades"][0]["reverses"] == more["trade"], less
    w.refused("OC159", "balance", "out", "--customer", "2", "--amount", "1")
    w.insert("m08", "e")
    assert w.ctl("card", "read", card="e")["meters"][0]["remaining"] == "180.00"
    w.refused("OC170", "re-purchase", "--sub-meter", "11", "--amount", "10", card="e")
    w.ctl("purchase", "--sub-meter", "11", "--amount", "1", card="e")    # it looks at the return data, which agree
    w.ctl("balance", "out", "--customer", "2", "--amount", "70")
    # water, in steps: taken back altogether, sold again
    water = open_water(w, "w", "000000000022")
    assert said(water, "customer", "due") == (3, "62.00"), water
    gone = w.ctl("re-purchase", "--sub-meter", "22", "--quantity", "0", card="w")
    assert said(gone, "card_amount", "due", "held") == ("0.00", "0.00", "40.00"), gone
    again = w.ctl("re-purchase", "--sub-meter", "22", "--quantity", "5", "--pay", "wechat", card="w")
    assert said(again, "card_amount", "due", "held", "balance") == ("5.00", "20.00", "0.00", "40.00"), again
    w.insert("m22", "w")
    w.ctl("purchase", "--sub-meter", "22", "--quantity", "11", card="w")
    assert balance(w, 3) == "0.00"
    w.clean()


def test_paid_out(w):
    """What goes back is paid out at once by a second person's word, which no memory card goes without."""
    open_water(w, "out", "000000000023", "单雄信")
    form = ["re-purchase", "--sub-meter", "22", "--quantity", "4", "--pay-out"]
    w.refused("OC172", *form, card="out")
    w.refused("OC118", "--approve", "1001", *form, card="out", env={"ONECARD_APPROVE_PASSWORD": "1001"})
    paid = w.ctl(*SECOND, *form, "--receipt", w.path("out.pdf"), card="out", env=SECOND_ENV)
    assert said(paid, "card_amount", "due", "received", "held", "balance") == ("4.00", "-24.00", "-24.00", "0.00", "0.00"), paid
    # a CPU card proves what it holds: only from the limit on
    open_electric(w, "big", "000000000009", "程咬金", "450")
    w.ctl("re-purchase", "--sub-meter", "11", "--amount", "440", "--pay-out", card="big")
    w.ctl("settings", "save", "parameters", '{"approval_amount": "100"}')
    form = ["re-purchase", "--sub-meter", "11", "--amount", "0", "--pay-out"]
    assert "100" in w.refused("OC168", *form, card="big")["message"]
    gone = w.ctl(*SECOND, *form, card="big", env=SECOND_ENV)
    assert said(gone, "card_amount", "due") == ("0.00", "-440.00"), gone
    w.clean()


def test_recycled(w):
    """A card that was replaced is cleared, and is the next customer's; one that holds a purchase is not."""
    cleared = w.ctl("clear-card", card="day")
    assert said(cleared, "kind", "due", "state") == ("clear-card", "0.00", "effective"), cleared
    assert w.ctl("card", "read", card="day")["state"] == "blank"
    opened = w.ctl("open-account", "--name", "秦琼", "--address", "b", "--sub-meter", ELECTRIC.replace("007", "010") + ",amount=50", card="day")
    assert opened["card_amount"] == "50.00"
    assert "000000000010" in w.refused("OC173", "clear-card", card="day")["message"]
    w.card("blank", "cpu")
    w.refused("OC020", "clear-card", card="blank", expect=5)
    w.clean()


def test_closed(w):
    """The balance and what no meter has taken go back, in one payment; nothing is left of the customer but his history."""
    opened = open_electric(w, "last", "000000000011", "罗成", "60")
    number = opened["customer"]
    w.ctl("balance", "in", "--customer", str(number), "--amount", "5.50")
    w.refused("OC033", "close-account", "--customer", "1", card="last", expect=5)
    w.refused("OC037", "close-account", "--customer", str(number), "--expected-due", "60", card="last")
    closed = w.ctl("close-account", "--customer", str(number), "--expected-due", "65.5", "--receipt", w.path("closed.pdf"), card="last")
    assert said(closed, "kind", "due", "balance", "state") == ("close", "-65.50", "0.00", "effective"), closed
    assert [t["due"] for t in closed["trades"]] == ["-5.50", "-60.00"], closed
    assert closed["trades"][1]["reverses"] == opened["trades"][1]["trade"], closed
    assert w.ctl("card", "read", card="last")["state"] == "blank"
    assert w.ctl("customers", "show", str(number))["rows"][0]["state"] == "closed"
    w.refused("OC051", "replace-card", "--customer", str(number), card="last")
    # a memory card's purchase never goes back without a second person
    opened = open_water(w, "dry", "000000000024", "尉迟恭")
    form = ["close-account", "--customer", str(opened["customer"]), "--pay", "transfer", "--reference", "T 1"]
    w.refused("OC172", *form, card="dry")
    assert w.ctl(*SECOND, *form, card="dry", env=SECOND_ENV)["due"] == "-40.00"
    w.clean()


def test_meters(w):
    """A second meter on the card; then the first one breaks, and the new one takes over what it held and what was not put in it."""
    number = open_electric(w, "two", "000000000013", "徐茂公")["customer"]
    w.insert("m13", "two")
    w.meter("m14", "cpu-electricity-63", "000000000014", "--presale", "100", "--hoarding", "1000")
    second = "slot=4,model=RT-dt,meter=000000000014,user-type=居民用电,price=居民电价,amount=30"
    w.refused("OC037", "add-sub-meter", "--sub-meter", second, "--expected-due", "30", card="two")
    added = w.ctl("add-sub-meter", "--sub-meter", second, "--expected-due", "130", "--receipt", w.path("added.pdf"), card="two")
    assert said(added, "kind", "customer", "card_amount", "due", "state") == ("add-meter", number, "30.00", "130.00", "effective"), added
    w.insert("m14", "two")
    w.refused("OC046", "add-sub-meter", "--sub-meter", second, card="two")
    w.ctl("purchase", "--sub-meter", "11", "--amount", "50", card="two")
    w.meter("m15", "cpu-electricity-63", "000000000015", "--presale", "100", "--hoarding", "1000")
    form = ["replace-meter", "--sub-meter", "11", "--meter", "000000000015"]
    w.refused("OC176", *form, "--remaining", "200.01", card="two")
    w.refused("OC177", *form, "--remaining", "much", card="two")
    changed = w.ctl(*form, "--remaining", "180.5", "--expected-due", "100", "--receipt", w.path("changed.pdf"), card="two")
    assert said(changed, "kind", "due", "state", "purchase_count", "card_amount") == ("replace-meter", "100.00", "effective", 1, "130.50"), changed
    assert said(changed["trades"][0], "old_meter", "carried") == ("000000000013", "230.50"), changed
    w.insert("m13", "two", expect=1)
    w.insert("m15", "two")
    assert w.ctl("card", "read", card="two")["meters"][0]["remaining"] == "230.50"
    # who leaves gets back what was bought for a meter that never took it, through two changes of the meter
    bought = w.ctl("purchase", "--sub-meter", "11", "--amount", "40", card="two")
    w.ctl("replace-meter", "--sub-meter", "11", "--meter", "000000000016", card="two")
    w.ctl("replace-meter", "--sub-meter", "11", "--meter", "000000000017", card="two")
    form = ["close-account", "--customer", str(number)]
    w.refused("OC172", *form, card="two")
    closed = w.ctl(*SECOND, *form, card="two", env=SECOND_ENV)
    assert said(closed, "due", "state") == ("-40.00", "effective"), closed
    assert closed["trades"][1]["reverses"] == bought["trades"][0]["trade"], closed
    w.clean()


def test_decided(w):
    """A copy of a memory card brings what was paid back: the meter says so, and is barred until two persons have decided."""
    number = open_water(w, "cw", "000000000032", "侯君集")["customer"]
    shutil.copy(w.path("cw"), w.path("copy"))
    w.ctl("re-purchase", "--sub-meter", "22", "--quantity", "0", card="cw")
    w.insert("m32", "copy")
    w.insert("m32", "cw")
    w.refused("OC038", "purchase", "--sub-meter", "22", "--quantity", "1", card="cw")
    listed = [r for r in w.ctl("unfinished", "list")["rows"] if r["state"] == "conflict"]
    assert [said(r, "reason", "detail", "customer") for r in listed] == [("held", "meter=10\nledger=0", number)], listed
    form = ["unfinished", "decide", "--conflict", str(listed[0]["conflict"]), "--note", "复制卡", "--decision"]
    w.refused("USAGE", *form[:-1], expect=2)
    assert w.refused("OC161", *form[:4], "--note", " ", "--decision", "withhold")["field"] == "note"
    assert w.refused("OC181", *form, "dismiss")["field"] == "decision"
    w.refused("OC183", *form, "withhold")
    w.refused("OC118", "--approve", "1001", *form, "withhold", env={"ONECARD_APPROVE_PASSWORD": "1001"})
    again = ["--request", "7d1f0a54-1c1e-4b7e-8f0f-3f0c9a2b6d01"]
    decided = w.ctl(*SECOND, *form, "withhold", *again, env=SECOND_ENV)["rows"][0]
    assert said(decided, "decision", "note", "approved_by", "customer", "amount") == ("withhold", "复制卡", 1016, number, "40.00"), decided
    assert w.ctl(*form, "withhold", *again)["rows"] == [decided]
    w.refused("OC005", *form, "release", *again)
    w.refused("OC180", *SECOND, *form, "release", env=SECOND_ENV)
    assert balance(w, number) == "0.00"
    assert w.ctl("unfinished", "list")["count"] == 0
    w.ctl("purchase", "--sub-meter", "22", "--quantity", "1", card="cw")
    w.clean()


def test_bad_input(w):
    w.card("empty", "cpu")
    w.refused("USAGE", "replace-card", card="empty", expect=2)
    w.refused("USAGE", "replace-card", "--customer", "x", card="empty", expect=2)
    w.refused("USAGE", "close-account", card="e", expect=2)
    w.refused("USAGE", "clear-card", "--pay", "cash", card="e", expect=2)
    w.refused("USAGE", "re-purchase", "--sub-meter", "11", card="e", expect=2)
    w.refused("USAGE", "re-purchase", "--sub-meter", "11", "--amount", "1", "--quantity", "1", card="e", expect=2)
    w.refused("USAGE", "replace-card", "--customer", "1", "--request", "nonsense", card="empty", expect=2)
    w.refused("USAGE", "add-sub-meter", card="e", expect=2)
    w.refused("USAGE", "replace-meter", "--sub-meter", "11", card="e", expect=2)
    w.refused("OC050", "replace-card", "--customer", "99", card="empty")
    w.refused("OC037", "replace-card", "--customer", "1", "--expected-due", "11", card="empty")
    w.refused("OC055", "replace-card", "--customer", "1", "--received", "9", card="empty")
    w.refused("OC054", "replace-card", "--customer", "1", "--pay", "shells", card="empty")
    w.refused("OC024", "replace-card", "--customer", "1", card="e", expect=5)
    w.card("water", "24c04")
    w.refused("OC036", "replace-card", "--customer", "1", card="water", expect=5)
    for text, code in (("-1", "OC010"), ("x", "OC010"), ("0.001", "OC014"), ("501", "OC011")):
        assert w.refused(code, "re-purchase", "--sub-meter", "11", "--amount", text, card="e")["field"] == "amount"
    w.refused("OC171", "re-purchase", "--sub-meter", "11", "--amount", "1", card="e")
    w.refused("OC029", "re-purchase", "--sub-meter", "14", "--amount", "2", card="e")
    w.refused("OTHER", "clear-card", card="missing", expect=5)
    clerk = {"ONECARD_OPERATOR": "1016", "ONECARD_PASSWORD": "second"}
    w.refused("OC001", "replace-card", "--customer", "1", card="empty", env=clerk)
    w.clean()


def test_repeated(w):
    """The same request again is the first one's answer; the same of other content is refused."""
    request = "5b4c8a52-6f0e-4d7c-9a63-7f7c3a8e1d11"
    first = w.ctl("replace-card", "--customer", "2", "--request", request, card="empty")
    w.refused("OC005", "replace-card", "--customer", "1", "--request", request, card="empty")
    assert w.ctl("home")["rows"][0]["unfinished"] == 0
    assert first["due"] == "10.00"
    w.clean()


def test_lost_while_written(w):
    """The card is gone in the middle of a purchase: the new one has it, and nothing is sold twice."""
    number = open_electric(w, "gone", "000000000012", "牛进达")["customer"]
    w.insert("m12", "gone")
    for step in range(3, 100):
        done = w.run(commands.CTL, "--data", w.data, "--json", "--reader", "sim:" + w.path("gone"), "--fault", f"pull@{step}", "purchase",
                     "--sub-meter", "11", "--amount", "30")
        if done.returncode != 5:
            break
    assert done.returncode == 3, done
    w.card("found", "cpu")
    replaced = w.ctl("replace-card", "--customer", str(number), card="found")
    assert replaced["state"] == "effective", replaced
    assert w.ctl("unfinished", "list")["count"] == 0
    read = w.ctl("card", "read", card="found")
    assert said(read["meters"][0], "purchase_count", "unread") == (2, "30.00"), read
    w.insert("m12", "found")
    w.insert("m12", "gone", expect=1)
    w.clean()


TESTS = [test_init, test_day, test_anew, test_paid_out, test_recycled, test_closed, test_meters, test_decided, test_bad_input, test_repeated,
         test_lost_while_written]

if __name__ == "__main__":
    commands.TESTS = TESTS
    sys.exit(commands.main())
