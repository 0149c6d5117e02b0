// When to draw: a picture in the window at once, others one by one while the browser is idle.

const waiting = new Map<Element, () => void>();
let requested = false;

const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) if (isIntersecting) begin(target);
  request();
});

/** Call `draw` when `element` comes into the window, or else when there is time; return how to stop that. */
export function whenVisible(element: Element, draw: () => void): () => void {
  waiting.set(element, draw);
  inView.observe(element);
  return () => forget(element);
}

function forget(element: Element): void {
  waiting.delete(element);
  inView.unobserve(element);
}

function begin(element: Element): void {
  const draw = waiting.get(element);
  forget(element);
  draw?.();
}

function request(): void {
  if (requested || !waiting.size) return;
  requested = true;
  const idle = window.requestIdleCallback ?? ((next: () => void) => setTimeout(next, 50));
  idle(() => {
    requested = false;
    const [next] = waiting.keys();
    if (next) begin(next);
    request();
  });
}
