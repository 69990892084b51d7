# SPDX-License-Identifier: GPL-3.0-or-later
"""What several stories of an administrator begin with: signing in, going to a screen, filling a form, and what somebody else does at
a shell meanwhile."""
import os
import re
import subprocess

import pyatspi

from desktop import is_seen, wait, xdotool


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


def put(d, label, text):
    d.find('text', label).queryEditableText().setTextContents(text)


def is_in(node, ancestor):
    while node is not None and node != ancestor:
        node = node.parent
    return node is not None


def drops_down(d, label):
    """Opens a drop-down; the caret is in its list."""
    combo = d.find('combo box', label)
    combo.getChildAtIndex(0).queryAction().doAction(0)
    wait(lambda: [n for n in [d.focused()] if n is not None and n.getRoleName() == 'list item' and is_in(n, combo)], 'the caret in the list of ' + label)


def takes_the_next(d, pointer=None):
    """In the list of a drop-down: Return only once the caret has moved, and once the row under the @pointer lights up."""
    was = d.focused()
    d.key('Down')
    wait(lambda: [n for n in [d.focused()] if n is not None and n.getRoleName() == 'list item' and n != was], 'the caret in the next row')
    if pointer is not None:
        xdotool('mousemove', *pointer)
        wait(lambda: [n for n in d.all('list item') if is_seen(n) and n != d.focused() and n.getState().contains(pyatspi.STATE_SELECTED)
                      and is_in(n, d.focused().parent)], 'the row under the pointer')
    d.key('Return')


def signs_in_again(d, number, why):
    """After the session was ended."""
    d.sees(why)
    d.type('^Operator number$', number)
    d.type('^Password$', number, 'password text')
    d.press('^Sign in$')
    d.sees('^Place a card$', 60)


def command(program, story, *words, **more):
    environment = dict(os.environ, ONECARD_OPERATOR='1001', ONECARD_PASSWORD='1001', LANGUAGE='en')
    environment.update(more)
    done = subprocess.run([program, '--data', story.data, *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(' '.join(words) + ': ' + done.stderr)
    return done.stdout
