#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers as an operator serves them, by keyboard, on a database of its own: registered before, imported from a file with errors,
found by initials, edited, paid in and out, lost and found, barred and released, a meter given
another user type, a difference between card and ledger decided.
test-customers.py PROGRAM ONECARDCTL ONECARD-SIM"""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from administrator import drops_down  # noqa: E402
from desktop import is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402


def ctl(story, *words, expect=0, **more):
    """What is done at a shell meanwhile."""
    environment = dict(os.environ, ONECARD_OPERATOR='1001', ONECARD_PASSWORD='1001', LANGUAGE='en')
    environment.update(more)
    done = subprocess.run([sys.argv[2], '--data', story.data, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != expect:
        raise AssertionError(' '.join(words) + ': ' + done.stderr + done.stdout)
    return done.stdout


def signs_in(story):
    d = story.start()
    d.key('Return')
    d.sees('^Place a card$', 60)
    d.key('ctrl+t')  # the demo's tray is not needed here
    card = os.path.join(story.data, 'card')
    subprocess.run([sys.argv[3], 'card', 'new', card, '--family', 'cpu', '--keys-from', story.data], check=True, capture_output=True)
    ctl(story, '--reader', 'sim:' + card, 'open-account', '--name', '单雄信', '--address', '没有地方', '--id-number', '510102199001011234',
        '--sub-meter', 'slot=1,model=RT-dt,meter=000000000007,user-type=居民用电,price=居民电价,amount=100')


def opens(d, words):
    d.key('ctrl+k')
    d.type('Search screens', words, 'entry')
    d.key('Return')
    wait(lambda: not re.search('Search screens', d.focused().name or ''), 'the end of the search')


def put(d, label, text):
    d.find('text', label).queryEditableText().setTextContents(text)


def chooses(d, text, name):
    """Finds and takes the first row."""
    d.type('Find a customer', text, 'entry')
    d.sees('^' + name + '$')
    d.key('Return')
    wait(lambda: d.text('^Name') == name, name + ' in the form')


def registers_one(story):
    d = story.desktop
    opens(d, '预录入')
    d.find('push button', '^New customer$')
    d.key('ctrl+n')
    d.sees('^New customer$')
    put(d, '^Name', '王小明')
    d.key('ctrl+s')
    d.sees('must not be empty')
    put(d, '^Address', '人民路1号')
    d.key('ctrl+s')
    d.sees('^Saved')
    chooses(d, 'wxm', '王小明')
    d.key('Return')
    wait(lambda: 'Name' in (d.focused().name or ''), 'the caret in the name')
    d.keys('x')
    d.sees('^1 change$')
    d.key('Escape', 'Escape')  # the words at the top, then the change
    wait(lambda: d.text('^Name') == '王小明', 'the name as it was')


def imports_a_file(story):
    d = story.desktop
    bad, good = os.path.join(story.data, 'bad.csv'), os.path.join(story.data, 'good.csv')
    with open(bad, 'w', encoding='gb18030') as file:
        file.write('姓名;地址;电话\n张三;二街1号;1\n;二街2号;2\n')
    with open(good, 'w', encoding='utf-8') as file:
        file.write('Name,Address\n' + ''.join(f'李四{i},三街{i}号\n' for i in range(300)))
    d.press('^Import a file')
    d.sees('^Recent$')
    d.keys(bad)
    d.key('Return')
    d.sees('1 line is wrong')
    d.sees('The address is missing|The name is missing')
    d.key('Escape')
    d.press('^Import a file')
    d.sees('^Recent$')
    d.keys(good)
    d.key('Return')
    d.sees('Every line is right', 30)
    d.press('^Import$')
    d.sees('300 customers were imported', 30)
    assert ctl(story, 'pre-registered', 'list', '二街').strip() == '', 'lines of the wrong file are in'


def finds_him_at_the_opening(story):
    d = story.desktop
    opens(d, '开户')
    d.key('ctrl+f')
    d.type('Find a customer', '三街299', 'entry')
    d.sees('^李四299$')
    d.key('Return')
    wait(lambda: d.text('^Name') == '李四299' and d.text('^Address') == '三街299号', 'the customer in the form')
    d.press('^Clear$')
    wait(lambda: d.text('^Name') == '' and 'Name' in (d.focused().name or ''), 'the empty form')


def edits(story):
    d = story.desktop
    opens(d, '用户查询')
    chooses(d, 'sxx', '单雄信')
    assert '510102199001011234' == d.text('^Number of identity'), 'an administrator sees it'
    put(d, '^Note', '有狗')
    d.sees('^1 change$')
    ctl(story, 'edit-customer', '1', '--phone', '13900000000')
    d.press('^Save$')
    d.sees('changed this meanwhile')
    d.press('^Discard$')
    d.key('F5')
    chooses(d, '13900000000', '单雄信')
    put(d, '^Note', '有狗')
    d.press('^Save$')
    d.sees('^Saved')
    assert '有狗' in ctl(story, 'customers', 'show', '1')


def pays_in_and_out(story):
    d = story.desktop
    chooses(d, '单雄信', '单雄信')
    d.press('^Pay in')
    d.sees('^Pay into the balance$|^Amount')
    put(d, '^Amount', '88.5')
    d.press('^Pay in$')
    d.sees('^Paid in')
    d.sees('^88.50$')
    chooses(d, '单雄信', '单雄信')
    d.press('^Pay out')
    put(d, '^Amount', '100')
    d.press('^Pay out$')
    d.sees('Only 88.5 can be paid out')
    put(d, '^Amount', '80')
    d.press('^Pay out$')
    d.sees('^Paid out')
    d.sees('^8.50$')


def loses_and_finds(story):
    d = story.desktop
    chooses(d, '单雄信', '单雄信')
    d.press('^Report lost$')
    d.sees('reported lost')
    chooses(d, '单雄信', '单雄信')
    d.press('^Found again$')
    d.sees('can be used again')


def bars_and_releases(story):
    d = story.desktop
    chooses(d, '单雄信', '单雄信')
    d.press('^Bar')
    put(d, '^Reason', '欠费')
    d.press('^Bar$')
    d.sees('^Barred')
    opens(d, '黑名单')
    d.sees('^欠费$')
    d.key('Down', 'space')
    wait(lambda: [n for n in d.all('push button', '^Release') if is_seen(n)], 'the button')
    d.press('^Release')
    put(d, '^Reason', '付清')
    d.press('^Release$')
    d.sees('^Nobody is barred$')


def bars_one_meter(story):
    d = story.desktop
    opens(d, '用户查询')
    chooses(d, '单雄信', '单雄信')
    d.press('^Bar meter 000000000007$')
    put(d, '^Reason', '换表')
    d.press('^Bar$')
    d.sees('^Barred: 换表$')
    d.find('push button', '^Bar…$')  # the customer is not
    d.press('^Release meter 000000000007$')
    put(d, '^Reason', '已换')
    d.press('^Release$')
    d.sees('^Released')
    d.find('push button', '^Bar meter 000000000007$')


def gives_a_meter_another_user_type(story):
    """What its card can't carry is said at the field."""
    d = story.desktop
    ctl(story, 'settings', 'save', 'user-types', '{"name": "商业用电", "meter_type": "electricity", "alarm_1": "50", "alarm_2": "5", '
        '"hoarding": "900", "presale": "100", "purchase_limit": "400"}')
    d.press('^Change meter 000000000007$')
    drops_down(d, '^Price set 1$')
    d.key('End', 'Return')
    d.press('^Save$')
    d.find(None, 'can.t carry a tiered price|tier')
    drops_down(d, '^Price set 1$')
    d.key('Home', 'Return')
    drops_down(d, '^User type$')
    d.key('Home', 'Return')
    story.picture('meter-terms')
    d.press('^Save$')
    d.sees('^Saved: it holds')
    assert '商业用电' in ctl(story, 'customers', 'meters', '1'), 'it is not changed'


def sim(*words):
    subprocess.run([sys.argv[3], *words], check=True, capture_output=True)


def pays_back_what_a_copy_brings(story):
    """A copied memory card's purchase is taken back, and used with the copy all the same."""
    card, copy, meter = (os.path.join(story.data, name) for name in ('water', 'copy', 'meter'))
    sim('card', 'new', card, '--family', '24c04', '--keys-from', story.data)
    sim('meter', 'new', meter, '--layout', 'mem-24c', '--number', '000000000032', '--presale', '3', '--hoarding', '2000', '--keys-from', story.data)
    ctl(story, '--reader', 'sim:' + card, 'open-account', '--name', '侯君集', '--address', '有地方', '--sub-meter',
        'slot=2,model=24C04接触式冷水表,meter=000000000032,user-type=居民用水,price=居民水价,quantity=10')
    shutil.copy(card, copy)
    ctl(story, '--reader', 'sim:' + card, 're-purchase', '--sub-meter', '22', '--quantity', '0')
    for each in (copy, card):
        sim('meter', 'insert', meter, '--card', each)
    ctl(story, '--reader', 'sim:' + card, 'card', 'read')
    ctl(story, 'operators', 'create', '1003', '--role', '管理员', '--name', '第二人', ONECARD_NEW_PASSWORD='first')
    ctl(story, 'passwd', ONECARD_OPERATOR='1003', ONECARD_PASSWORD='first', ONECARD_NEW_PASSWORD='1003')


def decides_what_does_not_fit(story):
    pays_back_what_a_copy_brings(story)
    d = story.desktop
    d.key('F8')
    d.sees('^Conflict$')
    d.key('Down', 'space')
    wait(lambda: [n for n in d.all('push button', '^Decide…$') if is_seen(n)], 'the button')
    d.press('^Decide…$')
    d.sees('the meter says 10, the ledger says 0')
    drops_down(d, '^Decision$')
    d.key('Home', 'Down', 'Return')
    put(d, '^Why', '复制卡')
    story.picture('decide')
    d.tabs_to('^Decide…$')
    d.key('Return')
    d.sees('needs a second person')
    put(d, '^Operator number of', '1003')
    d.type('^Password of', '1003', 'password text')
    d.press('^Approve$')
    d.sees('^Decided')
    d.sees('^Nothing is unfinished$')
    found = json.loads(ctl(story, '--json', 'customers', 'find', '侯君集'))['rows']
    assert [row['balance'] for row in found] == ['0.00'], 'the money was released: %s' % found


if __name__ == '__main__':
    sys.exit(run((signs_in, registers_one, imports_a_file, finds_him_at_the_opening, edits, pays_in_and_out, loses_and_finds,
                  bars_and_releases, bars_one_meter, gives_a_meter_another_user_type, decides_what_does_not_fit), Story(sys.argv[1])))
