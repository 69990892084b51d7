#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes data/pinyin-initials.txt: for each Chinese character the first letter of its reading, a name's reading before any
other (单 is shan, not dan). ICU (uconv) knows them; nothing of it is needed when the programs run.

    scripts/pinyin-initials.py > data/pinyin-initials.txt
    scripts/pinyin-initials.py --check data/pinyin-initials.txt     # exit status 1: it is another one
"""
import subprocess
import sys

A_LINE = 64
STARTS = [0x3000, *range(0x3400, 0xa000, A_LINE)]  # 〇 lies apart
HEAD = '''# Pinyin initials of Chinese characters, made by scripts/pinyin-initials.py. Each line: the first of 64 code points in
# hexadecimal, then a letter for each of them; - where there is no reading. A name's reading comes before any other.
'''


def letters(characters):
    """The initial of each character, - for none."""
    said = subprocess.run(['uconv', '-f', 'utf8', '-t', 'utf8', '-x', 'Han-Latin/Names; Latin-ASCII; Lower'], check=True,
                          input='\n'.join(characters), capture_output=True, encoding='utf-8').stdout.split('\n')
    return [word[0] if word and 'a' <= word[0] <= 'z' else '-' for word in said]


def main():
    found = letters([chr(start + i) for start in STARTS for i in range(A_LINE)])
    text = HEAD
    for n, start in enumerate(STARTS):
        line = ''.join(found[n * A_LINE:(n + 1) * A_LINE])
        if line.strip('-'):
            text += f'{start:04x} {line}\n'
    if len(sys.argv) == 1:
        print(text, end='')
        return 0
    with open(sys.argv[2], encoding='ascii') as file:
        return 0 if file.read() == text else 'It is not what ICU says here.'


if __name__ == '__main__':
    sys.exit(main())
