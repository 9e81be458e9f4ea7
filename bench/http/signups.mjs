/**
 * Signups as a service sees them: mostly strangers to each other and sure of what they are (a browser on its own system,
 * at home in the country of the card), some sharing devices and cards. Nobody comes again in a later run.
 */
const people = [
  {
    agent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    platform: 'Win32',
    handshake: 't13d1516h2_8daaf6152771_d8a2da3f94cd',
    screen: '1920x1080',
    network: 73,
  },
  {
    agent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    platform: 'MacIntel',
    handshake: 't13d2014h2_a09f3c656075_e42f34c56612',
    screen: '1512x982',
    network: 98,
  },
  {
    agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
    platform: 'Linux x86_64',
    handshake: 't13d1715h2_5b57614c22b0_5c2c66f702b0',
    screen: '2560x1440',
    network: 71,
  },
  {
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    platform: 'iPhone',
    handshake: 't13d2014h2_a09f3c656075_e42f34c56612',
    screen: '393x852',
    network: 76,
  },
];
const zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'];
const banks = ['45717360', '40000012', '52041501', '37828224', '41111145', '55555512', '42424211', '51510019'];

/** A number of 32 bits that looks like chance and is another one for each signup of each run. */
function personOf(n, run) {
  let hash = Math.imul(n + 1, 2654435761);
  for (const sign of run) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function signup(n, run) {
  const person = personOf(n, run);
  const { agent, platform, handshake, screen, network } = people[person % people.length];
  return JSON.stringify({
    type: 'signup',
    event_id: `evt_${run}_${n}`,
    account: {
      id: `acct_${run}_${n}`,
      organization: `Company ${run} ${person % 5000}`,
      plan: 'api-paid',
      path: 'standard',
      declared_country: 'US',
    },
    ip: `${network}.${(person >>> 8) & 255}.${(person >>> 16) & 255}.${1 + (n % 250)}`,
    user_agent: agent,
    accept_language: 'en-US,en;q=0.9',
    email: {
      address: `person${person}@${n % 3 === 0 ? 'gmail.com' : `company${run}${person % 5000}.example`}`,
      verified: true,
    },
    device: {
      fingerprint: `fp_${run}_${n % 50 === 0 ? 'shared' : person}`,
      confidence: 0.9,
      platform,
      timezone: zones[(person >>> 4) % zones.length],
      languages: ['en-US'],
      screen,
      webdriver: false,
      ja4: handshake,
      form_ms: 20_000 + (person % 60_000),
    },
    payment: {
      fingerprint: `pm_${run}_${n % 40 === 0 ? 'shared' : person}`,
      bin: banks[(person >>> 6) % banks.length],
      brand: 'visa',
      funding: 'credit',
      country: 'US',
    },
  });
}
