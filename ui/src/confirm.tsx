// Ask once more before an action, in a dialog; then show that it was done, or why it failed.

import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useRenewed } from "./age";
import { problemIn, type Problem } from "./load";
import { Failure } from "./shell";

export function Confirm<T>(props: {
  opener: string; // the words of the button that opens the dialog
  title: string;
  verb: string; // the words of the button that acts
  act: () => Promise<T>;
  done: (result: T) => ComponentChildren;
  prepare?: () => Promise<unknown>; // reads what the dialog shows, while it opens
  mayAct?: boolean;
  isOnce?: boolean; // whether it cannot be done again
  children: ComponentChildren;
}) {
  const { opener, title, verb, act, done, prepare, mayAct = true, isOnce = false, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [result, finish] = useState<{ of: T } | null>(null);
  const [problem, explain] = useState<Problem | null>(null);
  const [sending, send] = useState(false);
  const isOld = useRenewed(); // a job that is shown may have ended
  const heading = useId();
  const close = () => dialog.current?.close();
  const open = () => {
    dialog.current?.showModal();
    prepare?.().catch((error: unknown) => {
      explain(problemIn(error));
      close();
    });
  };
  const confirm = async () => {
    send(true);
    try {
      finish({ of: await act() });
      explain(null);
    } catch (error) {
      explain(problemIn(error));
    }
    send(false);
    close();
  };
  return (
    <>
      <button type="button" disabled={isOld || (isOnce && result !== null)} onClick={open}>
        {opener}
      </button>
      <dialog ref={dialog} aria-labelledby={heading}>
        <h2 id={heading}>{title}</h2>
        {children}
        <div class="actions">
          <button type="button" class="primary" disabled={sending || !mayAct} onClick={() => void confirm()}>
            {verb}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </dialog>
      {problem && <Failure problem={problem} />}
      {result && <p role="status">{done(result.of)}</p>}
    </>
  );
}
