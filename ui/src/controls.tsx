// Labelled fields, and values of the page that are kept in its address.

import { useCallback, useState } from "preact/hooks";

export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly T[];
  choose: (value: T) => void;
  title?: (value: T) => string;
}) {
  const { label, value, options, choose, title = (option) => option } = props;
  return (
    <label class="field">
      {label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {title(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Keep a value in the address, so that a link or a reload shows the same. */
export function useAddress(name: string, otherwise: string): [string, (value: string) => void] {
  const [value, set] = useState(() => new URLSearchParams(location.search).get(name) ?? otherwise);
  const change = useCallback(
    (next: string) => {
      const query = new URLSearchParams(location.search);
      query.set(name, next);
      history.replaceState(null, "", `?${query}`);
      set(next);
    },
    [name],
  );
  return [value, change];
}

/** Keep in the address which of `names` is shown: `otherwise`, unless another is chosen. */
export function useChosen<T extends string>(
  name: string,
  names: readonly T[],
  otherwise: T = names[0]!,
): [T, (value: string) => void] {
  const [asked, ask] = useAddress(name, otherwise);
  return [names.find((each) => each === asked) ?? otherwise, ask];
}

export function Fact(props: { name: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

/** Let the browser save `text` as a file. */
export function download(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
