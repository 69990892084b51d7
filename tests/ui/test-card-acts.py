#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The other card acts at the counter, by keyboard, with the tray's cards on a database of its own: a purchase sold anew, a lost card
replaced, the old one cleared, a sub-meter added, a meter replaced, an account closed; and what each refuses. test-card-acts.py PROGRAM LANGUAGE"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desktop import is_seen, wait  # noqa: E402
from story import Story, run  # noqa: E402

WORDS = {
    'en': dict(home='^Place a card$', new='^New card$', put='^Put card %d on the reader$', blank='^Blank card$', name='^Name',
               address='^Address', meter='^Meter number', amount='Purchase amount', take='^Take the money', received='Received',
               done='^Done, the card may be taken$', away='^Take the card away$', empty='^Please place a card$',
               insert='^Put the chosen card into meter', credited='^Credited', search='^Search screens$', find='^Find a customer$',
               again=r'^Re-purchase \(F6\)$', bought='^100 .* purchase 1 of this meter; 100.00 yuan were paid', same='is what is on the card already',
               kept='^Kept in the balance$', keep='^Keep in the balance', payout='· pay out 10.00$', to_pay='^To pay out$',
               unread='was not put in meter', clear=r'^Clear the card \(Enter\)$', cleared='^This card is blank now',
               replaced='^Another card has replaced', fee='^Replacement-card fee$', dead='^The old card is dead',
               nothing='^Nothing on this card is waiting', close='^Close the account', pay_close='^Pay out and close', ended='account has ended',
               nobody='^Nobody is found', carried='^What the new card will carry$', in_meter='^In the meter$', customers='Customer data',
               approve='^Approve$', on='^On ', write='^Write the card', free_card='The other sub-meters of the card stay', presale='^Presale$',
               new_number='^New meter number', old_remaining='^Remaining in the old meter', carried_over='^Carried over$',
               change_fee='^Meter-change fee$', brings='it brings what the old one held', too_much='can.t hold more than', number='^This is not a meter number'),
    'zh_CN': dict(home='^请放卡$', new='^新卡$', put='^将卡 %d 放上读卡器$', blank='^空白卡$', name='^用户名称', address='^用户地址',
                  meter='^表号', amount='购买金额', take='^收款', received='实收', done='^已完成，可取卡$', away='^取走卡$', empty='^请放卡$',
                  insert='^将所选的卡插入仪表', credited='^已充入', search='^查找功能$', find='^查找用户$',
                  again=r'^重新购买 \(F6\)$', bought='该表第 1 次购买；已付 100.00 元', same='卡上已是此数', kept='^留在余额中$',
                  keep='^留在余额中，', payout='· 应退 10.00$', to_pay='^应退$', unread='未插入仪表', clear='^清卡（回车）$',
                  cleared='^此卡现为空白卡', replaced='^此卡已被另一张卡替换', fee='^补卡费$', dead='^旧卡已作废',
                  nothing='^卡上没有未插表的购买', close='^销户…', pay_close='^付款并销户', ended='账户已终止',
                  nobody='^没有找到', carried='^新卡将写入的内容$', in_meter='^已插表$', customers='用户信息', approve='^批准$', on='^下一步', write='^写卡',
                  free_card='卡上其他子表保持不变', presale='^预售$', new_number='^新表号', old_remaining='^旧表余量', carried_over='^转入$',
                  change_fee='^换表费$', brings='带上了旧表的余量', too_much='旧表剩余不可能超过', number='^不是表号'),
}
W = WORDS[sys.argv[2]]


def opens(d, words):
    d.key('ctrl+k')
    d.type(W['search'], words, 'entry')
    d.key('Return')
    wait(lambda: not re.search(W['search'], d.focused().name or ''), 'the end of the search')


def caret_in(d, what):
    wait(lambda: what in (d.focused().name or ''), 'the caret in ' + what)


def takes_away(d):
    d.press_until(W['away'], W['empty'])


def puts(d, number, words):
    d.press_until(W['put'] % number, words)


def opens_an_account(story):
    d = story.start(sys.argv[2])
    d.key('Return')
    d.sees(W['home'], 60)
    d.press(W['new'])
    puts(d, 1, W['blank'])
    d.key('F3')
    d.type(W['name'], '吴敏')
    d.type(W['address'], '没有地方')
    d.key('alt+1')
    d.type(W['meter'], '7')
    d.find('text', '^' + W['amount']).queryEditableText().setTextContents('100')
    d.sees(r'^210\.00$')
    d.press(W['take'])
    d.key('Return')
    d.sees(W['done'], 20)


def goes_from_purchase_to_repurchase(story):
    d = story.desktop
    d.key('F2')
    d.press(W['again'])
    d.sees(W['bought'])
    caret_in(d, W['amount'])


def refuses_the_same_amount(story):
    d = story.desktop
    d.keys('100')
    d.sees(r'^0\.00$')
    d.key('Return', 'Return')
    d.sees(W['same'])
    assert d.text('^' + W['amount']) == '100', 'what was typed is lost'


def sells_anew_and_keeps_the_rest(story):
    d = story.desktop
    d.find('text', '^' + W['amount']).queryEditableText().setTextContents('60')
    d.sees(W['kept'])
    story.picture('re-purchase')
    d.key('Return', 'Return')
    d.sees(W['done'], 20)


def pays_out_what_goes_back(story):
    d = story.desktop
    d.key('F5')
    caret_in(d, W['amount'])
    d.keys('50')
    d.sees(W['kept'])
    d.tabs_to(W['keep'])
    d.key('Down', 'space')
    d.sees(W['to_pay'])
    d.tabs_to(W['on'])
    d.key('Return')
    d.tabs_to(W['write'])
    d.key('Return')
    d.sees(W['payout'], 20)


def does_not_clear_what_is_unread(story):
    d = story.desktop
    opens(d, '清用户卡')
    d.sees(W['unread'])
    assert not [n for n in d.all('push button', W['clear']) if is_seen(n)], 'it can be cleared'


def replaces_the_card(story):
    d = story.desktop
    takes_away(d)
    d.press(W['new'])
    d.key('F4')
    d.type(W['find'], '谁也不是', 'entry')
    d.sees(W['nobody'])
    d.type(W['find'], 'wm', 'entry')
    d.sees('^吴敏$')
    d.key('Return')
    d.sees(W['carried'])
    puts(d, 2, W['blank'])
    d.tabs_to(W['take'])
    story.picture('replace-card')
    d.key('Return')
    caret_in(d, W['received'])
    d.key('Return')
    d.sees(W['dead'], 20)


def clears_the_old_card(story):
    d = story.desktop
    takes_away(d)
    opens(d, '清用户卡')
    puts(d, 1, W['replaced'])
    d.tabs_to(W['clear'])
    story.picture('clear-card')
    d.key('Return')
    d.sees(W['cleared'], 20)


def does_not_sell_anew_what_is_in_the_meter(story):
    d = story.desktop
    takes_away(d)
    puts(d, 2, r'^吴敏$')
    takes_away(d)
    d.press_until(W['insert'], W['credited'])
    d.key('F6')
    puts(d, 2, W['nothing'])
    d.sees(W['in_meter'])


def adds_a_sub_meter(story):
    d = story.desktop
    opens(d, '加装子表')
    d.sees(W['free_card'])
    d.key('alt+2')
    d.type(W['meter'], '8')
    d.find('text', '^' + W['amount']).queryEditableText().setTextContents('20')
    d.tabs_to(W['take'])
    story.picture('add-meter')
    d.key('Return')
    caret_in(d, W['received'])
    d.key('Return')
    d.sees(W['done'], 20)


def names_the_field_of_a_wrong_new_meter(story):
    d = story.desktop
    d.key('F7')
    caret_in(d, W['new_number'][1:])
    d.keys('x7')
    d.sees(W['number'])
    d.type(W['new_number'], '9')
    d.type(W['old_remaining'], '99999')
    d.sees(W['too_much'])
    assert d.text(W['new_number']) == '9', 'what was typed is lost'


def replaces_a_meter(story):
    d = story.desktop
    d.type(W['old_remaining'], '')
    d.sees(W['carried_over'])
    d.sees(W['change_fee'])
    story.picture('replace-meter')
    d.tabs_to(W['take'])
    d.key('Return')
    caret_in(d, W['received'])
    d.key('Return')
    d.sees(W['brings'], 20)


def closes_the_account(story):
    """Once the new meter has what was carried, nobody has to approve what is paid out."""
    d = story.desktop
    takes_away(d)
    d.press_until(W['insert'] + '.*9$', W['credited'])
    puts(d, 2, r'^吴敏$')
    opens(d, '销户')
    d.sees(W['to_pay'])
    d.tabs_to(W['close'])
    story.picture('close-account')
    d.key('Return')
    d.tabs_to(W['pay_close'])
    d.key('Return')
    d.sees(W['ended'], 20)


def ends(story):
    story.desktop.key('alt+Home')
    story.desktop.close()


SCENES = (opens_an_account, goes_from_purchase_to_repurchase, refuses_the_same_amount, sells_anew_and_keeps_the_rest,
          pays_out_what_goes_back, does_not_clear_what_is_unread, replaces_the_card, clears_the_old_card,
          does_not_sell_anew_what_is_in_the_meter, adds_a_sub_meter, names_the_field_of_a_wrong_new_meter, replaces_a_meter,
          closes_the_account, ends)


if __name__ == '__main__':
    sys.exit(run(SCENES, Story(sys.argv[1])))
