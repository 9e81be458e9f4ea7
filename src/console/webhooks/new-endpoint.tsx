import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/client.ts';
import type { NewWebhookEndpoint } from '../api/types.ts';
import { Field, FormProblem } from '../parts/form-field.tsx';
import { allEvents, eventWords, type WebhookEvent } from './event-words.ts';

export function NewEndpoint({ onMade }: { readonly onMade: (endpoint: NewWebhookEndpoint) => void }) {
  const client = useQueryClient();
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(['case.opened', 'case.decided']);
  const make = useMutation({
    mutationFn: () => call('createWebhookEndpoint', { body: { url: url.trim(), description, events } }),
    onSuccess: (endpoint) => {
      setUrl('');
      setDescription('');
      onMade(endpoint);
      return client.invalidateQueries({ queryKey: ['webhook-endpoints'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  const choose = (event: WebhookEvent, isWanted: boolean): void =>
    setEvents(allEvents.filter((one) => (one === event ? isWanted : events.includes(one))));
  return (
    <form className="panel" aria-label="New endpoint" onSubmit={submit}>
      <Field label="Address" pointer="/url" error={make.error} hint="https, and only on the public internet.">
        {(props) => (
          <input
            {...props}
            type="url"
            required
            maxLength={2000}
            value={url}
            onChange={({ target }) => setUrl(target.value)}
          />
        )}
      </Field>
      <Field label="Description" pointer="/description" error={make.error}>
        {(props) => (
          <input
            {...props}
            maxLength={500}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
      <fieldset className="choices">
        <legend>Tell it when</legend>
        {allEvents.map((event) => (
          <label key={event}>
            <input
              type="checkbox"
              checked={events.includes(event)}
              onChange={({ target }) => choose(event, target.checked)}
            />{' '}
            {eventWords[event]} (<code>{event}</code>)
          </label>
        ))}
      </fieldset>
      <div className="row">
        <button type="submit" className="primary" disabled={make.isPending || events.length === 0}>
          Make an endpoint
        </button>
      </div>
      <FormProblem what="No endpoint" error={make.error} beside={['/url', '/description']} />
    </form>
  );
}
