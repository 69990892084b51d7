#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings as an administrator uses them, by keyboard, on a database of its own: every screen, a record added, refused at a
field, changed, saved, taken back and deleted; and what another administrator, at a shell, does to it meanwhile.
test-settings.py PROGRAM ONECARDCTL"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from administrator import command, drops_down, opens, put, signs_in, signs_in_again  # noqa: E402
from desktop import extents, is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402

# What Ctrl+K finds it by, and a label of its form in both languages.
SCREENS = (
    ('xtcssz', 'Area number', '区域号'), ('zbszsz|子表设置', 'Meter type', '仪表类型'), ('仪表参数', 'Card layout', '卡片格式'),
    ('用户类型', 'Hoarding limit', '囤积限额'), ('sfdw', 'Tax number', '税号'), ('价格分项', 'Price item', '价格分项'),
    ('价格设置', 'Price name', '价格名称'), ('网点', 'Branch name', '网点名称'), ('系统角色', 'Role name', '角色名称'), ('系统用户', 'Full name', '姓名'))


def shows_every_screen(story):
    d = story.desktop
    for words, label, _ in SCREENS:
        opens(d, words)
        d.sees('^' + label)


def add_branch(d, number, name):
    opens(d, '网点')
    d.find('push button', '^Add$')
    d.key('ctrl+n')
    wait(lambda: 'Branch number' in (d.focused().name or ''), 'the caret in the number')
    d.keys(number)
    d.key('Tab')
    put(d, '^Branch name', name)


def refuses_at_the_field(story):
    d = story.desktop
    for number, words in (('99', 'not a whole number from 1002 to 9999'), ('1001', 'not a whole number from 1002'),
                          ('12a', 'not a whole number'), ('1002', 'is there already'), ('', 'must not be empty')):
        add_branch(d, number, '东街营业厅')
        d.key('ctrl+s')
        d.sees(words)
        wait(lambda: 'Branch number' in (d.focused().name or ''), 'the caret at the number')
        assert d.text('^Branch name') == '东街营业厅', 'what was typed is lost'
        d.press('^Discard$')
        wait(lambda: d.text('^Branch name') == '默认网点', 'the first branch again')


def adds_changes_and_takes_back(story):
    d = story.desktop
    add_branch(d, '2001', '东街营业厅')
    d.sees('^2 changes$')
    d.key('ctrl+s')
    d.sees('^Saved: 东街营业厅$')
    put(d, '^Branch name', '西街营业厅')
    d.sees('^1 change$')
    d.key('ctrl+s')
    d.sees('^Saved: 西街营业厅$')
    d.press('^Undo$')
    d.sees('^Taken back')
    wait(lambda: d.text('^Branch name') == '东街营业厅', 'the name as it was')


def keeps_what_is_not_saved(story):
    d = story.desktop
    put(d, '^Branch name', '南街营业厅')
    d.key('F8')
    d.sees('Nothing is unfinished')
    opens(d, '网点')
    assert d.text('^Branch name') == '南街营业厅', 'the change is lost'
    d.key('ctrl+n')
    d.sees('^Save the changes first')
    d.press('^Do not save$')
    wait(lambda: d.text('^Branch name') == '', 'a new record')
    d.key('Escape', 'Escape')  # what the last act said, then the record without a word in it
    wait(lambda: d.text('^Branch name') == '默认网点', 'the first branch')


def deletes_and_takes_back(story):
    d = story.desktop
    opens(d, '网点')
    d.sees('^2001$')
    d.type('Quick search in the list', '2001', 'entry')
    wait(lambda: not [n for n in d.all('label', '^1002$') if is_seen(n)], 'one row alone')
    opens(d, '网点')  # the caret is in the list then
    d.key('Down', 'space')
    wait(lambda: d.text('^Branch name') == '东街营业厅', 'the branch in the form')
    d.press('^Delete$')
    d.sees('^Deleted: ')
    d.press('^Undo$')
    d.sees('^Taken back')
    d.sees('^2001$')
    d.type('Quick search in the list', '', 'entry')


def ctl(story, operator, *words, **more):
    """What somebody else does, elsewhere."""
    return command(sys.argv[2], story, *words, **{'ONECARD_OPERATOR': operator, 'ONECARD_PASSWORD': operator, **more})


def tells_who_comes_second(story):
    d = story.desktop
    for choice, was, name in (('^Take theirs$', '东街营业厅', '北街营业厅'), ('^Keep mine$', '北街营业厅', '南街营业厅')):
        opens(d, '网点')
        d.type('Quick search in the list', '2001', 'entry')
        opens(d, '网点')
        d.key('Down', 'space')
        wait(lambda: d.text('^Branch name') == was, 'the branch in the form')
        put(d, '^Branch name', '南街营业厅')
        ctl(story, '1001', 'settings', 'save', 'branches', '{"id": 2001, "name": "北街营业厅", "active": "%s"}' % (choice == '^Keep mine$'))
        d.key('ctrl+s')
        d.sees('changed this meanwhile')
        d.sees('^北街营业厅$')
        d.press(choice)
        wait(lambda: d.text('^Branch name') == name, 'the decision')
        wait(lambda: not [n for n in d.all('label', '^1 change$') if is_seen(n)], 'nothing unsaved')
    d.type('Quick search in the list', '', 'entry')


def locks_without_losing_anything(story):
    d = story.desktop
    opens(d, '网点')
    wait(lambda: d.text('^Branch name'), 'a branch in the form')
    put(d, '^Branch name', '不丢失')
    d.key('ctrl+l')
    d.sees('^Locked by 管理员')
    d.key('F8', 'ctrl+n', 'Escape')  # no key reaches what is locked
    wait(lambda: 'Password' in (d.focused().name or ''), 'the caret in the password')
    d.keys('wrong')
    d.key('Return')
    d.sees('^The password is wrong')
    d.keys('1001')
    d.key('Return')
    wait(lambda: d.text('^Branch name') == '不丢失', 'what was typed')
    d.press('^Discard$')
    wait(lambda: d.text('^Branch name') != '不丢失', 'the name as it is')


def keeps_the_trail(story):
    d = story.desktop
    opens(d, 'audit')
    d.find('entry', 'Quick search in the list')
    d.sees('^南街营业厅$')
    d.key('Down', 'space')
    d.sees('^Before$')
    d.sees('^After$')


def makes_the_text_larger(story):
    d = story.desktop
    opens(d, 'text size')
    height = extents(d.sees('^What holds on this computer')).height
    drops_down(d, '^Text size')
    d.sees('^150 %$')
    d.key('End', 'Return')
    wait(lambda: extents(d.sees('^What holds on this computer')).height > height * 1.3, 'larger text')
    for words, label, _ in SCREENS:
        opens(d, words)
        d.sees('^' + label)
    opens(d, 'text size')
    drops_down(d, '^Text size')
    d.sees('^125 %$')
    d.key('Home', 'Return')
    wait(lambda: extents(d.sees('^What holds on this computer')).height == height, 'the text as it was')


def tries_the_printer(story):
    """A receipt of made-up values, on the printer of its paper."""
    d = story.desktop
    config = os.path.join(os.environ['XDG_CONFIG_HOME'], 'onecard')
    opens(d, 'printer')
    d.sees('^Asked for at the first print$')
    with open(os.path.join(config, 'printers.ini'), 'w', encoding='ascii') as file:
        file.write('[241x93]\nprinter=Print to File\noutput-file-format=pdf\noutput-uri=file://%s/last.pdf\n' % config)
    d.press('^Test print, 241 × 93 mm$')
    d.find(None, '^The test receipt was printed')
    d.sees('^Print to File$')
    printed = [name for name in os.listdir(config) if name.endswith('-1001-1002.pdf')]
    assert len(printed) == 1, printed
    os.unlink(os.path.join(config, 'printers.ini'))


def gives_a_price_a_new_version(story):
    d = story.desktop
    opens(d, '价格设置')
    d.sees('^居民水价$')
    d.sees('^in force$')
    assert not [n for n in d.all('text', '^电价$') if is_seen(n)], 'what has begun can be typed into'
    d.press('^New version$')
    put(d, '^电价$', 'abc')
    d.key('ctrl+s')
    d.sees('not a number from 0')
    put(d, '^电价$', '0.5000')
    put(d, '^Amount', '100')
    d.sees('^200 kWh for 100.00$')
    d.key('ctrl+s')
    d.sees('^Saved: 居民电价$')
    d.sees('^planned$')
    d.press('^Undo$')
    d.sees('^Taken back')
    wait(lambda: not [n for n in d.all('label', '^planned$') if is_seen(n)], 'the version is taken back')
    d.press('^New version$')
    put(d, '^电价$', '0.5000')
    d.key('ctrl+s')
    d.sees('^planned$')
    d.press('^Drop version$')
    d.sees('^Drop the version that begins')
    d.key('Tab', 'space')  # what destroys is not what Enter does
    wait(lambda: not [n for n in d.all('label', '^planned$') if is_seen(n)], 'the version is gone')


def keeps_start_times_in_the_future(story):
    d = story.desktop
    d.press('^New version$')
    put(d, '^Start time', '2020-01-01 00:00')
    d.key('ctrl+s')
    d.sees('start time is in the past')
    d.press('^Discard$')


def asks_a_second_person(story):
    d = story.desktop
    ctl(story, '1001', 'operators', 'create', '1003', '--role', '管理员', '--name', '第二人', '--branch', '1001', ONECARD_NEW_PASSWORD='first')
    ctl(story, '1003', 'passwd', ONECARD_PASSWORD='first', ONECARD_NEW_PASSWORD='1003')
    ctl(story, '1001', 'settings', 'save', 'parameters', '{"approval_percent": "10"}')
    signs_in_again(d, '1001', '^You were signed out: 管理员 changed the system parameters')
    opens(d, '价格设置')
    d.sees('^in force$')
    d.press('^New version$')
    put(d, '^电价$', '0.9')
    d.key('ctrl+s')
    d.sees('by more than 10 %')
    put(d, '^Operator number of', '1003')
    d.type('^Password of', '1003', 'password text')
    d.press('^Approve$')
    d.sees('^Saved: 居民电价$')


def loses_a_screen_with_the_role(story):
    d = story.desktop
    d.press("^Operator's menu")
    d.find('menu item', 'Sign out').queryAction().doAction(0)
    signs_in_again(d, '1002', '^Operator number$')
    d.key('ctrl+r')
    d.sees('Please place a card')
    roles = json.loads(ctl(story, '1001', '--json', 'settings', 'list', 'roles'))['rows']
    number = next(role['id'] for role in roles if role['name'] == '营业员')
    ctl(story, '1001', 'settings', 'save', 'roles', '{"id": %d, "permissions": "purchase"}' % number)
    d.sees('you may not use this screen any more')
    d.sees('^Place a card$')
    assert not [n for n in d.all('list item', '^Read card$') if is_seen(n)], 'the screen is still in the list'


def is_locked_out(story):
    d = story.desktop
    ctl(story, '1001', 'operators', 'lock', '1002')
    d.sees('^You were signed out: an administrator locked or deleted this operator')
    d.close()


def speaks_chinese(story):
    d = story.start('zh_CN')
    d.key('Return')
    d.sees('^请放卡$', 60)
    for words, _, label in SCREENS:
        opens(d, words)
        d.sees('^' + label)
        for node in d.all('label'):
            text = node.name or ''
            if is_seen(node) and re.search(r'[a-z]{4,}', text) and not re.match('(Gtk|Oc)[A-Z]', text):
                assert re.search('Ctrl|Alt|Simulator|Enter|JPEG|KiB|card,', text), 'English in Chinese: ' + text
    d.close()


SCENES = (signs_in, shows_every_screen, refuses_at_the_field, adds_changes_and_takes_back, keeps_what_is_not_saved,
          deletes_and_takes_back, tells_who_comes_second, locks_without_losing_anything, keeps_the_trail,
          makes_the_text_larger, tries_the_printer, gives_a_price_a_new_version, keeps_start_times_in_the_future,
          asks_a_second_person, loses_a_screen_with_the_role, is_locked_out, speaks_chinese)

if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
