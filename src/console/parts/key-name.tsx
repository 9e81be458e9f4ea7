import { useQuery } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { CutText } from './safe-text.tsx';

const namesMs = 60_000;

/** Who did something: what their key is called, where the service knows it, else its id, which is there on hover too. */
export function KeyName({ id }: { readonly id: string }) {
  const { data } = useQuery({
    queryKey: ['keys', 'names'],
    staleTime: namesMs,
    queryFn: ({ signal }) => call('listKeyNames', { signal }),
  });
  const name = data?.data.find((key) => key.id === id)?.name;
  return (
    <span title={id}>
      <CutText text={name ?? id} limit={60} />
    </span>
  );
}
