import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { hasDomain } from '../../lists/named-lists.js';
import type { NamedList } from '../../model/list.js';
import { rememberAnswers } from '../../model/remember-answers.js';
import type { MailDomains } from '../../signals/signal-context.js';
import { mostDomains } from './domains.js';

/** The large providers; `free_mail.txt` adds to them. */
const freeMail = new Set(
  'gmail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net web.de mail.com mail.ru yandex.com yandex.ru qq.com 163.com 126.com sina.com naver.com daum.net zoho.com tutanota.com fastmail.com freenet.de t-online.de orange.fr libero.it seznam.cz wp.pl o2.pl hotmail.co.uk hotmail.fr yahoo.co.uk yahoo.co.jp yahoo.fr yahoo.co.in outlook.fr outlook.de'.split(
    ' ',
  ),
);

/** Services that forward to a mailbox they keep secret; `relay_mail.txt` adds to them. */
const relayMail = new Set(
  'privaterelay.appleid.com mozmail.com duck.com simplelogin.com simplelogin.co slmails.com aleeas.com anonaddy.com anonaddy.me addy.io passmail.net'.split(
    ' ',
  ),
);

let disposableDomains: ReadonlySet<string> | undefined;

/** The package makes its set of tens of thousands anew for each who asks: milliseconds at every change of the rules. */
function disposableByPackage(): ReadonlySet<string> {
  disposableDomains ??= disposableEmailBlocklistSet();
  return disposableDomains;
}

/** Built-in knowledge and the rule set's lists `free_mail`, `disposable_domains` and `relay_mail`, parents looked up. */
export function createMailDomains(lists: ReadonlyMap<string, NamedList>): MailDomains {
  const known = (own: ReadonlySet<string>, listName: string) => {
    const list = lists.get(listName);
    const has = (value: unknown) => typeof value === 'string' && own.has(value);
    return (domain: string) => hasDomain({ has }, domain) || (list !== undefined && hasDomain(list, domain));
  };
  const isFree = known(freeMail, 'free_mail');
  const isDisposable = known(disposableByPackage(), 'disposable_domains');
  const isRelay = known(relayMail, 'relay_mail');
  /** Remembered together: whoever asks for one of them asks for all. */
  const factsOf = rememberAnswers(
    (domain) => ({ isFree: isFree(domain), isDisposable: isDisposable(domain), isRelay: isRelay(domain) }),
    mostDomains,
  );
  return {
    isFree: (domain) => factsOf(domain).isFree,
    isDisposable: (domain) => factsOf(domain).isDisposable,
    isRelay: (domain) => factsOf(domain).isRelay,
  };
}
