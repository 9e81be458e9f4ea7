import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useFocusBack } from './use-focus-back.ts';

interface FormDialogProps {
  /** The question it asks. */
  readonly title: string;
  /** What will be, whatever is answered. */
  readonly about: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question above the page, which holds the focus until it is answered or left. */
export function FormDialog({ title, about, isOpen, onClose, children }: FormDialogProps) {
  const focusBack = useFocusBack();
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" {...focusBack}>
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description>{about}</Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Leaves the dialog without an answer. */
export const CancelButton = () => <Dialog.Close type="button">Cancel</Dialog.Close>;
