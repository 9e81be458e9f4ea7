import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { call } from '../api/client.ts';
import type { List } from '../api/types.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { TableHead } from '../parts/table-head.tsx';

export const useLists = () => useQuery({ queryKey: ['lists'], queryFn: ({ signal }) => call('listLists', { signal }) });

/** What each kind of list holds. */
export const kindWords: Readonly<Record<List['kind'], string>> = {
  value: 'values',
  cidr: 'addresses and ranges',
  asn: 'network numbers',
};

export default function ListsPage() {
  const lists = useLists();
  return (
    <>
      <h1>Lists</h1>
      <Shown what="the lists" query={lists}>
        {({ data }) =>
          data.length === 0 ? <Empty>Neither rules nor signals read a list.</Empty> : <Table lists={data} />
        }
      </Shown>
    </>
  );
}

function Table({ lists }: { readonly lists: readonly List[] }) {
  return (
    <div className="scroll">
      <table>
        <TableHead
          columns={['List', 'Holds', 'Entries', 'Added here', 'Wait', 'Source', 'As of', 'Rules that read it']}
        />
        <tbody>
          {lists.map((list) => (
            <tr key={list.name}>
              <td>
                <Link href={`/lists/${list.name}`}>{list.name}</Link>
              </td>
              <td>{kindWords[list.kind]}</td>
              <td>{list.size}</td>
              <td>{list.added}</td>
              <td>{list.pending === 0 ? '' : `${list.pending} to confirm`}</td>
              <td>{list.source}</td>
              <td>{list.date}</td>
              <td>{list.read_by.length === 0 ? 'none directly' : list.read_by.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
