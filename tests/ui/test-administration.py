#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A save and its undo from every settings screen, and what only one of them has: a logo, tiers typed by keyboard, a first password,
a confirmation that is typed. test-administration.py PROGRAM ONECARDCTL ONECARD-SIM"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from administrator import command, drops_down, opens, put, signs_in, signs_in_again, takes_the_next  # noqa: E402
from desktop import is_seen, wait, xdotool  # noqa: E402
from story import Story, run  # noqa: E402

# What Ctrl+K finds it by, a text of the first record, and what it becomes.
TEXTS = (('仪表参数', '^Meter name', 'RT-dt 2'), ('用户类型', '^Hoarding limit', '1500'), ('sfdw', '^Unit address', '新路9号'),
         ('价格分项', '^Price item', '电能费'), ('价格设置', '^Price name', '居民生活电价'), ('网点', '^Branch name', '中心网点'),
         ('系统角色', '^Role name', '总管'), ('系统用户', '^Full name', '总管理员'))


def rows(story, kind):
    return json.loads(command(sys.argv[2], story, '--json', 'settings', 'list', kind))['rows']


def is_unchanged(d):
    wait(lambda: not [n for n in d.all('label', '^[0-9]+ changes?$') if is_seen(n)], 'nothing unsaved')


def takes_back(d):
    d.press('^Undo$')
    d.sees('^Taken back')
    is_unchanged(d)


def saves_from_every_screen(story):
    d = story.desktop
    for words, label, text in TEXTS:
        opens(d, words)
        was = wait(lambda: d.text(label), words)
        assert not d.unnamed(), '%s without a name: %s' % (words, d.unnamed())
        put(d, label, text)
        d.sees('^1 change$')
        d.key('ctrl+s')
        d.sees('^Saved')
        is_unchanged(d)
        assert d.text(label) == text, words
        takes_back(d)
        wait(lambda: d.text(label) == was, was + ' again')


def saves_a_choice(story):
    d = story.desktop
    opens(d, '子表')
    d.sees('^Sub-meter 1$')
    was = rows(story, 'sub-meters')[0]['meter_type']
    # The second time the caret is on what is chosen again, and a pointer that comes over a row below the next one changes nothing.
    for pointer in (None, (640, 425)):
        xdotool('mousemove', 640, 0)
        drops_down(d, '^Meter type')
        takes_the_next(d, pointer)
        d.sees('^1 change$')
        d.key('ctrl+s')
        d.sees('^Saved: Sub-meter 1$')
        assert rows(story, 'sub-meters')[0]['meter_type'] == rows(story, 'sub-meters')[1]['meter_type'] != was, 'another one was saved'
        takes_back(d)
        assert rows(story, 'sub-meters')[0]['meter_type'] == was, 'nothing was taken back'


def adds_an_operator(story):
    d = story.desktop
    opens(d, '系统用户')
    wait(lambda: d.text('^Full name'), 'an operator in the form')
    d.key('ctrl+n')
    d.sees('^A first password is asked for')
    put(d, '^Operator number', '1010')
    put(d, '^Full name', '新营业员')
    d.key('ctrl+s')
    d.sees('^The operator chooses a password of his own')
    d.type('^New password', 'abc', 'password text')
    d.type('^The same again', 'abd', 'password text')
    d.press('^Use it$')
    d.sees('differ|too short')
    d.type('^New password', 'first', 'password text')
    d.type('^The same again', 'first', 'password text')
    d.press('^Use it$')
    d.sees('^Saved: 新营业员$')
    for button, state in (('^Lock$', 'locked'), ('^Unlock$', 'active')):
        d.press(button)
        wait(lambda: next(o for o in rows(story, 'operators') if o['operator'] == 1010)['state'] == state, state)
    d.press('^Reset password')
    d.type('^New password', 'second', 'password text')
    d.type('^The same again', 'second', 'password text')
    d.press('^Use it$')
    d.sees('^Done')
    d.press('^Delete$')
    d.sees('^This can.t be taken back')
    d.key('Tab', 'space')  # what destroys is not what Enter does
    d.sees('^Deleted: 新营业员$')


def gives_a_role_permissions(story):
    d = story.desktop
    opens(d, '系统角色')
    wait(lambda: d.text('^Role name'), 'a role in the form')
    d.key('ctrl+n')
    put(d, '^Role name', '查询员')
    d.tabs_to('^Read card$')
    d.key('space')
    d.key('ctrl+s')
    d.sees('^Saved: 查询员$')
    assert next(r for r in rows(story, 'roles') if r['name'] == '查询员')['permissions'] == 'read-card', 'other permissions'
    d.press('^Undo$')
    d.sees('^Taken back')
    wait(lambda: not [r for r in rows(story, 'roles') if r['name'] == '查询员'], 'the role is gone')


def keeps_a_logo(story):
    d = story.desktop
    picture, text = os.path.join(story.data, 'logo.png'), os.path.join(story.data, 'logo.txt')
    subprocess.run(['convert', '-size', '120x60', 'xc:#0B6E99', picture], check=True)
    with open(text, 'w', encoding='ascii') as file:
        file.write('no picture')
    os.rename(text, text[:-3] + 'jpeg')
    opens(d, 'sfdw')
    d.sees('^No logo yet$')
    for path, words in ((text[:-3] + 'jpeg', 'not a PNG picture'), (picture, '^1 change$')):
        d.press('^Choose a picture')
        d.sees('^Recent$')
        d.keys(path)
        d.key('Return')
        d.sees(words)
    d.key('ctrl+s')
    d.sees('^Saved')
    assert rows(story, 'unit')[0]['logo'], 'no logo was saved'
    d.press('^Remove the logo$')
    d.sees('^No logo yet$')
    d.key('ctrl+s')
    d.sees('^Saved')
    assert not rows(story, 'unit')[0]['logo'], 'the logo is still there'
    takes_back(d)
    assert rows(story, 'unit')[0]['logo'], 'the logo is not there again'


def types(d, label, text, *ways):
    """With the caret in the field of this label, which the keys in @ways go to."""
    d.key(*ways)
    wait(lambda: (d.focused().name or '').startswith(label), 'the caret in ' + label)
    d.keys(text)


def types_the_tiers(story):
    d = story.desktop
    opens(d, '价格设置')
    d.sees('^in force$')
    d.key('ctrl+n')
    types(d, 'Price name', 'night', 'Tab')
    types(d, 'Start time', '', 'Tab')  # at once
    d.key('Tab', 'Tab', 'space')  # in use, tiered
    d.sees('^Tiers count by')
    types(d, 'Persons in the base', '4', 'Tab', 'Tab')
    types(d, 'Each further person adds', '80', 'Tab')
    types(d, '电价', '0.5', 'Tab')
    d.press('^Add a tier$')
    types(d, 'Upper limit of tier 1', '100')
    types(d, '电价, tier 1', '', 'Tab')
    d.key('Tab')  # the button that removes the tier
    types(d, '电价, tier 2', '0.75', 'Tab')
    d.key('ctrl+s')
    d.sees('^Saved: night$')
    price = next(p for p in rows(story, 'prices') if p['name'] == 'night')
    assert price['tiered'], price
    d.press('^Undo$')
    d.sees('^Taken back')


def confirms_what_is_on_every_card(story):
    d = story.desktop
    card = os.path.join(story.data, 'card')
    subprocess.run([sys.argv[3], 'card', 'new', card, '--family', 'cpu', '--keys-from', story.data], check=True, capture_output=True)
    command(sys.argv[2], story, '--reader', 'sim:' + card, 'open-account', '--name', '单雄信', '--address', '没有地方', '--sub-meter',
            'slot=1,model=RT-dt,meter=000000000007,user-type=居民用电,price=居民电价,amount=100')
    opens(d, 'xtcssz')
    wait(lambda: d.text('^Area number') == '0', 'the parameters')
    put(d, '^Area number', '7')
    for typed, words in (('', 'cards are in use and carry'), ('2', 'cards are in use and carry'), ('1', '^You were signed out')):
        put(d, '^Number of cards in use', typed)
        d.key('ctrl+s')
        d.sees('^Save and sign every station out')
        d.key('Tab', 'space')
        d.sees(words)
    signs_in_again(d, '1001', '^You were signed out: 管理员 changed the system parameters')
    opens(d, 'xtcssz')
    wait(lambda: d.text('^Area number') == '7', 'the new area number')
    d.close()


SCENES = (signs_in, saves_from_every_screen, saves_a_choice, adds_an_operator, gives_a_role_permissions, keeps_a_logo, types_the_tiers,
          confirms_what_is_on_every_card)

if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
