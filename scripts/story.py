#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of the manual without a window: an account is opened, the meter takes the card, more is sold, a card is pulled
out in the middle. Every figure is checked; the receipts stay behind as PDF.

    scripts/story.py PROGRAMS-FOLDER RECEIPTS-FOLDER
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

PROGRAMS, RECEIPTS = (os.path.abspath(path) for path in sys.argv[1:3])
ELECTRIC = 'slot=1,model=RT-dt,meter=000000000007,user-type=居民用电,price=居民电价,amount=100'
WATER = 'slot=2,model=24C04接触式冷水表,meter=000000000022,user-type=居民用水,price=居民水价,amount=101'
# The manual's own card. By intent ours differs: the switch time is now, the card type is "opening", and so the sum.
MANUAL = '6801002702830000000015031300006300010000000010000000010000010000000000070000000000010359' + '16'
RATES = '680100FC00004885' + '00' * 248 + 'CA16'


class Story:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='onecard-')
        os.chmod(self.folder, 0o711)  # the server's user passes through
        self.env = dict(os.environ, ONECARD_OPERATOR='1001', ONECARD_PASSWORD='1001')
        self.checks = 0
        os.makedirs(RECEIPTS, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, program, *words, expect=0, quietly=False):
        shown = [os.path.basename(word) if word.startswith((self.folder, RECEIPTS)) else
                 word.replace(self.folder + '/', '').replace(RECEIPTS + '/', '') for word in words]
        if not quietly:
            print('  $', program, shlex.join(shown).replace("'", '"'))
        options = ['--data', self.path('data')] if program == 'onecardctl' else []
        done = subprocess.run([os.path.join(PROGRAMS, program), *options, '--json', *words], env=self.env, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=120, check=False)
        if done.returncode not in (expect if isinstance(expect, tuple) else (expect,)):
            raise SystemExit(f'FAILED: exit status {done.returncode} instead of {expect}\n{done.stdout}{done.stderr}')
        self.status = done.returncode
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def ctl(self, *words, card=None, receipt=None, expect=0, quietly=False):
        return self.run('onecardctl', *(['--reader', 'sim:' + self.path(card)] if card else []), *words,
                        *(['--receipt', os.path.join(RECEIPTS, receipt)] if receipt else []), expect=expect, quietly=quietly)

    def sim(self, *words, expect=0):
        return self.run('onecard-sim', *words, expect=expect)

    def insert(self, meter, card, expect=0):
        answer = self.sim('meter', 'insert', self.path(meter), '--card', self.path(card), expect=expect)
        print('    the meter:', answer['message'])
        return answer

    def equal(self, what, found, expected):
        self.checks += 1
        if found != expected:
            raise SystemExit(f'FAILED: {what} is {found!r}, not {expected!r}')
        print(f'    {what}: {found}')

    def rates(self, areas):
        for area in ('DF01/03', 'DF01/04'):
            self.checks += 1
            if areas[area]['hex'] != RATES:
                raise SystemExit(f'FAILED: rates in {area}')
        print('    both rate files: 0.4885, then 62 times nothing')

    def refused(self, code, *words, card, expect=1):
        error = self.ctl(*words, card=card, expect=expect)['error']
        self.equal('refused with', error['code'], code)
        print('    ' + error['message'])

    def hex(self, card, area):
        return self.sim('card', 'show', self.path(card))['areas'][area]['hex']

    def receipt_says(self, name, *words):
        path = os.path.join(RECEIPTS, name)
        text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True).stdout
        for word in words:
            self.checks += 1
            if word not in text:
                raise SystemExit(f'FAILED: {path} does not say {word}')
        print(f'    receipt {name}: {", ".join(words)}')

    def end(self):
        if os.path.isdir(self.path('data')):
            subprocess.run([os.path.join(PROGRAMS, 'onecardctl'), '--data', self.path('data'), 'server', 'stop'], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)


def title(text):
    print(f'\n{text}')


def electricity_opening(s):
    title('吴敏 opens an account for an electricity meter and buys for 100')
    s.sim('card', 'new', s.path('card-1'), '--family', 'cpu', '--keys-from', s.path('data'))
    s.sim('meter', 'new', s.path('meter-7'), '--layout', 'cpu-electricity-63', '--number', '000000000007', '--presale', '100',
          '--hoarding', '1000', '--keys-from', s.path('data'))
    opened = s.ctl('open-account', '--name', '吴敏', '--address', '没有地方', '--household', '3', '--sub-meter', ELECTRIC, card='card-1',
                   receipt='1-open-electricity.pdf')
    s.equal('due = 100 + opening fee 10 + presale 100', opened['due'], '210.00')
    s.equal('the trades', [(trade['kind'], trade['due']) for trade in opened['trades']], [('open', '10.00'), ('purchase', '200.00')])
    s.equal('in force', opened['state'], 'effective')
    s.receipt_says('1-open-electricity.pdf', '吴敏', '没有地方', '000000000007', '210.00', '贰佰壹拾元整')

    areas = s.sim('card', 'show', s.path('card-1'))['areas']
    parameters = areas['DF01/01']['hex']
    theirs = MANUAL[:20] + parameters[20:30] + MANUAL[30:84] + '01'
    s.equal("parameters, as the manual's but for switch time, card type and sum", parameters[:86], theirs)
    s.equal('their sum', int(parameters[86:88], 16), frame_sum(parameters))
    s.equal('wallet: 100.00, purchase 1', areas['DF01/02']['hex'], '0000271000000001')
    s.rates(areas)


def frame_sum(frame):
    """Sum of a frame's bytes from the command to the payload's end."""
    return sum(bytes.fromhex(frame)[1:-2]) % 256


def electricity_sales(s):
    title('The card must visit the meter before more is sold')
    s.refused('OC023', 'purchase', '--sub-meter', '11', '--amount', '50', card='card-1')
    answer = s.insert('meter-7', 'card-1')
    s.equal('credited', answer['purchase'], '100')
    s.equal('remaining, with the presale', answer['remaining'], '200')

    title('100 kWh flow; the next purchase sees what the meter wrote back')
    s.sim('meter', 'use', s.path('meter-7'), '--quantity', '100')
    s.insert('meter-7', 'card-1', expect=(0, 1))
    read = s.ctl('card', 'read', card='card-1')
    s.equal('remaining = 200 - 100 kWh x 0.4885', read['meters'][0]['remaining'], '151.15')
    s.equal('differences between card and ledger', read['differences'], 0)
    quote = s.ctl('quote', '--sub-meter', '11', '--amount', '50', card='card-1')['rows'][0]
    s.equal('quote', (quote['quantity'], quote['unit_price'], quote['due']), ('102.3541', '0.4885', '50.00'))
    bought = s.ctl('purchase', '--sub-meter', '11', '--amount', '50', '--received', '100', card='card-1',
                   receipt='2-purchase-electricity.pdf')
    s.equal('purchase count, due, change', (bought['purchase_count'], bought['due'], bought['change']), (2, '50.00', '50.00'))
    s.equal('wallet: 50.00, purchase 2', s.hex('card-1', 'DF01/02'), '0000138800000002')
    s.receipt_says('2-purchase-electricity.pdf', '50.00', '伍拾元整')
    s.equal('remaining', s.insert('meter-7', 'card-1')['remaining'], '201.15')


def pulled(s):
    title('The card is pulled out while it is written')
    purchase = ('purchase', '--sub-meter', '11', '--amount', '20')
    for apdu in range(4, 60):  # while it is only read, nothing is begun
        s.ctl('--fault', f'pull@{apdu}', *purchase, card='card-1', expect=(0, 3, 5), quietly=True)
        if s.status != 5:
            break
    print(f'  $ onecardctl --reader sim:card-1 --fault pull@{apdu} {shlex.join(purchase)}')
    s.equal('exit status "begun and not proven"', s.status, 3)
    s.equal('unfinished writes', s.ctl('unfinished', 'list')['count'], 1)
    settled = s.ctl('unfinished', 'settle', card='card-1', receipt='3-settled-electricity.pdf')
    s.equal('settled', (settled['job_state'], settled['state'], settled['due']), ('done', 'effective', '20.00'))
    s.equal('unfinished writes', s.ctl('unfinished', 'list')['count'], 0)
    s.equal('remaining: paid once, sold once', s.insert('meter-7', 'card-1')['remaining'], '221.15')


def water(s):
    title('Water by quantity at 4 a cubic metre in steps of 0.1: what is left of the money goes to the balance')
    s.sim('card', 'new', s.path('card-2'), '--family', '24c04', '--keys-from', s.path('data'))
    s.sim('meter', 'new', s.path('meter-22'), '--layout', 'mem-24c', '--number', '000000000022', '--presale', '3', '--hoarding', '2000',
          '--keys-from', s.path('data'))
    opened = s.ctl('open-account', '--name', '吴敏', '--address', '没有地方', '--sub-meter', WATER, card='card-2', receipt='4-open-water.pdf')
    s.equal('due = 101 + opening fee 10 + presale 3 x 4', opened['due'], '123.00')
    s.equal('on the card, to the balance', (opened['card_amount'], opened['balance']), ('25.20', '0.20'))
    s.receipt_says('4-open-water.pdf', '000000000022', '123.00', '壹佰贰拾叁元整')
    s.refused('OC023', 'purchase', '--sub-meter', '22', '--quantity', '1', card='card-2')
    s.equal('remaining, with the presale', plain(s.insert('meter-22', 'card-2')['remaining']), '28.2')
    s.refused('OC015', 'purchase', '--sub-meter', '22', '--quantity', '0.25', card='card-2')
    bought = s.ctl('purchase', '--sub-meter', '22', '--quantity', '2.5', '--pay', 'wechat', card='card-2', receipt='5-purchase-water.pdf')
    s.equal('quantity, due = 10 - balance 0.20, balance', (bought['quantity'], bought['due'], bought['balance']), ('2.5', '9.80', '0.00'))
    s.equal('remaining', plain(s.insert('meter-22', 'card-2')['remaining']), '30.7')


def plain(text):
    """A decimal without the zeros at its end."""
    return text.rstrip('0').rstrip('.') if '.' in text else text


def books(s):
    title('The books')
    home = s.ctl('home')['rows'][0]
    s.equal('received today = 210 + 50 + 20 + 123 + 9.80', home['received'], '412.80')
    s.equal('unfinished', home['unfinished_all'], 0)
    rules = s.ctl('db', 'check')
    s.equal('broken invariants', [row['invariant'] for row in rules['rows'] if row['broken']], [])
    print(f'    {rules["count"]} invariants hold over the whole database')


def main():
    s = Story()
    try:
        title('A new database with the data of the manual')
        s.ctl('init', '--demo')
        for chapter in (electricity_opening, electricity_sales, pulled, water, books):
            chapter(s)
        print(f'\n{s.checks} figures agree. The receipts:')
        for name in sorted(os.listdir(RECEIPTS)):
            print('  ' + os.path.join(RECEIPTS, name))
    finally:
        s.end()


if __name__ == '__main__':
    main()
