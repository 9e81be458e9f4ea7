import type { Country } from './countries.js';
import type { Network } from './network.js';

/** Home blocks (/24) in which a country's proxy networks rent lines; their honest neighbours live there too. */
const mostBlocks = 1500;
/** Of a small country's blocks no more than this share. */
const mostShare = 0.3;

const blocksOf = ({ size }: Network): number => size / 256;

export const rentedBlockCount = ({ home }: Country): number =>
  Math.min(mostBlocks, Math.floor(mostShare * home.reduce((sum, network) => sum + blocksOf(network), 0)));

/** The `index`-th rented block, the same in every campaign: proxy networks serve everybody. */
export function rentedBlock({ home }: Country, index: number): Network {
  const network = home[index % home.length];
  if (network === undefined) throw new Error('a country without home networks');
  const block = (Math.imul(index + 1, 2_654_435_761) >>> 0) % blocksOf(network);
  return { first: network.first + block * 256, size: 256 };
}
