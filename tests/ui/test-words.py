#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text has its Chinese: what is extracted now is all translated, nothing fuzzy; places ({limit}, %s) survive; the
words of the card layouts are those that are extracted."""
import ast
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
KEYWORDS = ['-k', '-k_', '-kN_', '-kC_:1c,2', '-kNC_:1c,2', '-kngettext:1,2', '-kg_dngettext:2,3']


def entries(path):
    """(context, msgid, [translations], is fuzzy) of a catalog."""
    found, entry, key, fuzzy = [], {}, None, False
    for line in open(path, encoding='utf-8').read().splitlines() + ['']:
        if line.startswith('#,') and 'fuzzy' in line:
            fuzzy = True
        match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', line)
        if match:
            key = match[1]
            entry[key] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            entry[key] += ast.literal_eval(line)
        elif not line and entry:
            texts = [text for name, text in entry.items() if name.startswith('msgstr')]
            found.append((entry.get('msgctxt'), entry['msgid'], entry.get('msgid_plural'), texts, fuzzy))
            entry, fuzzy = {}, False
    return [item for item in found if item[1]]


def extracted(folder):
    pot = os.path.join(folder, 'now.pot')
    names = [line.strip() for line in open(os.path.join(ROOT, 'po/POTFILES.in'), encoding='utf-8') if line[0] != '#']
    subprocess.run(['xgettext', '--from-code=UTF-8', '--package-name=onecard', '--msgid-bugs-address=-', *KEYWORDS, '-o', pot, *names],
                   cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    return entries(pot)


def places(text):
    """What a text is filled with, in no order: %1$s and %s count alike."""
    return sorted(re.findall(r'\{\w+\}', text)) + sorted(re.findall(r'%(?:\d\$)?[\'0-9]*([a-z])', text.replace('%%', '')))


def missing(now, chinese):
    known = {(context, msgid): texts for context, msgid, _, texts, fuzzy in chinese if not fuzzy and all(texts)}
    return ['%s: %s' % (context, msgid) for context, msgid, _, _, _ in now if (context, msgid) not in known]


def lost_places(chinese):
    faults = []
    for _, msgid, plural, texts, _ in chinese:
        for text in texts:
            if text and places(text) != places(msgid) and places(text) != places(plural or msgid):
                faults.append(msgid)
    return faults


def layout_words():
    words = set()

    def walk(node):
        if isinstance(node, dict):
            words.update(value for name, value in node.items() if name in ('label', 'title') and isinstance(value, str))
            node = list(node.values())
        if isinstance(node, list):
            for child in node:
                walk(child)

    for path in glob.glob(os.path.join(ROOT, 'data/cards/*.json')):
        walk(json.load(open(path, encoding='utf-8')))
    listed = set(re.findall(r'N_\("(.*)"\)', open(os.path.join(ROOT, 'po/card-labels.h'), encoding='utf-8').read()))
    return sorted(words ^ listed)


def main():
    chinese = entries(os.path.join(ROOT, 'po/zh_CN.po'))
    with tempfile.TemporaryDirectory() as folder:
        now = extracted(folder)
    checks = [
        ('every text has its Chinese', missing(now, chinese)),
        ('nothing is fuzzy', [msgid for _, msgid, _, _, fuzzy in chinese if fuzzy]),
        ('every place survives', lost_places(chinese)),
        ('the words of the card layouts are listed', layout_words()),
    ]
    print('1..%d' % len(checks))
    for number, (name, faults) in enumerate(checks, 1):
        for fault in faults:
            print('# ' + fault.replace('\n', ' '))
        print('%s %d - %s' % ('not ok' if faults else 'ok', number, name))
    return any(faults for _, faults in checks)


if __name__ == '__main__':
    sys.exit(main())
