#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual's story through real pcscd and vpcd: onecardctl reads and writes over PC/SC, onecard-sim is the card behind it.

Usage: story.py FOLDER_OF_COMMANDS_PY ONECARDCTL ONECARD_SIM. Prints TAP. To be run under alone.c: pcscd's socket has a fixed place and
vpcd a fixed port.
"""
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))
import commands  # noqa: E402: its place is the first argument

NAME = "ACS ACR39U Virtual"
PORT = 35963
SOCKET = "/run/pcscd/pcscd.comm"
libc = ctypes.CDLL(None)


def die_with_the_test():
    libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class World(commands.World):
    """The cards go into the virtual reader instead of into onecardctl itself."""

    def __init__(self):
        super().__init__()
        self.pcscd = None
        os.mkdir(self.path("conf"))
        with open(self.path("conf/reader"), "w", encoding="ascii") as file:
            file.write(f'FRIENDLYNAME "{NAME}"\nDEVICENAME /dev/null:0x{PORT:X}\n'
                       f"LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so\nCHANNELID 0x{PORT:X}\n")
        self.start_pcscd()

    def start_pcscd(self):
        for name in (SOCKET, "/run/pcscd/pcscd.pid"):
            if os.path.exists(name):
                os.unlink(name)
        with open(self.path("pcscd.log"), "ab") as log:
            program = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin")
            self.pcscd = subprocess.Popen([program, "-f", "-i", "-c", self.path("conf")], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          preexec_fn=die_with_the_test)
        self.wait(lambda: os.path.exists(SOCKET), "pcscd does not start")

    def kill_pcscd(self):
        self.pcscd.kill()
        self.pcscd.wait()

    @staticmethod
    def wait(condition, otherwise):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, otherwise
            time.sleep(0.02)

    @contextlib.contextmanager
    def served(self, card, *options, state="present"):
        """The card is in the reader; pcscd looks every 0.4 s."""
        process = subprocess.Popen([commands.SIM, "serve", self.path(card), *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   env=self.env, preexec_fn=die_with_the_test)
        try:
            self.wait(lambda: self.card_state() == state, f"pcscd does not show the card as {state}")
            yield
        finally:
            process.kill()
            process.wait()
            self.wait(lambda: self.card_state() == "none", "pcscd still shows a card")

    def ctl(self, *args, card=None, expect=0, env=None):
        if card is None:
            return super().ctl(*args, expect=expect, env=env)
        with self.served(card):
            return super().ctl("--reader", "pcsc:" + NAME, *args, expect=expect, env=env)

    def card_state(self):
        """What pcscd says of the first slot, as the command shows it."""
        readers = super().ctl("card", "readers")
        return next(row["card"] for row in readers["rows"] if row["reader"] == NAME + " 00 00")

    def end(self):
        super().end()
        if self.pcscd.poll() is None:
            self.kill_pcscd()


def test_electricity(w):
    w.ctl("init", "--demo")
    w.card("e", "cpu")
    w.meter("m7", "cpu-electricity-63", "000000000007", "--presale", "100", "--hoarding", "1000")
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方", "--household", "3", "--sub-meter",
                   commands.ELECTRIC + ",amount=100", card="e")
    assert (opened["due"], opened["received"], opened["state"]) == ("210.00", "210.00", "effective"), opened
    assert [(t["kind"], t["due"]) for t in opened["trades"]] == [("open", "10.00"), ("purchase", "200.00")], opened
    w.refused("OC023", "purchase", "--sub-meter", "11", "--amount", "50", card="e")
    w.insert("m7", "e")
    bought = w.ctl("purchase", "--sub-meter", "11", "--amount", "50", card="e")
    assert (bought["due"], bought["purchase_count"], bought["state"]) == ("50.00", 2, "effective"), bought
    w.insert("m7", "e")
    read = w.ctl("card", "read", card="e")
    assert read["state"] == "current" and read["differences"] == 0 and read["meters"][0]["remaining"] == "250.00", read
    w.clean()


def test_water(w):
    w.card("w", "24c04")
    w.meter("m22", "mem-24c", "000000000022", "--presale", "3")
    opened = w.ctl("open-account", "--name", "吴敏", "--address", "没有地方, 2", "--sub-meter", commands.WATER + ",amount=101", card="w")
    assert (opened["due"], opened["balance"], opened["card_amount"]) == ("123.00", "0.20", "25.20"), opened
    w.insert("m22", "w")
    bought = w.ctl("purchase", "--sub-meter", "22", "--quantity", "2.5", card="w")
    assert bought["quantity"] == "2.5" and bought["balance"] == "0.00", bought
    w.refused("OC023", "purchase", "--sub-meter", "22", "--quantity", "1", card="w")
    w.insert("m22", "w")
    w.clean()


def test_nothing_to_read(w):
    """Each thing that is missing has its own words, and nothing is begun."""
    buy = ("--reader", "pcsc:" + NAME, "purchase", "--sub-meter", "22", "--quantity", "1")
    w.refused("NO_CARD", *buy, expect=5)
    w.refused("NO_READER", "--reader", "pcsc:None such", *buy[2:], expect=5)
    with w.served("w", "--upside-down", state="unresponsive"):
        w.refused("UNRESPONSIVE", *buy, expect=5)
    w.kill_pcscd()
    w.refused("NO_SERVICE", *buy, expect=5)
    w.start_pcscd()
    assert w.ctl("unfinished", "list")["count"] == 0
    w.clean()


def test_cut(w):
    """The card is pulled at each command in turn; shown again, the sale settles itself."""
    pending = done = 0
    for step in range(1, 100):
        with w.served("w", "--fault", f"pull@{step}"):
            answer = w.run(commands.CTL, "--data", w.data, "--json", "--reader", "pcsc:" + NAME, "purchase", "--sub-meter", "22", "--quantity", "1")
        if answer.returncode == 0:
            done = step
            break
        if answer.returncode == 3:
            pending += 1
            settled = w.ctl("unfinished", "settle", card="w")
            assert settled["job_state"] == "done", settled
            w.insert("m22", "w")
        else:
            assert answer.returncode == 5, answer
    assert done > 5 and pending >= 3, (done, pending)
    w.insert("m22", "w")
    assert w.ctl("unfinished", "list")["count"] == 0
    w.clean()


TESTS = [test_electricity, test_water, test_nothing_to_read, test_cut]


def main(tests):
    world = World()
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    try:
        for number, test in enumerate(tests, 1):
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
    sys.exit(main(TESTS))
