#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo as a person at the counter uses it, on a database of its own: signing in, finding screens, a sale with the
keyboard, a card pulled out while it is written, the other language. test-window.py PROGRAM"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desktop import UNNAMED, is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402


def refuses_a_wrong_password(story):
    d = story.start()
    d.type('^Password$', '9999', 'password text')
    d.press('^Sign in$')
    d.sees('number or the password is wrong', 60)
    assert d.text('^Operator number$') == '1001', 'the number was lost'


def signs_in(story):
    d = story.desktop
    d.type('^Password$', '1001', 'password text')
    d.press('^Sign in$')
    d.sees('^Place a card$', 60)
    d.sees('1001')
    d.sees('Demo data')


def finds_screens_by_any_name(story):
    d = story.desktop
    for words, screen in (('unfin', 'Nothing is unfinished'), ('gm', 'Card, amount, Enter, Enter'), ('用户开户', '^Customer$'),
                          ('读用户卡', 'Please place a card')):
        d.key('ctrl+k')
        d.type('Search screens', words, 'entry')  # keys of Chinese come through a keymap that changes under them
        wait(lambda: len([n for n in d.find('list', 'Screens found') if n.getRoleName() == 'list item']) == 1, 'one screen for ' + words)
        d.key('Return')
        d.sees(screen)


def has_a_key_for_every_screen(story):
    d = story.desktop
    for key, words in (('F2', 'Card, amount, Enter, Enter'), ('F3', '^Customer$'), ('ctrl+r', 'Please place a card'),
                       ('F8', 'Nothing is unfinished'), ('Escape', '^Place a card$')):
        d.key(key)
        d.sees(words)
    d.key('F1')
    d.sees('^At a sale$')
    d.key('Escape')


def names_every_widget(story):
    d = story.desktop
    for key in ('alt+Home', 'F2', 'F3', 'ctrl+r', 'F8'):
        d.key(key)
        wait(lambda: True, 'the screen')
        assert not d.unnamed(), 'after %s without a name: %s' % (key, d.unnamed())


def reaches_work_with_the_tab_key(story):
    d = story.desktop
    d.key('alt+Home')
    seen = set()
    for _ in range(40):
        d.key('Tab')
        node = d.focused()
        seen.add(node.name if node is not None else None)
    for name in ('Purchase', 'Open account', 'Search screens', "Operator's menu"):
        assert any(name in (text or '') for text in seen), name + ' is not reached: ' + ', '.join(map(str, seen))


def opens_an_account(story):
    d = story.desktop
    d.press('^New card$')
    d.press('^Put card 1 on the reader$')
    d.sees('^Blank card$')
    d.key('F3')
    d.type('^Name', '吴敏')
    d.type('^Address', '没有地方')
    d.click('push button', '^11 ')
    number = wait(lambda: next(n for n in [d.focused()] if (n.name or '').startswith('Meter number')), 'the caret in the meter number')
    assert 170 < d.at_rest(number).y < 710, 'the meter number is out of sight'
    d.type('^Meter number', '7')
    d.find('text', '^Purchase amount').queryEditableText().setTextContents('100')
    d.sees(r'^210\.00$')
    d.press('^Take the money')
    d.key('Return')
    d.sees('^Done, the card may be taken$', 20)


def puts_the_card_into_the_meter(story):
    d = story.desktop
    d.press_until('^Take the card away$', '^Please place a card$')
    d.press('^Put the chosen card into meter 000000000007$')
    d.sees('^Credited')


def sells_with_the_keyboard(story):
    d = story.desktop
    d.key('alt+Home')
    d.press('^Put card 1 on the reader$')
    wait(lambda: 'Purchase amount' in (d.focused().name or ''), 'the caret in the amount')
    d.keys('100')
    d.sees(r'^100\.00$')
    d.key('Return')
    wait(lambda: 'Received' in (d.focused().name or ''), 'the caret in the money received')
    d.key('Return')
    d.sees('^Done, the card may be taken$', 20)


def prints_each_receipt_to_a_file(story):
    """Who chose "Print to File" once gets every receipt without being asked, each in a file of its own."""
    d = story.desktop
    config = os.path.join(os.environ['XDG_CONFIG_HOME'], 'onecard')
    os.makedirs(config, exist_ok=True)
    with open(os.path.join(config, 'printers.ini'), 'w', encoding='ascii') as file:
        file.write('[241x93]\nprinter=Print to File\noutput-file-format=pdf\noutput-uri=file://%s/last.pdf\n' % config)
    receipt = os.path.join(config, 'purchase-3.pdf')
    d.key('ctrl+p')
    wait(lambda: os.path.exists(receipt), 'the receipt')
    d.sees('^Printed$')
    words = subprocess.run(['pdftotext', '-layout', receipt, '-'], capture_output=True, text=True, check=True).stdout
    assert '吴敏' in words and '¥100.00' in words, words
    os.unlink(os.path.join(config, 'printers.ini'))


def choose_next_fault(d, command):
    """The fault after the one that is chosen, at this command."""
    d.find('combo box', '^Fault$').getChildAtIndex(0).queryAction().doAction(0)
    d.sees('^Card pulled before command$')
    d.key('Down', 'Return')
    d.find('spin button', 'Command number of the fault').queryValue().currentValue = command
    d.sees('^The fault waits')


def lists_what_is_in_doubt(story):
    """The card is pulled out in the middle: till and ledger don't know what it holds."""
    d = story.desktop
    d.press_until('^Take the card away$', '^Please place a card$')
    d.press('^Put the chosen card into meter 000000000007$')
    d.sees(r'^Credited 100.*300')
    d.key('F2')
    d.press('^Put card 1 on the reader$')
    wait(lambda: 'Purchase amount' in (d.focused().name or ''), 'the caret in the amount')
    d.keys('50')
    d.sees(r'^50\.00$')
    choose_next_fault(d, 8)
    d.press('^Take the money')
    d.press('^Write the card')
    d.sees('^Outcome not proven', 20)
    d.find('push button', '^1 unfinished write$')
    d.key('F8')
    d.sees('^吴敏$')


def settles_when_the_card_is_back(story):
    d = story.desktop
    d.press('^Put card 1 on the reader$')
    d.sees('^Settled: the card of 吴敏', 20)
    d.sees('^Nothing is unfinished$')


def signs_out_and_ends(story):
    d = story.desktop
    d.press("^Operator's menu")
    d.find('menu item', 'Sign out').queryAction().doAction(0)
    d.sees('^Operator number$')
    d.close()


def speaks_chinese(story):
    d = story.start('zh_CN')
    d.sees('^一卡通多表管理系统$')
    d.key('Return')
    d.sees('^请放卡$', 60)
    for node in d.all('label'):
        text = node.name or ''
        if is_seen(node) and re.search(r'[a-z]{4,}', text) and not UNNAMED.match(text):
            assert re.search('Ctrl|Alt|Simulator|Enter|Home|Language', text), 'English in Chinese: ' + text
    d.close()


SCENES = (refuses_a_wrong_password, signs_in, finds_screens_by_any_name, has_a_key_for_every_screen, names_every_widget,
          reaches_work_with_the_tab_key, opens_an_account, puts_the_card_into_the_meter, sells_with_the_keyboard,
          prints_each_receipt_to_a_file, lists_what_is_in_doubt, settles_when_the_card_is_back, signs_out_and_ends, speaks_chinese)


if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
