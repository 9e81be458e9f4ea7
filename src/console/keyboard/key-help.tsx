import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { TableHead } from '../parts/table-head.tsx';
import { useFocusBack } from '../parts/use-focus-back.ts';
import { activeKeys, keysAreOn, switchKeys } from './keys.ts';

interface KeyHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What the keys do on this page, and the switch that turns them off. */
export function KeyHelp({ isOpen, onClose }: KeyHelpProps) {
  const [isOn, setOn] = useState(keysAreOn);
  const focusBack = useFocusBack();
  const change = (on: boolean): void => {
    switchKeys(on);
    setOn(on);
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined} {...focusBack}>
          <Dialog.Title>Keys</Dialog.Title>
          <table>
            <TableHead columns={['Key', 'What it does here']} />
            <tbody>
              {(isOpen ? activeKeys() : []).map(({ keys, does }) => (
                <tr key={keys}>
                  <td>
                    <kbd>{keys}</kbd>
                  </td>
                  <td>{does}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <label className="check">
            <input type="checkbox" checked={isOn} onChange={(event) => change(event.target.checked)} /> Keys are on
          </label>
          <Dialog.Close className="primary">Close</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
