import type { IpAttributes } from '../../signals/ip-intelligence.js';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function asnOf(value: unknown): number | undefined {
  const asn = typeof value === 'string' ? Number(value.replace(/^as/i, '')) : value;
  return typeof asn === 'number' && Number.isInteger(asn) && asn > 0 ? asn : undefined;
}

/** Databases of anonymous addresses leave out what is false: only they can say no. */
function anonymousAttributes(record: Fields): IpAttributes {
  const flag = (name: string): boolean => record[name] === true;
  return {
    isVpn: flag('is_anonymous_vpn'),
    isPublicProxy: flag('is_public_proxy'),
    isResidentialProxy: flag('is_residential_proxy'),
    isTor: flag('is_tor_exit_node'),
    isHosting: flag('is_hosting_provider'),
  };
}

const isTrue = (value: unknown): true | undefined => (value === true ? true : undefined);

/** What traits say in passing: a yes is known, silence is not a no. */
function passingAttributes(traits: Fields): IpAttributes {
  return {
    isVpn: isTrue(traits.is_anonymous_vpn),
    isPublicProxy: isTrue(traits.is_public_proxy),
    isResidentialProxy: isTrue(traits.is_residential_proxy),
    isTor: isTrue(traits.is_tor_exit_node),
    isHosting: isTrue(traits.is_hosting_provider),
  };
}

const connection = (value: unknown): boolean | undefined => {
  const type = text(value);
  return type === undefined ? undefined : type === 'Cellular';
};

/** MaxMind's shapes first, then the flat ones of other makers (`country_code`, `asn`). */
export function attributesOfRecord(value: unknown, databaseType: string): IpAttributes {
  const anonymous = /anonymous/i.test(databaseType);
  if (typeof value !== 'object' || value === null) return anonymous ? anonymousAttributes({}) : {};
  const record = fieldsOf(value);
  const traits = fieldsOf(record.traits);
  const flat = { ...record, ...traits };
  const country = fieldsOf(record.country);
  const code = text(country.iso_code) ?? text(record.country_code) ?? text(record.country);
  return {
    asn: asnOf(flat.autonomous_system_number ?? record.asn),
    asName: text(flat.autonomous_system_organization) ?? text(record.as_name),
    country: code !== undefined && /^[A-Z]{2}$/.test(code) ? code : undefined,
    isMobile: connection(flat.connection_type),
    ...(anonymous ? anonymousAttributes(record) : passingAttributes(flat)),
  };
}
