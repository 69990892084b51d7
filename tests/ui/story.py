# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes played one after the other in the demo, on a database of its own; one TAP point a scene. With PICTURES=FOLDER each scene
that fails leaves a picture; what it failed with is on the standard error, which a test log keeps."""
import os
import shutil
import sys
import tempfile

from desktop import Desktop, wait


class Story:
    def __init__(self, program):
        self.program = program
        self.data = tempfile.mkdtemp(prefix='onecard-ui-', dir='/tmp')
        os.chmod(self.data, 0o711)
        self.desktop = None

    def start(self, language='en'):
        self.desktop = Desktop(self.program, self.data, language)
        return self.desktop

    def picture(self, name):
        if os.environ.get('PICTURES'):
            self.desktop.picture(os.path.join(os.environ['PICTURES'], name + '.png'))

    def end(self):
        if self.desktop is not None:
            self.desktop.kill()
        pid_file = os.path.join(self.data, 'server/data/postmaster.pid')
        if os.path.exists(pid_file):
            server = open(pid_file, encoding='ascii').readline().strip()
            os.kill(int(server), 2)
            wait(lambda: not os.path.exists(pid_file), 'the end of the server')
        shutil.rmtree(self.data)


def run(scenes, story):
    """The exit status: 1 when a scene failed."""
    failed = False
    print('1..%d' % len(scenes), flush=True)
    try:
        for number, scene in enumerate(scenes, 1):
            try:
                scene(story)
                result = 'ok'
            except Exception as fault:  # the next scenes may still tell something
                print('%s: %s: %s' % (scene.__name__, type(fault).__name__, fault), file=sys.stderr, flush=True)
                if story.desktop:
                    print('seen then: ' + story.desktop.words(), file=sys.stderr, flush=True)
                if os.environ.get('PICTURES') and story.desktop:
                    story.desktop.picture(os.path.join(os.environ['PICTURES'], scene.__name__ + '.png'))
                result, failed = 'not ok', True
                story.desktop.key('Escape', 'Escape')
            print('%s %d - %s' % (result, number, scene.__name__.replace('_', ' ')), flush=True)
    finally:
        story.end()
    return int(failed)
