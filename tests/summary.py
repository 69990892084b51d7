#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the tests in meson's testlog.json and prints "N passed, N failed, N skipped" alone on the last line.

A TAP program counts as each of its points, any other as one. A program that ended badly, or said fewer points than it
had planned, is one failure more than its points tell. Exits 1 on any failure, any skip, and when nothing ran at all.
"""
import json
import re
import sys

POINT = re.compile(r'^(not )?ok\b[^#]*(#\s*(skip|todo)\b.*)?', re.IGNORECASE)
PLAN = re.compile(r'^1\.\.(\d+)')


def count_tap(text):
    """(passed, failed, skipped, planned) of one program's output; planned is None when it said no plan."""
    passed = failed = skipped = 0
    planned = None
    for line in text.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned = int(plan[1])
            continue
        point = POINT.match(line)
        if not point:
            continue
        if point[3]:  # a test that is to be done counts as one that was skipped
            skipped += 1
        elif point[1]:
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped, planned


def count(test):
    """(passed, failed, skipped, why) of one line of the log."""
    result = test['result']
    good = result in ('OK', 'EXPECTEDFAIL')
    points = count_tap(test.get('stdout') or '')
    passed, failed, skipped, planned = points
    if planned is None and not (passed or failed or skipped):
        if result == 'SKIP':
            return 0, 0, 1, 'skipped'
        return int(good), int(not good), 0, '' if good else result.lower()
    if planned == 0 and not (passed or failed or skipped):
        return 0, 0, 1, 'planned no test'
    if planned != passed + failed + skipped:
        return passed, failed + 1, skipped, f'planned {planned}, ran {passed + failed + skipped} ({result.lower()})'
    if not good and result != 'SKIP' and failed == 0:
        return passed, failed + 1, skipped, result.lower()
    return passed, failed, skipped, f'{failed} failed, {skipped} skipped' if failed or skipped else ''


def main():
    tests = []
    try:
        with open(sys.argv[1], encoding='utf-8') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except OSError as error:
        print(error)

    totals = [0, 0, 0]
    for test in tests:
        *numbers, why = count(test)
        totals = [total + number for total, number in zip(totals, numbers)]
        if why:
            print(f'{test["name"]}: {why}')
    if not tests:
        print('no test ran')
        totals[1] += 1
    print('{} passed, {} failed, {} skipped'.format(*totals))
    return 1 if totals[1] or totals[2] else 0


if __name__ == '__main__':
    sys.exit(main())
