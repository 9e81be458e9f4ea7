import { useState } from 'react';
import { accountIdMaxLength } from '../parts/account-id.ts';
import { Field } from '../parts/form-field.tsx';
import { AppealForm } from './appeal-form.tsx';
import { EraseForm } from './erase-form.tsx';
import { ExportForm } from './export-form.tsx';

/** What a person may ask for about itself, done by whoever answers for it. */
export default function PrivacyPage() {
  const [accountId, setAccountId] = useState('');
  const id = accountId.trim();
  return (
    <>
      <h1>Privacy</h1>
      <Field
        label="Account"
        pointer="/account_id"
        error={undefined}
        hint="Id of the account, as the signup flow has it."
      >
        {(props) => (
          <input
            {...props}
            maxLength={accountIdMaxLength}
            value={accountId}
            onChange={({ target }) => setAccountId(target.value)}
          />
        )}
      </Field>
      <ExportForm key={`export ${id}`} accountId={id} />
      <AppealForm key={`appeal ${id}`} accountId={id} />
      <EraseForm key={`erase ${id}`} accountId={id} />
    </>
  );
}
