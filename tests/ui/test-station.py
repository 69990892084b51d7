#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One computer and whoever sits before it: it locks by itself with what was open, another operator takes over, the connections to
servers are tried, and what is set for this computer alone. test-station.py PROGRAM ONECARDCTL"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from administrator import drops_down, opens, put, signs_in, signs_in_again  # noqa: E402
from desktop import is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402


def is_gone(d, role, name):
    wait(lambda: not [n for n in d.all(role, name) if is_seen(n)], name + ' is out of sight')


def locks_when_nobody_is_there(story):
    d = story.desktop
    opens(d, '工作站')
    put(d, '^Lock after', 'x')
    d.sees('not a whole number')
    put(d, '^Lock after', '1')
    opens(d, '网点')
    put(d, '^Branch name', '还没有保存')
    d.press("^Operator's menu")
    d.find('menu item', 'Change my').queryAction().doAction(0)
    d.type('^New password', '没有写完', 'password text')
    d.sees('^Locked by 管理员', 90)
    is_gone(d, 'push button', '^Save the new password$')
    d.key('Escape', 'Return')  # no key reaches what is below


def comes_back_to_all_of_it(story):
    d = story.desktop
    wait(lambda: 'Password' in (d.focused().name or ''), 'the caret in the password')
    d.keys('1001')
    d.key('Return')
    d.find('push button', '^Save the new password$')
    length = d.find('password text', '^New password').queryText().characterCount
    assert length == 4, 'what was typed in the dialog is lost: %d' % length
    d.key('Escape')
    is_gone(d, 'push button', '^Save the new password$')
    assert d.text('^Branch name') == '还没有保存', 'what was typed below it is lost'
    opens(d, '工作站')
    put(d, '^Lock after', '0')


def lets_another_operator_take_over(story):
    d = story.desktop
    d.key('ctrl+l')
    d.sees('^Locked by 管理员')
    put(d, '^Operator number', '1002')
    d.type('^Password$', 'wrong', 'password text')
    d.press('^Go on$')
    d.sees('number or the password is wrong', 30)
    assert d.text('^Operator number$') == '1002', 'the number is lost'
    signs_in_again(d, '1002', '^Operator number$')
    d.sees('^1号营业厅$|1号营业厅')
    assert not [n for n in d.all('list item', '^Branches$') if is_seen(n)], "the administrator's screens are still there"
    d.press("^Operator's menu")
    d.find('menu item', 'Change operator').queryAction().doAction(0)
    d.sees('^Locked by (?!管理员)')
    wait(lambda: 'Operator number' in (d.focused().name or ''), 'the caret in the number')
    d.keys('1001')
    d.key('Tab')
    d.keys('1001')
    d.key('Return')
    d.sees('^Place a card$', 60)
    opens(d, '网点')
    wait(lambda: d.text('^Branch name') == '默认网点', 'a screen made anew')


def put_above(d, role, label, text):
    """In the dialog: the login below it has fields of the same names."""
    wait(lambda: [n for n in d.all(role, label) if is_seen(n)][-1], label).queryEditableText().setTextContents(text)


def tries(d, server, password):
    for label, text in (('^Name of the connection', '分公司'), ('^Server', server), ('^Database', 'onecard'), ('^Operator number', '1001')):
        put_above(d, 'text', label, text)
    put_above(d, 'password text', '^Password', password)
    d.press('^Test$')


def tries_a_connection(story):
    d = story.desktop
    d.press("^Operator's menu")
    d.find('menu item', 'Sign out').queryAction().doAction(0)
    d.press('^Connections to shared servers$')
    d.sees('^Certificate of the authority')
    d.press('^Test$')
    d.sees('must not be empty')
    drops_down(d, '^Encryption')
    d.sees('^Encrypted, nothing is checked$')
    d.key('End', 'Return')
    server = os.path.join(story.data, 'server/socket')
    for where, password, words in (('nowhere.invalid', '1001', '^No computer is known here by the name'), (server, 'wrong', 'the password is wrong'),
                                   (server, '1001', '^Program and database fit together$')):
        tries(d, where, password)
        d.sees(words, 30)
    for step in ('The server answers', 'The connection is not encrypted', 'Operator and password are right', 'The database is there'):
        d.sees('^' + step)
    assert not [n for n in d.all('label', 'the password is wrong') if is_seen(n)], 'what was wrong is still there'


def uses_it_and_takes_it_off(story):
    d = story.desktop
    d.press('^Save and use$')
    d.sees('^分公司$')
    d.press('^Connections to shared servers$')
    wait(lambda: d.text('^Name of the connection') == '分公司', 'the connection in the form')
    d.press('^Take it off the list$')
    wait(lambda: not [n for n in d.all('label', '^分公司$') if is_seen(n)], 'the connection is off the list')


SCENES = (signs_in, locks_when_nobody_is_there, comes_back_to_all_of_it, lets_another_operator_take_over, tries_a_connection,
          uses_it_and_takes_it_off)

if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
