#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings as an administrator uses them, by keyboard, on a database of its own: every screen, a record added, refused at a
field, changed, saved, taken back and deleted; what others may see of it at once. test-settings.py PROGRAM"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desktop import is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402

# What Ctrl+K finds it by, and a label of its form in both languages.
SCREENS = (
    ('xtcssz', 'Area number', '区域号'), ('zbszsz|子表设置', 'Meter type', '仪表类型'), ('仪表参数', 'Card layout', '卡片格式'),
    ('用户类型', 'Hoarding limit', '囤积限额'), ('sfdw', 'Tax number', '税号'), ('价格分项', 'Price item', '价格分项'),
    ('网点', 'Branch name', '网点名称'), ('系统角色', 'Role name', '角色名称'), ('系统用户', 'Full name', '姓名'))


def signs_in(story):
    d = story.start()
    d.key('Return')
    d.sees('^Place a card$', 60)
    d.key('ctrl+t')  # the demo's tray is not needed here


def opens(d, words):
    """By Ctrl+K and the first of the words that one may type."""
    d.key('ctrl+k')
    d.type('Search screens|查找功能', words.split('|')[-1], 'entry')
    d.key('Return')
    wait(lambda: not re.search('Search screens|查找功能', d.focused().name or ''), 'the end of the search')


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
    d.find('text', '^Branch name').queryEditableText().setTextContents(name)


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
    d.find('text', '^Branch name').queryEditableText().setTextContents('西街营业厅')
    d.sees('^1 change$')
    d.key('ctrl+s')
    d.sees('^Saved: 西街营业厅$')
    d.press('^Undo$')
    d.sees('^Taken back')
    wait(lambda: d.text('^Branch name') == '东街营业厅', 'the name as it was')


def keeps_what_is_not_saved(story):
    d = story.desktop
    d.find('text', '^Branch name').queryEditableText().setTextContents('南街营业厅')
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


SCENES = (signs_in, shows_every_screen, refuses_at_the_field, adds_changes_and_takes_back, keeps_what_is_not_saved,
          deletes_and_takes_back)

if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
