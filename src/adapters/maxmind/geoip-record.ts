import { AddressNotFoundError, Reader } from '@maxmind/geoip2-node';

type GeoIpReader = ReturnType<typeof Reader.openBuffer>;
type ReadRecord = (address: string) => unknown;

/** How each type of MaxMind's own databases is asked; the library checks the type by its name. */
const methods: readonly (readonly [RegExp, (reader: GeoIpReader, address: string) => object])[] = [
  [/Anonymous-Plus/, (reader, address) => reader.anonymousPlus(address)],
  [/Anonymous-IP/, (reader, address) => reader.anonymousIP(address)],
  [/Enterprise/, (reader, address) => reader.enterprise(address)],
  [/City/, (reader, address) => reader.city(address)],
  [/Country/, (reader, address) => reader.country(address)],
  [/Connection-Type/, (reader, address) => reader.connectionType(address)],
  [/ISP/, (reader, address) => reader.isp(address)],
  [/ASN/, (reader, address) => reader.asn(address)],
];

/** Undefined when the database is none of MaxMind's types: then it is read as it is. */
export function geoIpRecords(content: Buffer, type: string): ReadRecord | undefined {
  const ask = /^Geo(IP|Lite)/.test(type) ? methods.find(([name]) => name.test(type))?.[1] : undefined;
  if (ask === undefined) return undefined;
  const reader = Reader.openBuffer(content);
  return (address) => {
    try {
      return snakeCased(ask(reader, address), 2);
    } catch (error) {
      if (error instanceof AddressNotFoundError) return null;
      throw error;
    }
  };
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The library's camel case back to the names of the file format, as deep as attributes are read. */
function snakeCased(value: object, depth: number): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      snake(name),
      depth > 1 && typeof field === 'object' && field !== null ? snakeCased(field, depth - 1) : field,
    ]),
  );
}
