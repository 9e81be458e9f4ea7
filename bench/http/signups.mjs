/** Signups as a service sees them: mostly strangers to each other, some sharing devices, cards and addresses. */
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
];
/** Of the same browsers. */
const handshakes = [
  't13d1516h2_8daaf6152771_d8a2da3f94cd',
  't13d2014h2_a09f3c656075_e42f34c56612',
  't13d1715h2_5b57614c22b0_5c2c66f702b0',
  't13d2014h2_a09f3c656075_e42f34c56612',
];
const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Europe/Paris'];

export function signup(n, run) {
  const person = (n * 2654435761) >>> 0;
  return JSON.stringify({
    type: 'signup',
    event_id: `evt_${run}_${n}`,
    account: {
      id: `acct_${run}_${n}`,
      organization: `Company ${person % 5000}`,
      plan: 'api-paid',
      path: 'standard',
      declared_country: 'US',
    },
    ip: `${24 + (person % 60)}.${(person >>> 8) & 255}.${(person >>> 16) & 255}.${1 + (n % 250)}`,
    user_agent: agents[n % agents.length],
    accept_language: 'en-US,en;q=0.9',
    email: {
      address: `person${person}@${n % 3 === 0 ? 'gmail.com' : `company${person % 5000}.example`}`,
      verified: true,
    },
    device: {
      fingerprint: `fp_${run}_${n % 50 === 0 ? 'shared' : person}`,
      confidence: 0.9,
      platform: 'Win32',
      timezone: zones[n % 4],
      languages: ['en-US'],
      screen: '1920x1080',
      webdriver: false,
      ja4: handshakes[n % agents.length],
      form_ms: 20_000 + (person % 60_000),
    },
    payment: {
      fingerprint: `pm_${run}_${n % 40 === 0 ? 'shared' : person}`,
      bin: '45717360',
      brand: 'visa',
      funding: 'credit',
      country: 'US',
    },
  });
}
