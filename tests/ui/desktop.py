# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop program under the hands of a test: starts it, finds widgets by role and accessible name, types, clicks,
takes pictures. Everything polls with a deadline; nothing sleeps for luck."""
import os
import re
import subprocess
import time

import pyatspi

DEADLINE = 10.0

# What a name must not be: GTK's own word for a widget that nobody named.
UNNAMED = re.compile(r'^(Gtk|Oc)[A-Z]')
NAMED_ROLES = ('push button', 'text', 'entry', 'password text', 'combo box', 'check box', 'spin button', 'table', 'list', 'toggle button', 'label')


def wait(condition, what, seconds=DEADLINE):
    """The first true answer of condition (); an error that names @what when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = condition()
        except Exception:  # the tree changes while it is walked
            answer = None
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError('waited in vain for ' + what)
        time.sleep(0.05)


def xdotool(*words):
    done = subprocess.run(['xdotool', *map(str, words)], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def walk(node):
    yield node
    for i in range(node.childCount):
        child = node.getChildAtIndex(i)
        if child is not None:
            yield from walk(child)


def extents(node):
    return node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)


def is_seen(node):
    """A page that is not shown stays in the tree: its widgets have no size there."""
    box = extents(node)
    return box.width > 0 and box.height > 0 and node.getState().contains(pyatspi.STATE_SENSITIVE)


class Desktop:
    def __init__(self, program, data, language='en', size=(1280, 800), arguments=('--demo',)):
        environment = dict(os.environ, LANGUAGE=language)
        self.process = subprocess.Popen([program, *arguments, '--data', data], env=environment)
        self.app = wait(self._find_app, 'the program in the accessibility tree')
        self.window = wait(lambda: xdotool('search', '--onlyvisible', '--pid', self.process.pid).split()[-1], 'the window')
        self.resize(*size)

    def _find_app(self):
        if self.process.poll() is not None:
            raise SystemExit('the program ended with %d' % self.process.returncode)
        for app in pyatspi.Registry.getDesktop(0):
            if app is not None and app.get_process_id() == self.process.pid:
                return app
        return None

    def resize(self, width, height):
        xdotool('windowsize', self.window, width, height)
        xdotool('windowmove', self.window, 0, 0)
        xdotool('windowfocus', self.window)
        time.sleep(0.4)

    def all(self, role=None, name=None, exact=False):
        found = []
        for node in walk(self.app):
            try:
                if role is not None and node.getRoleName() != role:
                    continue
                text = node.name or ''
                if name is None or (text == name if exact else re.search(name, text)):
                    found.append(node)
            except Exception:
                continue
        return found

    def find(self, role, name, exact=False, seconds=DEADLINE):
        """The widget of this role whose name fits the expression and that can be seen."""
        return wait(lambda: next((n for n in self.all(role, name, exact) if is_seen(n)), None),
                    '%s “%s”' % (role, name), seconds)

    def unnamed(self):
        """What is seen that a screen reader has no name for; the insides of GTK's own widgets are theirs."""
        found = []
        for node in walk(self.app):
            try:
                inner = node.parent is not None and node.parent.getRoleName() in ('combo box', 'spin button')
                inner = inner or node.name == 'GtkColumnListView'
                if node.getRoleName() in NAMED_ROLES and not inner and is_seen(node) and (not node.name or UNNAMED.match(node.name)):
                    found.append('%s %s at %d, %d' % (node.getRoleName(), node.name, extents(node).x, extents(node).y))
            except Exception:  # the tree changes while it is walked
                continue
        return found

    def sees(self, name, seconds=DEADLINE):
        """A label with these words."""
        return self.find('label', name, seconds=seconds)

    def words(self):
        """All that can be read, for whoever looks into a failure; what goes while it is read is left out."""
        seen = []
        try:
            for node in self.all('label'):
                if is_seen(node) and node.name:
                    seen.append(node.name.replace('\n', ' '))
        except Exception as fault:  # the tree changes while it is walked, or the program is gone
            seen.append(type(fault).__name__)
        return ' | '.join(seen)

    def press(self, name, exact=False, seconds=DEADLINE):
        """A menu button is two buttons of one name; the inner one can be pressed."""
        def pressable():
            found = [n for n in self.all('push button', name, exact) if is_seen(n) and n.queryAction().nActions > 0]
            return found[0] if found else None
        wait(pressable, 'push button “%s”' % name, seconds).queryAction().doAction(0)

    def at_rest(self, node):
        """Where it is when it has not moved for eight looks: longer than any scrolling takes from one frame to the next."""
        places = []

        def rests():
            box = extents(node)
            places.append((box.x, box.y, box.width, box.height))
            return places[-8:].count(places[-1]) == 8
        wait(rests, 'its last place')
        return extents(node)

    def click(self, role, name):
        """With the pointer, as a person does."""
        box = extents(self.find(role, name))
        xdotool('mousemove', '--window', self.window, box.x + box.width // 2, box.y + box.height // 2)
        xdotool('click', 1)

    def press_until(self, name, words):
        """A button that may be made anew meanwhile, as the tray's rows are when a card was written: a press may meet one that is just going.
        It must be there once; if it is not there any more it was heard, and the words are on their way."""
        self.press(name)
        for _ in range(5):
            try:
                return self.sees(words, 2)
            except AssertionError:
                pass
            try:
                self.press(name, seconds=1)
            except AssertionError:
                pass
        return self.sees(words)

    def type(self, name, text, role='text'):
        self.find(role, name).queryEditableText().setTextContents(text)

    def text(self, name, role='text'):
        text = self.find(role, name).queryText()
        return text.getText(0, text.characterCount)

    def key(self, *keys):
        for key in keys:
            xdotool('key', key)
            time.sleep(0.12)

    def keys(self, text):
        xdotool('type', '--delay', '30', text)

    def focused(self):
        for node in walk(self.app):
            try:
                if node.getState().contains(pyatspi.STATE_FOCUSED):
                    return node
            except Exception:
                continue
        return None

    def tabs_to(self, name, most=60):
        """By Tab alone; a key is worked off when the caret has moved."""
        node = self.focused()
        for _ in range(most):
            if node is not None and re.search(name, node.name or ''):
                return
            was = node.path if node is not None else None
            self.key('Tab')
            node = wait(lambda was=was: [n for n in [self.focused()] if n is not None and n.path != was], 'the caret elsewhere')[0]
        raise AssertionError('Tab does not reach ' + name)

    def picture(self, path):
        time.sleep(0.5)  # what slides or fades has ended
        subprocess.run(['import', '-window', 'root', path], check=True)

    def close(self):
        """As a person does; the exit status must be 0."""
        self.key('ctrl+q')
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError('the program does not end') from None
        if status != 0:
            raise AssertionError('the program ended with %d' % status)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
