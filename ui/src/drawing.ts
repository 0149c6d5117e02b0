// When to draw: pictures in the window one a frame, so that the first is seen soon, others while the browser is idle.

const waiting = new Map<Element, () => void>();
const inWindow = new Set<Element>();
let framed = false;
let idling = false;

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) inWindow.add(target);
    else inWindow.delete(target);
  }
  request();
});

/** Call `draw` when `element` comes into the window, or else when there is time; return how to stop that. */
export function whenVisible(element: Element, draw: () => void): () => void {
  waiting.set(element, draw);
  observer.observe(element);
  return () => forget(element);
}

function forget(element: Element): void {
  waiting.delete(element);
  inWindow.delete(element);
  observer.unobserve(element);
}

function begin(elements: Iterable<Element>): void {
  for (const element of elements) {
    const draw = waiting.get(element);
    forget(element);
    draw?.();
    break;
  }
  request();
}

function request(): void {
  if (inWindow.size && !framed) {
    framed = true;
    requestAnimationFrame(() => {
      framed = false;
      begin(inWindow);
    });
  } else if (!inWindow.size && waiting.size && !idling) {
    idling = true;
    const idle = window.requestIdleCallback ?? ((next: () => void) => setTimeout(next, 50));
    idle(() => {
      idling = false;
      begin(waiting.keys());
    });
  }
}
