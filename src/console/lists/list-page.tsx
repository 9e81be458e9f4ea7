import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { call } from '../api/client.ts';
import type { List } from '../api/types.ts';
import { More } from '../parts/more.tsx';
import { SafeText } from '../parts/safe-text.tsx';
import { Empty, NotThere, Shown } from '../parts/states.tsx';
import { AddEntry } from './add-entry.tsx';
import { AddedEntries } from './added-entries.tsx';
import { kindWords, useLists } from './lists-page.tsx';

export default function ListPage() {
  const { name = '' } = useParams<{ name: string }>();
  const lists = useLists();
  return (
    <Shown title="List" what="the list" query={lists}>
      {({ data }) => {
        const list = data.find((one) => one.name === name);
        return list === undefined ? (
          <NotThere title="There is no such list">
            There is no list <code>{name}</code>. <Link href="/lists">All lists</Link>
          </NotThere>
        ) : (
          <OneList list={list} />
        );
      }}
    </Shown>
  );
}

function OneList({ list }: { readonly list: List }) {
  const added = useEntries(list.name, 'service');
  return (
    <>
      <h1>
        List <code>{list.name}</code>
      </h1>
      <p>
        {list.size} {list.size === 1 ? 'entry' : 'entries'} ({kindWords[list.kind]})
        {list.source !== '' && `, from ${list.source}`}
        {list.date !== '' && `, as of ${list.date}`}.{' '}
        {list.four_eyes && 'Accounts are let through by it: what one person adds, another has to confirm.'}
      </p>
      <AddEntry list={list} />
      <h2>Added here</h2>
      <Shown what="what was added" query={added}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data);
          return entries.length === 0 ? (
            <Empty>Nothing was added to it.</Empty>
          ) : (
            <AddedEntries list={list.name} entries={entries} />
          );
        }}
      </Shown>
      <More query={added} />
      {list.file !== null && <FileEntries list={list.name} file={list.file} />}
    </>
  );
}

const useEntries = (list: string, from: 'service' | 'file') =>
  useInfiniteQuery({
    queryKey: ['list-entries', list, from],
    initialPageParam: '',
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listListEntries', { params: { name: list }, query: { from, limit: 100, cursor }, signal }),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** To read only: they are changed in Git. */
function FileEntries({ list, file }: { readonly list: string; readonly file: string }) {
  const entries = useEntries(list, 'file');
  return (
    <section aria-labelledby="in-file">
      <h2 id="in-file">
        In <code>{file}</code>
      </h2>
      <p className="hint">Changed in Git, like rules.</p>
      <Shown what="the file" query={entries}>
        {({ pages }) => {
          const found = pages.flatMap(({ data }) => data);
          return found.length === 0 ? (
            <Empty>The file is empty.</Empty>
          ) : (
            <ul className="chips">
              {found.map(({ value, line }) => (
                <li key={`${line} ${value}`} title={`line ${line}`}>
                  <SafeText text={value} limit={80} />
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
      <More query={entries} />
    </section>
  );
}
