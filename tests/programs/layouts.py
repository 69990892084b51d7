#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Card layouts of a site's own: checked, refused with line and column, taken, sold with; and one CPU card that serves meters
of several types and layouts.

Usage: layouts.py ONECARDCTL ONECARD_SIM EXAMPLE. Prints TAP.
"""
import json
import os
import shutil
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = sys.argv.pop(3)
from commands import World  # noqa: E402  (reads the other arguments)

OWN = "slot=5,model=示例热水表,meter=000000000051,user-type=居民热水,price=居民热水价"
MIXED = [
    # sub-meter, layout, model, user type, price, presale and hoarding limit preset
    (11, "cpu-electricity-63", "RT-dt", "居民用电", "居民电价", "100", "1000"),
    (22, "cpu-water", "CPU卡冷水表", "居民用水", "居民阶梯水价", "3", "0"),
    (23, "cpu-water", "CPU卡冷水表", "居民用水", "居民水价", "3", "0"),
    (14, "cpu-electricity-2013", "CPU卡阶梯电表", "居民用电", "居民阶梯电价", "100", "1000"),
    (45, "cpu-water", "CPU卡热水表", "居民热水", "居民热水价", "3", "0"),
    (36, "cpu-gas", "CPU卡燃气表", "居民用气", "居民阶梯气价", "20", "0"),
    (57, "cpu-heat", "CPU卡热量表", "居民采暖", "居民热价", "100", "0"),
]


def shown(w, meter):
    done = w.run(sys.argv[2], "meter", "show", w.path(meter), "--json", "--keys-from", w.data)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def insert(w, meter, card, expect=0):
    done = w.run(sys.argv[2], "meter", "insert", w.path(meter), "--card", w.path(card), "--json", "--keys-from", w.data)
    assert done.returncode == expect, done.stdout + done.stderr
    return json.loads(done.stdout)


def write_broken(w, path):
    with open(EXAMPLE, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace('"name": "alarm_1"', '"name": "alram_1"'))
    lines = text.splitlines()
    line = next(n for n, words in enumerate(lines, 1) if '"name": "alarm_1"' in words)
    return line, lines[line - 1].index('"name"') + 1


def test_check(w):
    good = w.ctl("layouts", "check", EXAMPLE)
    assert good["layout"] == "example-hot-water" and good["family"] == "cpu" and good["areas"] == 5, good
    line, column = write_broken(w, w.path("broken.json"))
    error = w.refused("LAYOUT", "layouts", "check", w.path("broken.json"))
    assert (error["line"], error["column"]) == (line, column) and "alram_1" in error["message"], error
    w.refused("USAGE", "layouts", "check", w.path("nothing"), expect=2)


def test_broken_is_refused(w):
    os.makedirs(os.path.join(w.data, "cards"))
    os.chmod(w.data, 0o711)
    broken = os.path.join(w.data, "cards", "hot-water.json")
    line, column = write_broken(w, broken)
    error = w.ctl("init", "--demo", expect=1)["error"]
    assert f"line {line}, column {column}" in error["message"] and "hot-water.json" in error["message"], error
    shutil.copy(EXAMPLE, broken)
    assert w.ctl("init", "--demo") == {"done": True}
    write_broken(w, broken)
    error = w.ctl("db", "upgrade", expect=1)["error"]
    assert f"line {line}" in error["message"], error
    shutil.copy(EXAMPLE, broken)
    assert w.ctl("db", "upgrade") == {"done": True}


def test_own_layout(w):
    w.ctl("settings", "save", "meter-models", json.dumps(
        {"name": "示例热水表", "meter_type": "hot-water", "layout": "example-hot-water", "step": "0.01", "bore": "20"}))
    w.card("own", "cpu")
    w.meter("m51", "example-hot-water", "000000000051", "--presale", "3")
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--sub-meter", OWN + ",amount=100", card="own")
    assert opened["state"] == "effective", opened
    read = w.ctl("card", "read", card="own")
    groups = {group["area"]: group for group in read["groups"]}
    assert set(groups) == {"DF04/0A", "DF04/0B", "DF04/0C", "DF04/0D", "DF04/0E"}, sorted(groups)
    assert insert(w, "m51", "own")["purchase"] == "100"
    meter = shown(w, "m51")
    assert (meter["remaining"], meter["rate_1"], meter["alarm_1"], meter["hoarding"]) == ("103", "20", "5", "2000"), meter
    sold = w.ctl("purchase", "--sub-meter", "45", "--amount", "50.50", card="own")
    assert sold["state"] == "effective" and sold["purchase_count"] == 2, sold
    w.refused("OC023", "purchase", "--sub-meter", "45", "--amount", "50", card="own")
    back = insert(w, "m51", "own")
    assert (back["purchase"], back["remaining"]) == ("50.5", "153.5"), back
    read = w.ctl("card", "read", card="own")
    assert read["meters"][0]["remaining"] == "153.50" and read["differences"] == 0, read["meters"]
    assert {f["name"] for g in read["groups"] for f in g["fields"] if f["ledger"]} >= {"meter", "customer", "purchase", "count", "remaining", "hoarding"}
    w.clean()


def test_one_card(w):
    w.card("mixed", "cpu")
    words = []
    for sub, layout, model, user, price, presale, hoarding in MIXED:
        number = f"0000000001{sub}"
        w.meter(f"x{sub}", layout, number, "--presale", presale, "--hoarding", hoarding, "--type",
                ["", "electricity", "cold-water", "gas", "hot-water", "heat"][sub // 10])
        words += ["--sub-meter", f"slot={sub % 10},model={model},meter={number},user-type={user},price={price},amount=100"]
    w.ctl("open-account", "--name", "王八表", "--address", "七号楼", "--household", "3", *words, card="mixed")
    for sub, *_ in MIXED:
        assert insert(w, f"x{sub}", "mixed")["credited"] is True, sub
    for sub, *_ in MIXED:
        w.ctl("purchase", "--sub-meter", str(sub), "--amount", "60", card="mixed")
    for sub, *_ in MIXED:
        back = insert(w, f"x{sub}", "mixed")
        assert back["credited"] is True and back["count"] == 2, (sub, back)
    read = w.ctl("card", "read", card="mixed")
    assert {m["directory"] for m in read["meters"]} == {"DF01", "DF14", "DF02", "DF23", "DF04", "DF03", "DF05"}, read["meters"]
    assert all(m["unread"] in ("0", "0.00") for m in read["meters"]), read["meters"]
    assert read["differences"] == 0, [(g["area"], f) for g in read["groups"] for f in g["fields"] if f["differs"]]
    assert sum(field["ledger"] is not None for group in read["groups"] for field in group["fields"]) > 60
    gas = shown(w, "x36")
    assert (gas["rate_1"], gas["limit_1"], gas["rate_1_2"], gas["limit_2"], gas["rate_1_3"]) == ("2.5", "300", "3", "600", "3.75"), gas
    electric = shown(w, "x14")
    assert (electric["rate_1"], electric["limit_1"], electric["rate_1_3"]) == ("0.4883", "2520", "0.7883"), electric
    w.clean()


def test_flat_only(w):
    w.card("flat", "cpu")
    w.refused("OC017", "open-account", "--name", "赵阶", "--address", "没有地方", "--household", "3", "--sub-meter",
              "slot=1,model=RT-dt,meter=000000000991,user-type=居民用电,price=居民阶梯电价,amount=100", card="flat")


def change(w, card, how):
    """A copy of a card's file with its content changed by hand."""
    with open(w.path(card), encoding="utf-8") as file:
        content = json.load(file)
    how(content["directories"])
    with open(w.path("changed-" + card), "w", encoding="utf-8") as file:
        json.dump(content, file)
    os.chmod(w.path("changed-" + card), 0o600)
    return "changed-" + card


def fields_of(read, area):
    group = next(group for group in read["groups"] if group["area"] == area)
    return {field["name"]: field["value"] for field in group["fields"]} | {"content": group["content"]}


def test_strange_cards(w):
    """Shown by their layouts alone: blank, damaged, with files missing, and unknown to the ledger."""
    w.card("empty", "cpu")
    blank = w.ctl("card", "read", card="empty")
    assert blank["card"]["state"] == "blank" and blank["groups"] == [], blank

    def damage(directories):
        file = directories["DF02"]["files"]["01"]
        file["hex"] = file["hex"][:6] + "99" + file["hex"][8:]
    damaged = w.ctl("card", "read", card=change(w, "mixed", damage))
    assert fields_of(damaged, "DF02/01")["content"] == "damaged", damaged["groups"]
    assert fields_of(damaged, "DF02/02")["content"] == "valid"
    reasons = {meter["sub_meter"]: meter["reason_code"] for meter in damaged["meters"]}
    assert reasons[22] == "OC025" and reasons[11] == "", reasons
    w.refused("OC025", "purchase", "--sub-meter", "22", "--amount", "10", card="changed-mixed", expect=5)

    def remove(directories):
        del directories["DF03"]["files"]["02"]
    cut = w.ctl("card", "read", card=change(w, "mixed", remove))
    areas = {group["area"] for group in cut["groups"]}
    assert "DF03/01" in areas and "DF03/02" not in areas and "DF01/05" in areas, areas

    other = World()
    try:
        other.ctl("init", "--demo")
        shutil.copy(w.path("mixed"), other.path("mixed"))
        foreign = other.ctl("card", "read", card="mixed")
        assert foreign["card"]["state"] == "foreign" and foreign["card"]["reason_code"] == "OC020", foreign["card"]
        assert fields_of(foreign, "DF01/01")["n_rates"] == "63" and fields_of(foreign, "DF14/01")["n_rates"] == "32"
        assert fields_of(foreign, "DF14/03")["price3"] == "0.7883" and fields_of(foreign, "DF03/07")["tiers"] == "3"
        assert fields_of(foreign, "DF05/01")["meter"] == "000000000157"
        assert all(group["content"] in ("valid", "blank") for group in foreign["groups"]), foreign["groups"]
    finally:
        other.end()


def main():
    w = World()
    failed = 0
    tests = [test_check, test_broken_is_refused, test_own_layout, test_one_card, test_flat_only, test_strange_cards]
    try:
        print(f"1..{len(tests)}")
        for n, test in enumerate(tests, 1):
            try:
                test(w)
                print(f"ok {n} {test.__name__}", flush=True)
            except Exception:  # noqa: BLE001  every failure is told, and the rest still runs
                failed = 1
                print(f"not ok {n} {test.__name__}", flush=True)
                print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
    finally:
        w.end()
    return failed


if __name__ == "__main__":
    sys.exit(main())
