#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of docs/pictures, by playing a day at the counter in the demo:
SCREEN=1280x800 tests/ui/session.sh tests/ui/pictures.py PROGRAM LANGUAGE FOLDER"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desktop import Desktop, wait  # noqa: E402

WORDS = {
    'en': dict(home='^Place a card$', new='^New card$', put='^Put card 1 on the reader$', blank='^Blank card$', name='^Name',
               address='^Address', meter='^Meter number', amount='^Purchase amount', take='^Take the money',
               done='^Done, the card may be taken$', away='^Take the card away$', empty='^Please place a card$',
               insert='^Put the chosen card into meter', credited='^Credited', agree='^Card and ledger agree', search='^Search screens$'),
    'zh_CN': dict(home='^请放卡$', new='^新卡$', put='^将卡 1 放上读卡器$', blank='^空白卡$', name='^用户名称', address='^用户地址',
                  meter='^表号', amount='^购买金额', take='^收款', done='^已完成，可取卡$', away='^取走卡$', empty='^请放卡$',
                  insert='^将所选的卡插入仪表', credited='^已充入', agree='^卡与账目一致', search='^查找功能$'),
}


# Names of pictures, what Ctrl+K finds the screen by, and a label of its in both languages. Those of the second list at 1280 only.
ACTS = (('re-purchase', '重新购买', '^The purchase that is taken back$|^退回的购买$'), ('replace-meter', '换表开户', '^Meter-change fee$|^换表费$'),
        ('add-meter', '加装子表', '^Due = purchase \\+ presale|^应收 = 购买 \\+ 预售'), ('close-account', '销户', '^To pay out$|^应退$'),
        ('replace-card', '补用户卡', '^Name$|^用户名称$'))
SETTINGS = (('parameters', '系统参数', '^Area number|^区域号'), ('user-types', '用户类型', '^Hoarding limit|^囤积限额'),
            ('prices', '价格设置', '^in force$|^执行中$'), ('roles', '系统角色', '^Role name|^角色名称'),
            ('operators', '系统用户', '^Full name|^姓名'), ('trail', '审计', '^Approved by$|^批准人$'))
MORE = (('sub-meters', '子表设置', '^Sub-meter places$|^子表设置$'), ('meter-models', '仪表参数', '^Card layout|^卡片格式|^Meter name|^仪表名称'),
        ('unit', '收费单位', '^Tax number|^税号'), ('price-items', '价格分项', '^Price items$|^价格分项'), ('branches', '网点设置', '^Branches$|^网点'),
        ('station', '工作站', '^This station$|^工作站设置$'), ('customers', '用户信息', '^Name$|^用户名称$'),
        ('pre-registered', '预录入', '.'), ('blacklist', '黑名单', '.'))


def play(d, words, picture, screens):
    picture('login')
    d.key('Return')
    d.sees(words['home'], 60)
    picture('home')
    d.press(words['new'])
    d.press(words['put'])
    d.sees(words['blank'])
    d.key('F3')
    d.type(words['name'], '吴敏')
    d.type(words['address'], '没有地方')
    d.press('^11 ')
    d.type(words['meter'], '7')
    d.type(words['amount'], '100')
    d.sees(r'^210\.00$')
    picture('open-account')
    d.press(words['take'])
    d.key('Return')
    d.sees(words['done'], 20)
    wait(lambda: d.find('push button', words['insert']), 'the meter')
    d.press(words['away'])
    d.sees(words['empty'])
    d.press(words['insert'])
    d.sees(words['credited'])
    d.key('F2')
    d.press(words['put'])
    wait(lambda: (d.focused().name or '').startswith(words['amount'][1:]), 'the caret in the amount')
    d.keys('100')
    d.sees(r'^100\.00$')
    picture('purchase')
    d.key('Return')
    picture('till')
    d.key('Return')
    d.sees(words['done'], 20)
    picture('sold')
    d.key('ctrl+r')
    d.sees(words['agree'])
    picture('read-card')
    d.key('F8')
    picture('unfinished')
    d.key('ctrl+t')
    for name, typed, label in screens:
        d.key('ctrl+k')
        d.type(words['search'], typed, 'entry')
        d.key('Return')
        d.sees(label)
        picture(name)


def main(program, language, folder):
    width, height = (int(side) for side in os.environ.get('SCREEN', '1280x800').split('x'))
    data = tempfile.mkdtemp(prefix='onecard-ui-', dir='/tmp')
    os.chmod(data, 0o711)
    os.makedirs(folder, exist_ok=True)
    desktop = Desktop(program, data, language, (width, height))

    def picture(name):
        path = os.path.join(folder, '%s-%d-%s.png' % (language[:2], width, name))
        desktop.picture(path)
        subprocess.run(['/usr/bin/convert', path, '+dither', '-colors', '128', '-define', 'png:compression-level=9', path], check=True)

    try:
        play(desktop, WORDS[language], picture, SETTINGS if width > 1280 else ACTS + SETTINGS + MORE)
        desktop.close()
    finally:
        desktop.kill()
        pid_file = os.path.join(data, 'server/data/postmaster.pid')
        if os.path.exists(pid_file):
            os.kill(int(open(pid_file, encoding='ascii').readline()), 2)
            wait(lambda: not os.path.exists(pid_file), 'the end of the server')
        shutil.rmtree(data)


if __name__ == '__main__':
    main(*sys.argv[1:4])
