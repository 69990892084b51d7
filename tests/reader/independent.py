#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second client that shares nothing with the program but the published layout documents: python3-pyscard through pcscd and vpcd reads
the same cards and must find the same values as "onecardctl card read".

Usage: independent.py FOLDER_OF_COMMANDS_PY ONECARDCTL ONECARD_SIM FOLDER_OF_LAYOUTS. Prints TAP. To be run under alone.c.
"""
import datetime
import decimal
import json
import os
import sys

LAYOUTS = sys.argv.pop()
sys.dont_write_bytecode = True
import story  # noqa: E402: takes the rest of the arguments

from smartcard.System import readers  # noqa: E402: pcscd is this test's own by then

READ_MAX = 200


class Layout:
    """A card layout document, and what it says of bytes."""

    def __init__(self, name):
        with open(os.path.join(LAYOUTS, name + ".json"), encoding="utf-8") as file:
            self.document = json.load(file)
        self.areas = self.document["areas"]

    def chip(self, name):
        return next(chip for chip in self.document["chips"] if chip["chip"] == name)

    def kind(self, kind):
        return next(area for area in self.areas if area["kind"] == kind)


def whole(data):
    return int.from_bytes(data, "big")


def scaled(number, decimals):
    return format(decimal.Decimal(number).scaleb(-decimals), "f")


def in_steps(number, step):
    return format(number * decimal.Decimal(step), "f")


def bcd_time(digits):
    if set(digits) == {"0"}:
        return ""
    if len(digits) == 10:
        digits = "20" + digits
    text = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}"
    return text + (":" + digits[12:14] if len(digits) > 12 else "")


def value_of(field, data, step):
    encoding, digits = field["encoding"], data.hex().upper()
    if encoding in ("u8", "u16", "u24", "u32", "i32", "length"):
        number = whole(data)
        if encoding == "i32" and number >= 1 << 31:
            number -= 1 << 32
        return in_steps(number, step) if field.get("scale") == "step" else scaled(number, field.get("decimals", 0))
    if encoding == "bcd":
        return scaled(int(digits), field.get("decimals", 0))
    if encoding == "time":
        return bcd_time(digits)
    if encoding == "minutes":
        start = datetime.datetime(2020, 1, 1)
        return "" if not any(data) else (start + datetime.timedelta(minutes=whole(data))).strftime("%Y-%m-%d %H:%M")
    if encoding == "step":
        return ["0.01", "0.1", "1", "10"][data[0]]
    return digits  # digits, hex, and what belongs to the frame


def decode(area, data, step):
    values = {}
    for field in area["fields"]:
        repeat = field.get("repeat", 1)
        for i in range(repeat):
            at = field["at"] + i * field["length"]
            name = field["name"] + (str(i + 1) if repeat > 1 else "")
            values[name] = value_of(field, data[at:at + field["length"]], step)
    return values


class Card:
    """The card in the test's virtual reader, as anybody's program sees it."""

    def __enter__(self):
        reader = next(r for r in readers() if str(r) == story.NAME + " 00 00")
        self.connection = reader.createConnection()
        self.connection.connect()
        return self

    def __exit__(self, *unused):
        self.connection.disconnect()

    def send(self, *command):
        data, sw1, sw2 = self.connection.transmit(list(command))
        if sw1 == 0x61:
            data, sw1, sw2 = self.connection.transmit([0x00, 0xC0, 0x00, 0x00, sw2])
        assert (sw1, sw2) == (0x90, 0x00), f"{bytes(command).hex()}: {sw1:02X}{sw2:02X}"
        return bytes(data)

    def memory(self, size):
        self.send(0xFF, 0xA4, 0x00, 0x00, 0x01, 0x01)
        return b"".join(self.send(0xFF, 0xB0, at >> 8, at & 0xFF, min(READ_MAX, size - at)) for at in range(0, size, READ_MAX))

    def select(self, name):
        self.send(0x00, 0xA4, 0x00, 0x00, 0x02, *bytes.fromhex(name))

    def file(self, sfi, size):
        return b"".join(self.send(0x00, 0xB0, 0x80 | sfi, at, min(READ_MAX, size - at)) for at in range(0, size, READ_MAX))


def seen_by_program(w):
    """{area: (raw, {field: value})} and nothing else of what the program says."""
    answer = story.commands.World.ctl(w, "--reader", "pcsc:" + story.NAME, "card", "read")
    assert answer["state"] == "current", answer["state"]
    return {group["area"]: (group["raw"], {f["name"]: f["value"] for f in group["fields"]}) for group in answer["groups"]}


def compare(mine, program):
    assert mine.keys() == program.keys(), (sorted(mine), sorted(program))
    n = 0
    for area, (raw, values) in mine.items():
        assert raw == program[area][0], area
        assert values.keys() == program[area][1].keys(), area
        for name, value in values.items():
            assert value == program[area][1][name], f"{area}.{name}: {value} here, {program[area][1][name]} there"
            n += 1
    assert n > 20, n


def test_memory(w):
    w.ctl("init", "--demo")
    w.card("w", "24c04")
    w.meter("m22", "mem-24c", "000000000022", "--presale", "3")
    w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--sub-meter", story.commands.WATER + ",amount=101", card="w")
    w.insert("m22", "w")
    w.ctl("purchase", "--sub-meter", "22", "--quantity", "2.5", card="w")
    w.insert("m22", "w")
    layout = Layout("mem-24c")
    chip, header, sale, back = layout.chip("24c04"), layout.kind("H"), layout.kind("V"), layout.kind("R")
    with w.served("w"):
        with Card() as card:
            bytes_ = card.memory(chip["size"])
        program = seen_by_program(w)
    place = chip["first"] + (2 - 1) * chip["stride"]
    mine, step = {}, None
    for area, names in ((header, ["header"]), (sale, ["V2A", "V2B"]), (back, ["R2A", "R2B"])):
        for name, copy in zip(names, area["copies"]):
            at = copy if area is header else place + copy
            data = bytes_[at:at + area["size"]]
            if area is sale:
                step = decode(area, data, "0")["step"]
            mine[name] = (data.hex().upper(), decode(area, data, step or "0"))
    compare(mine, program)


def test_cpu(w):
    w.card("e", "cpu")
    w.meter("m7", "cpu-electricity-63", "000000000007", "--presale", "100", "--hoarding", "1000")
    w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--household", "3", "--sub-meter", story.commands.ELECTRIC + ",amount=100",
          card="e")
    w.insert("m7", "e")
    layout = Layout("cpu-electricity-63")
    mine = {}
    with w.served("e"):
        with Card() as card:
            card.select("3F00")
            card.select("DF01")
            for area in layout.areas:
                data = card.file(area["sfi"], area["size"])
                mine[f"DF01/{area['sfi']:02d}"] = (data.hex().upper(), decode(area, data, "0"))
        program = seen_by_program(w)
    compare(mine, program)


if __name__ == "__main__":
    sys.exit(story.main([test_memory, test_cpu]))
